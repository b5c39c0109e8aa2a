package io.skyroll.sinks.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.dataset.FileRule;
import io.skyroll.sinks.dataset.FolderFile;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.publish.DatasetManifest;
import io.skyroll.sinks.publish.DatasetManifestWriter;
import io.skyroll.sinks.publish.DatasetSettings;
import io.skyroll.sinks.publish.DatasetVersionDirectory;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.Step;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.storage.LocalStore;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetVerificationTest {
    private static final DatasetLayout FOLDERS = new DatasetLayout.OnSky(2, List.of(FolderRule.parse("value")), false);
    private static final DatasetLayout SINGLE = new DatasetLayout.OnSky(2, List.of(), true);
    private static final DatasetLayout HASHED = new DatasetLayout.ByKey(2, List.of(FolderRule.parse("value")), false);
    private static final DatasetLayout HASHED_SINGLE = new DatasetLayout.ByKey(2, List.of(), true);
    private static final Position CUT = new Position(1, 1, 0);
    private static final String VERSION = "stars_g1_v000001";

    @TempDir
    private Path directory = Path.of("");

    private List<DatasetManifest> manifests = List.of();
    private int names;

    @Test
    void goodDatasetsAreClean() throws IOException {
        Report folders = Verification.of(published("folders", FOLDERS, 10));
        assertThat(folders.findings()).isEmpty();
        assertThat(folders.checks().stream().map(CheckResult::kind))
                .containsExactly(
                        Kind.COLLECTION,
                        Kind.PROPERTIES,
                        Kind.FILES,
                        Kind.SCHEMA,
                        Kind.FOLDERS,
                        Kind.ROWS,
                        Kind.ORDER,
                        Kind.UNIQUE,
                        Kind.CHAIN);
        assertThat(folders.checks())
                .filteredOn(check -> check.kind() == Kind.ROWS)
                .singleElement()
                .satisfies(check -> assertThat(check.lookedAt()).isEqualTo("16 rows"));
        assertThat(Verification.of(published("single", SINGLE, 10)).findings()).isEmpty();
    }

    @Test
    void goodDatasetsWithoutPlacesOnTheSkyAreClean() throws IOException {
        Store store = published("hashed", HASHED, 10);
        Report report = Verification.of(store);
        assertThat(report.findings()).isEmpty();
        assertThat(report.checks())
                .filteredOn(check -> check.kind() == Kind.ROWS)
                .singleElement()
                .satisfies(check -> assertThat(check.lookedAt()).isEqualTo("16 rows"));
        try (TableFile file =
                TableFile.open(store, manifests.get(0).files().get(0).file())) {
            assertThat(file.columns()).containsExactly("optional int64 id");
        }
        assertThat(new String(store.read(VERSION + "/_version.properties").orElseThrow(), StandardCharsets.UTF_8))
                .contains("\norder=hash of the key\n");
        assertThat(Verification.of(published("hashed_single", HASHED_SINGLE, 10))
                        .findings())
                .isEmpty();
        assertThat(Verification.of(published("hashed_doubles", HASHED, 7)).findings())
                .hasSize(2);
    }

    @Test
    void rowGroupThatSaysWrongPlacesIsFound() throws IOException {
        Store store = published("lost", HASHED, 10);
        String file = manifests.get(0).files().get(0).file();
        // One byte for one: texts can be changed.
        String text = new String(store.read(file).orElseThrow(), StandardCharsets.ISO_8859_1);
        int digit = text.indexOf("skyroll.last_place") + "skyroll.last_place".length() + 3;
        char other = text.charAt(digit) == '1' ? '2' : '1';
        byte[] damaged =
                (text.substring(0, digit) + other + text.substring(digit + 1)).getBytes(StandardCharsets.ISO_8859_1);
        store.replace(file, damaged);
        store.delete(VERSION + "/" + manifests.get(0).files().get(0).path());
        store.linkOrCopy(file, VERSION + "/" + manifests.get(0).files().get(0).path());

        assertThat(Verification.of(store).findings().map(DatasetVerificationTest::text))
                .anySatisfy(finding -> assertThat(finding)
                        .startsWith("ORDER ")
                        .contains("row group 0: its rows are at ")
                        .endsWith("so that changes would not find them"));
    }

    @Test
    void keyInTwoFilesIsFound() throws IOException {
        // Partition 1 begins with the last key of partition 0.
        Report report = Verification.of(published("doubles", FOLDERS, 7));

        assertThat(report.findings()).hasSize(2).allSatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.UNIQUE);
            assertThat(finding.message()).contains("another row has the key of row");
        });
    }

    @Test
    void fileInAnotherFolderAndFilesThatAreGoneOrStrayAreFound() throws IOException {
        Store store = published("moved", FOLDERS, 10);
        FolderFile file = manifests.get(0).files().get(0);
        String moved =
                VERSION + "/value=1/" + file.path().substring(file.folder().length() + 1);
        store.linkOrCopy(VERSION + "/" + file.path(), moved);
        store.delete(VERSION + "/" + file.path());

        assertThat(Verification.of(store).findings().map(DatasetVerificationTest::text))
                .contains(
                        "FILES %s/%s: it is missing".formatted(VERSION, file.path()),
                        "FILES %s: it does not belong here".formatted(moved),
                        "FOLDERS %s/%s: it is missing".formatted(VERSION, file.path()));
    }

    @Test
    void rowsInTheWrongFolderOrOfAnotherNumberAreFound() throws IOException {
        Store store = published("swapped", FOLDERS, 10);
        Manifest former = manifests.get(0);
        List<FolderFile> files = manifests.get(0).files();
        List<FolderFile> wrong = new ArrayList<>(files);
        FolderFile first = files.get(0);
        wrong.set(
                0,
                new FolderFile(
                        first.folder(),
                        files.get(1).values(),
                        first.begun(),
                        first.rows() + 1,
                        first.groups(),
                        first.rawBytes(),
                        first.bytes(),
                        first.sha256(),
                        first.file()));
        store.delete("_skyroll/manifests/1/1/0");
        new Chain(store)
                .create(new DatasetManifest(
                        1,
                        1,
                        0,
                        former.cut(),
                        former.cutTime(),
                        "s",
                        0,
                        former.schemaId(),
                        former.schema(),
                        former.rowsIn(),
                        former.rejects(),
                        former.work(),
                        wrong));

        assertThat(Verification.of(store).findings().map(DatasetVerificationTest::text))
                .contains(
                        "FOLDERS %s/%s: a row belongs in value=1, not in value=0".formatted(VERSION, first.path()),
                        "ROWS %s/%s: it must have 5 rows, says the chain: 4".formatted(VERSION, first.path()),
                        "PROPERTIES %s/_version.properties: rows must be 17, says the chain: '16'".formatted(VERSION));
    }

    @Test
    void damagedFilesAndPointersAreFound() throws IOException {
        Store store = published("damaged", FOLDERS, 10);
        String file = manifests.get(1).files().get(0).file();
        store.replace(file, new byte[] {1});
        store.alias(DatasetProperties.CURRENT, "_skyroll");

        assertThat(Verification.of(store).findings().map(DatasetVerificationTest::text))
                .contains("COLLECTION current: it must lead to %s: _skyroll".formatted(VERSION))
                .anySatisfy(text -> assertThat(text).startsWith("CHAIN %s: it must have".formatted(file)));

        store.replace(DatasetProperties.POINTER, "version=stars_g1_v000009\n".getBytes(StandardCharsets.UTF_8));
        assertThat(Verification.of(store).findings().map(DatasetVerificationTest::text))
                .contains("COLLECTION current.properties: it names stars_g1_v000009, a version that is not committed")
                .anySatisfy(text -> assertThat(text).startsWith("CHAIN current.properties: it must name Version"));
    }

    @Test
    void singleFileThatIsNoCopyIsFound() throws IOException {
        Store store = published("stale", SINGLE, 10);
        store.replace("stars.parquet", new byte[] {1});

        assertThat(Verification.of(store).findings().map(DatasetVerificationTest::text))
                .containsExactly("COLLECTION stars.parquet: it must be a copy of %s/stars.parquet".formatted(VERSION));
    }

    private static String text(Finding finding) {
        return "%s %s: %s".formatted(finding.kind(), finding.file(), finding.message());
    }

    /** A version of two partitions of eight rows; the keys of the second begin with a given one. */
    private Store published(String name, DatasetLayout layout, int firstKey) throws IOException {
        Store store = new LocalStore(directory.resolve(name));
        Chain chain = new Chain(store);
        Generation generation = new Generation(1, "t.sky", "topic", "cluster", layout);
        Version version = new Version(1, 1, CUT, Instant.EPOCH);
        Step step = new Step(1, CUT);
        chain.create(generation);
        chain.create(1, step);
        DatasetSettings settings = new DatasetSettings("stars", "skyroll v0", 2, FileRule.oneFile(3, 1 << 20), 1 << 20);
        DatasetManifestWriter writer = new DatasetManifestWriter(
                store,
                new Registry(),
                settings,
                (rows, constants) -> ParquetLeaves.ofDataset(rows, constants, layout.hasSky()),
                () -> "x" + names++);
        List<Manifest> written = new ArrayList<>();
        KeyPlace places = new KeyPlace(Star.KEYED);
        for (int partition = 0; partition < 2; partition++) {
            Segment segment = new Segment();
            for (int i = 0; i < 8; i++) {
                Star star = new Star(i, (long) partition * firstKey + i, i % 2);
                star = layout.hasSky()
                        ? star
                        : new Star(places.of(star.row(), WireFormat.PREFIX_BYTES), star.id(), star.value());
                star.addTo(segment, CUT);
            }
            Frozen frozen = new Frozen(
                    CUT, Instant.EPOCH, Optional.empty(), List.of(segment), 16, Map.of(), Star.ROW_ID, "s", 0);
            written.add(writer.write(generation, step, partition, Optional.empty(), frozen));
            chain.create(written.get(partition));
        }
        manifests = DatasetManifest.of(written);
        chain.create(version);
        DatasetVersionDirectory versions = new DatasetVersionDirectory(
                store,
                settings,
                (rows, constants) -> ParquetLeaves.ofDataset(rows, constants, layout.hasSky()),
                (rows, leftOut) -> ParquetLeaves.commonMetadata(rows, leftOut, layout.hasSky()));
        versions.assemble(generation, version, written);
        versions.point(version);
        return store;
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
