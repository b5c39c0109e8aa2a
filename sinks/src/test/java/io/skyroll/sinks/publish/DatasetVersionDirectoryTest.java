package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.dataset.FileRule;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.storage.InMemoryStore;
import io.skyroll.sinks.storage.LocalStore;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetVersionDirectoryTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final DatasetLayout FOLDERS = new DatasetLayout.OnSky(2, List.of(FolderRule.parse("value")), false);
    private static final DatasetLayout SINGLE = new DatasetLayout.OnSky(2, List.of(), true);

    @TempDir
    private Path directory = Path.of("");

    private int names;

    @Test
    void foldersOfAllPartitionsAreLinkedAndTheVersionsNameLeadsToThem() throws IOException {
        Store store = new LocalStore(directory);
        DatasetVersionDirectory versions = versions(store);
        Generation generation = generation(FOLDERS);
        List<Manifest> manifests = manifests(store, generation, 1);

        versions.assemble(generation, version(1), manifests);
        assertThat(versions.pointed()).isEmpty();
        versions.point(version(1));

        assertThat(versions.pointed()).isEqualTo("stars_g1_v000001");
        assertThat(DatasetManifest.of(manifests)).allSatisfy(manifest -> {
            assertThat(manifest.files()).hasSize(2);
            assertThat(manifest.files())
                    .allSatisfy(file -> assertThat(directory.resolve("current").resolve(file.path()))
                            .hasSameBinaryContentAs(directory.resolve(file.file())));
        });
        assertThat(columns(store, "current/_common_metadata"))
                .containsExactly("optional int64 _healpix_29", "optional int64 id");
        assertThat(Files.readString(directory.resolve("current/_version.properties")))
                .isEqualTo(
                        """
                        #Skyroll dataset
                        builder=skyroll v0
                        bytes=%d
                        created=1970-01-01T00:00:00Z
                        files=4
                        generation=1
                        name=stars
                        position=1:0/1:0
                        position_time=2026-01-02T03:04:05.678901Z
                        rejects=faint=3
                        rows=8
                        rows_in=4
                        topic_offsets=0=0 1=0
                        version=1
                        work=%s
                        """
                                .formatted(
                                        manifests.stream()
                                                .mapToLong(Manifest::bytes)
                                                .sum(),
                                        Manifest.work(manifests).orElseThrow().properties()));
    }

    @Test
    void singleFileHasTheRowsOfAllPartitionsUnderANameThatStays() throws IOException {
        for (Store store : List.of(new InMemoryStore(), new LocalStore(directory))) {
            DatasetVersionDirectory versions = versions(store);
            Generation generation = generation(SINGLE);
            versions.assemble(generation, version(1), manifests(store, generation, 1));
            versions.point(version(1));
            assertThat(rows(store, "stars.parquet")).isEqualTo(8);

            versions.assemble(generation, version(2), manifests(store, generation, 2));
            versions.point(version(2));

            assertThat(rows(store, "stars.parquet")).isEqualTo(16);
            assertThat(rows(store, "stars_g1_v000001/stars.parquet")).isEqualTo(8);
            assertThat(versions.pointed()).isEqualTo("stars_g1_v000002");
        }
    }

    @Test
    void versionWithoutRowsIsAFileToo() throws IOException {
        Store store = new InMemoryStore();
        Generation generation = generation(SINGLE);
        versions(store).assemble(generation, version(1), manifests(store, generation, 0));
        versions(store).point(version(1));

        assertThat(rows(store, "stars.parquet")).isZero();
        assertThat(columns(store, "stars.parquet")).hasSize(3);
    }

    @Test
    void whatAnOvertakenProcessHasWrittenIsFoundOut() throws IOException {
        for (Store store : List.of(new InMemoryStore(), new LocalStore(directory))) {
            DatasetVersionDirectory versions = versions(store);
            Generation generation = generation(SINGLE);
            for (int number = 1; number <= 2; number++) {
                versions.assemble(generation, version(number), manifests(store, generation, number));
                versions.point(version(number));
            }
            byte[] pointer = store.read(DatasetProperties.POINTER).orElseThrow();

            versions.point(version(1));
            store.replace(DatasetProperties.POINTER, pointer);
            assertThat(versions.pointed()).isEmpty();

            versions.point(version(2));
            assertThat(versions.pointed()).isEqualTo("stars_g1_v000002");
        }
    }

    @Test
    void overtakenNameOfFoldersIsFoundOutToo() throws IOException {
        Store store = new LocalStore(directory);
        DatasetVersionDirectory versions = versions(store);
        Generation generation = generation(FOLDERS);
        for (int number = 1; number <= 2; number++) {
            versions.assemble(generation, version(number), manifests(store, generation, number));
            versions.point(version(number));
        }

        store.alias("current", "stars_g1_v000001");
        assertThat(versions.pointed()).isEmpty();

        versions.point(version(2));
        assertThat(versions.pointed()).isEqualTo("stars_g1_v000002");
    }

    private static DatasetVersionDirectory versions(Store store) {
        return new DatasetVersionDirectory(
                store,
                settings(),
                (rows, constants) -> ParquetLeaves.ofDataset(rows, constants, true),
                (rows, leftOut) -> ParquetLeaves.commonMetadata(rows, leftOut, true));
    }

    private static DatasetSettings settings() {
        return new DatasetSettings(
                "stars",
                "skyroll v0",
                2,
                new FileRule(100, 1 << 20, Long.MAX_VALUE, Long.MAX_VALUE, Duration.ZERO),
                1 << 20);
    }

    private static Generation generation(Layout layout) {
        return new Generation(1, "t.sky", "topic", "cluster", layout);
    }

    private static Version version(int number) {
        return new Version(1, number, new Position(1, number, 0), Instant.EPOCH);
    }

    /** Two partitions with four rows for each of some steps, half of them of value 0 and half of 1. */
    private List<Manifest> manifests(Store store, Generation generation, int steps) throws IOException {
        DatasetManifestWriter writer = new DatasetManifestWriter(
                store,
                new Registry(),
                settings(),
                (rows, constants) -> ParquetLeaves.ofDataset(rows, constants, true),
                () -> "x" + names++);
        List<Manifest> manifests = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            Segment segment = new Segment();
            for (int i = 0; i < 4 * steps; i++) {
                new Star(i, 10L * partition + i, i % 2).addTo(segment, new Position(1, 1, 1));
            }
            Frozen frozen = new Frozen(
                    new Position(1, 1, 0),
                    TIME,
                    Optional.empty(),
                    List.of(segment),
                    4,
                    Map.of("faint", 3L),
                    Star.ROW_ID,
                    "s",
                    0);
            Step step = new Step(Math.max(1, steps), new Position(1, 1, 0));
            manifests.add(writer.write(generation, step, partition, Optional.empty(), frozen));
        }
        return manifests;
    }

    private static long rows(Store store, String path) throws IOException {
        try (TableFile file = TableFile.open(store, path)) {
            return file.rows();
        }
    }

    private static List<String> columns(Store store, String path) throws IOException {
        try (TableFile file = TableFile.open(store, path)) {
            return file.columns();
        }
    }

    private static final class Registry implements SchemaRegistry {
        @Override
        public int register(String subject, Schema schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Schema schema(int id) {
            return Star.KEYED.toAvro();
        }
    }
}
