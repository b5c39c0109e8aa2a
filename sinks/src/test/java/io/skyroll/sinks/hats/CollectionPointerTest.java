package io.skyroll.sinks.hats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CollectionPointerTest {
    private static final Instant NOON = Instant.parse("2026-07-15T12:00:30Z");

    @Test
    void theTextHasOnlyKeysThatReadersAccept() {
        CollectionPointer pointer = new CollectionPointer(
                "det", "det_v3", List.of("det_v3_5arcs", "det_v3_10arcs"), Map.of(), "skyroll v0.1.0", NOON);

        assertThat(new String(pointer.toBytes(), UTF_8))
                .isEqualTo(
                        """
                        #HATS Collection
                        obs_collection=det
                        hats_primary_table_url=det_v3
                        all_margins=det_v3_5arcs det_v3_10arcs
                        default_margin=det_v3_5arcs
                        hats_builder=skyroll v0.1.0
                        hats_creation_date=2026-07-15T12:00UTC
                        """);
        assertThat(CollectionPointer.parse(pointer.toBytes())).isEqualTo(pointer);
    }

    @Test
    void withoutMarginsThereAreNoKeysForThem() {
        CollectionPointer pointer = new CollectionPointer("det", "det_v3", List.of(), Map.of(), "skyroll v0.1.0", NOON);

        assertThat(new String(pointer.toBytes(), UTF_8)).doesNotContain("margin");
        assertThat(CollectionPointer.parse(pointer.toBytes())).isEqualTo(pointer);
    }

    @Test
    void indexesAreNamedByTheirColumns() {
        Map<String, String> indexes = new LinkedHashMap<>();
        indexes.put("hip", "det_v3_index_hip");
        indexes.put("gaia_id", "det_v3_index_gaia_id");
        CollectionPointer pointer = new CollectionPointer("det", "det_v3", List.of(), indexes, "skyroll v0.1.0", NOON);

        assertThat(new String(pointer.toBytes(), UTF_8))
                .contains("\nall_indexes=hip det_v3_index_hip gaia_id det_v3_index_gaia_id\ndefault_index=hip\n");
        assertThat(CollectionPointer.parse(pointer.toBytes())).isEqualTo(pointer);
        assertThat(CollectionPointer.parse(pointer.toBytes()).indexes().keySet())
                .containsExactly("hip", "gaia_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/b", "a b", "a;b", "a,b", ""})
    void aDirectoryThatReadersWouldNotFindIsRefused(String directory) {
        assertThatThrownBy(() -> new CollectionPointer("det", directory, List.of(), Map.of(), "skyroll v0.1.0", NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("primary catalog must be ");
    }

    @Test
    void aTextThatNamesNoCatalogIsRefused() {
        assertThatThrownBy(() -> CollectionPointer.parse("obs_collection=det\n".getBytes(UTF_8)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("collection.properties has no hats_primary_table_url");
    }
}
