package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogProperties;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.DataProduct;
import io.skyroll.sinks.hats.OrderMaxima;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HatsVersionDirectoryTest {
    private static final int ORDER = 3;
    private static final Position CUT = new Position(1, 0x16B3748L, 0);
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");

    private final InMemoryStore store = new InMemoryStore();
    private final HatsVersionDirectory directory = new HatsVersionDirectory(
            store,
            new CatalogSettings("stars", DataProduct.OBJECT, "ra", "dec", "skyroll v0", 2, CatalogExtras.NONE),
            Path.of(""),
            schema -> new ParquetLeaves(schema).commonMetadata());
    private final Generation generation =
            new Generation(1, "t.sky", "topic", "cluster", new SkyLayout(2, 0, ORDER, 5, false, 2, 0));
    private final Version version = new Version(1, 7, CUT, Instant.parse("2026-01-02T03:04:06Z"));

    @Test
    void propertiesSayWhatTheVersionIsOf() throws IOException {
        directory.assemble(
                generation,
                version,
                List.of(manifest(0, 1, 2, Map.of("faint", 1L)), manifest(1, 9, 2, Map.of("faint", 1L))));

        CatalogProperties properties = properties();
        assertThat(properties.size().rows()).isEqualTo(2);
        assertThat(properties.extra())
                .containsEntry("skyroll_generation", "1")
                .containsEntry("skyroll_version", "7")
                .containsEntry("skyroll_position", "1:0/16B3748:0")
                .containsEntry("skyroll_position_time", "2026-01-02T03:04:05.678901Z")
                .containsEntry("skyroll_topic_offsets", "0=100 1=101")
                .containsEntry("skyroll_rows_in", "2")
                .containsEntry(
                        "skyroll_work",
                        "changes=20 change_bytes=200 groups_decoded=2 groups_copied=4 bytes_copied=600 bytes_written=900 files_written=2 files_kept=4 write_amplification=4.5")
                .containsEntry("skyroll_rejects", "faint=1");
        assertThat(store.read("stars_g1_v000007/" + CatalogLayout.PROPERTIES))
                .hasValueSatisfying(bytes -> assertThat(bytes)
                        .isEqualTo(store.read("stars_g1_v000007/" + CatalogLayout.HATS_PROPERTIES)
                                .orElseThrow()));
        assertThat(store.read("stars_g1_v000007/" + CatalogLayout.leafPath(new Pixel(0, 9))))
                .isPresent();
        assertThat(directory.pointed()).isEmpty();
        directory.point(version);
        assertThat(directory.pointed()).isEqualTo("stars_g1_v000007");
    }

    @Test
    void versionWithoutRowsIsACatalogToo() throws IOException {
        directory.assemble(generation, version, List.of(manifest(0, -1, 0, Map.of()), manifest(1, -1, 0, Map.of())));

        assertThat(properties().size().rows()).isZero();
        assertThat(properties().extra()).doesNotContainKey("skyroll_rejects");
    }

    @Test
    void assemblingTwiceGivesTheSame() throws IOException {
        List<Manifest> manifests = List.of(manifest(0, 1, 1, Map.of()), manifest(1, -1, 1, Map.of()));
        directory.assemble(generation, version, manifests);
        CatalogProperties first = properties();

        directory.assemble(generation, version, manifests);

        assertThat(properties()).isEqualTo(first);
    }

    @Test
    void partitionsThatDisagreeAreADefect() throws IOException {
        Manifest one = manifest(0, 1, 2, Map.of("faint", 1L));
        for (Manifest other : List.of(manifest(1, 9, 2, Map.of("faint", 2L)), manifest(1, 9, 3, Map.of("faint", 1L)))) {
            assertThatThrownBy(() -> directory.assemble(generation, version, List.of(one, other)))
                    .isInstanceOfSatisfying(SkyrollException.class, defect -> assertThat(defect.kind())
                            .isEqualTo(FailureKind.DEFECT))
                    .hasMessage(
                            "version 7: partitions 0 and 1 disagree on the row schema or on the number of rows read or rejected");
            assertThat(store.read("stars_g1_v000007/" + CatalogLayout.PROPERTIES))
                    .isEmpty();
        }
    }

    /** A manifest with one row in a base cell, or none. */
    private Manifest manifest(int partition, int baseCell, long rowsIn, Map<String, Long> rejects) throws IOException {
        CellCounts.Builder builder = CellCounts.builder(ORDER);
        if (baseCell >= 0) {
            builder.addHealpix29(new Pixel(0, baseCell).first29());
        }
        CellCounts counts = builder.build();
        String file = Chain.POOL + "/p" + partition;
        store.replace(file + ".counts", counts.encode());
        store.replace(file + ".parquet", new byte[] {1});
        Leaf leaf = new Leaf(
                new Pixel(0, Math.max(baseCell, 0)),
                new Pixel(0, Math.max(baseCell, 0)),
                1,
                1,
                1,
                "",
                file + ".parquet",
                Optional.empty());
        return new SkyManifest(
                1,
                7,
                partition,
                CUT,
                TIME,
                "s",
                100 + partition,
                Star.ROW_ID,
                Star.KEYED.toAvro().toString(),
                rowsIn,
                rejects,
                counts.total(),
                file + ".counts",
                OrderMaxima.of(counts, 0).rows(),
                Optional.of(new StepWork(10, 100, 1, 2, 300, 450, 1, 2)),
                baseCell < 0 ? List.of() : List.of(leaf));
    }

    private CatalogProperties properties() throws IOException {
        return CatalogProperties.parse(
                store.read("stars_g1_v000007/" + CatalogLayout.HATS_PROPERTIES).orElseThrow());
    }
}
