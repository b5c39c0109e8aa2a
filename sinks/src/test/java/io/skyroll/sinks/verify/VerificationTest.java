package io.skyroll.sinks.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.catalog.Choice;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.Skymaps;
import io.skyroll.sinks.publish.SmallSkyCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plants one defect after the other in a good catalog, made by the sinks' own code, and looks whether it is found and named. */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VerificationTest {
    private static final String KEY = "_healpix_29";
    private static final int ROWS = 4_000;
    private static final CatalogExtras EXTRAS = new CatalogExtras(
            Choice.TRUE, true, 5, List.of("object_id", "band"), new Skymaps(Optional.of(5), List.of(2)), Choice.FALSE);

    private Path good = Path.of("");
    private String version = "";
    private String former = "";

    @BeforeAll
    void publish(@TempDir Path directory) throws IOException {
        good = directory;
        List<String> rows = SmallSkyCatalog.rows().subList(0, ROWS);
        SmallSkyCatalog catalog = new SmallSkyCatalog(good, true, EXTRAS);
        catalog.publish(rows.subList(0, ROWS / 2), 1);
        former = catalog.version();
        catalog.publish(rows.subList(ROWS / 2, ROWS), 2);
        version = catalog.version();
    }

    /** Returns the file that a finding must name. */
    private interface Plant {
        String in(CatalogCopy copy) throws Exception;
    }

    private record Defect(String name, Kind kind, Plant plant) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void aGoodCatalogHasNoDefect(@TempDir Path directory) throws Exception {
        Report report = CatalogCopy.of(good, version, directory.resolve("copy")).verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.isClean()).isTrue();
        Set<Kind> kinds = report.checks().stream().map(CheckResult::kind).collect(Collectors.toSet());
        assertThat(kinds).isEqualTo(EnumSet.complementOf(EnumSet.of(Kind.FOLDERS, Kind.UNIQUE)));
        assertThat(report.checks())
                .anySatisfy(check -> assertThat(check.lookedAt()).contains("4,000 rows in all leaves"));
    }

    @Test
    void aSinkThatRunsHasAMomentToPointReadersToWhatWasCommitted(@TempDir Path directory) throws Exception {
        CatalogCopy copy = CatalogCopy.of(good, version, directory.resolve("copy"));
        Path pointer = copy.root().resolve("collection.properties");
        Path wanted = Files.copy(pointer, directory.resolve("wanted"));
        copy.edit("collection.properties", text -> text.replace(version, former));
        ScheduledExecutorService sink = Executors.newSingleThreadScheduledExecutor();
        try {
            // Later than a verification takes that does not wait.
            Future<?> pointed = sink.schedule(
                    () -> Files.move(wanted, pointer, StandardCopyOption.ATOMIC_MOVE), 2, TimeUnit.SECONDS);

            assertThat(copy.verify(Duration.ofMinutes(1)).findings()).isEmpty();
            pointed.get();
        } finally {
            sink.shutdownNow();
        }
    }

    @Test
    void anotherWritersThumbnailMayHaveAnyRows(@TempDir Path directory) throws Exception {
        CatalogCopy copy = CatalogCopy.of(good, version, directory.resolve("copy"));
        List<Group> some = new ArrayList<>();
        copy.rows(copy.leaf(version), rows -> some.addAll(rows.subList(7, 9)));

        copy.rows(copy.in("data_thumbnail.parquet"), rows -> rows.addAll(0, some));

        assertThat(copy.verify().findings())
                .extracting(Finding::kind)
                // The leaf was written anew, in other bytes.
                .doesNotContain(Kind.THUMBNAIL, Kind.FILES, Kind.SCHEMA);
    }

    @Test
    void aCatalogWithoutRowsHasNoDefect(@TempDir Path directory) throws Exception {
        SmallSkyCatalog catalog = new SmallSkyCatalog(directory, true, EXTRAS);
        catalog.publish(List.of(), 1);

        Report report = new CatalogCopy(directory, catalog.version()).verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.checks())
                .extracting(CheckResult::kind)
                .contains(Kind.METADATA, Kind.STATISTICS, Kind.THUMBNAIL, Kind.MARGIN, Kind.INDEX, Kind.MAPS);
    }

    @Test
    void anIndexByItselfIsJudgedAsOne(@TempDir Path directory) throws Exception {
        Path alone = good.resolve(index(new CatalogCopy(good, version)));
        CatalogCopy copy = CatalogCopy.of(alone, "", directory.resolve("copy"));

        Report report = copy.verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.checks())
                .extracting(CheckResult::kind)
                .containsExactlyInAnyOrder(Kind.PROPERTIES, Kind.FILES, Kind.SCHEMA, Kind.ROWS, Kind.METADATA);

        copy.delete("dataset/index/part.0.parquet");

        assertThat(copy.verify().findings()).extracting(Finding::kind).contains(Kind.ROWS, Kind.METADATA);
    }

    @Test
    void mapsWithoutTheirEmptyCellsAreComparedToo(@TempDir Path directory) throws Exception {
        Skymaps skymaps = new Skymaps(Optional.of(3), List.of());
        SmallSkyCatalog catalog = new SmallSkyCatalog(
                directory, true, new CatalogExtras(Choice.TRUE, false, 0, List.of(), skymaps, Choice.TRUE));
        catalog.publish(SmallSkyCatalog.rows().subList(0, 1000), 1);
        CatalogCopy copy = new CatalogCopy(directory, catalog.version());
        assertThat(copy.verify().findings()).isEmpty();

        List<String> maps = List.of(copy.emptyCell(copy.in("point_map.fits")), copy.emptyCell(copy.in("skymap.fits")));

        assertThat(copy.verify().findings()).extracting(Finding::file).isEqualTo(maps);
    }

    @Test
    void randomRowsInWhateverVersionsHaveNoDefect(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> rows = SmallSkyCatalog.rows();
        Collections.shuffle(rows, random);
        SmallSkyCatalog catalog = new SmallSkyCatalog(directory, random.nextBoolean(), EXTRAS);
        int from = 0;
        for (int lsn = 1; lsn <= 3; lsn++) {
            int to = from + random.nextInt(3000);
            catalog.publish(rows.subList(from, to), lsn);
            from = to;
            assertThat(new CatalogCopy(directory, catalog.version()).verify().findings())
                    .as("seed %d, version %d", seed, lsn)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void findsAndNames(Defect defect, @TempDir Path directory) throws Exception {
        CatalogCopy copy = CatalogCopy.of(good, version, directory.resolve("copy"));

        String file = defect.plant.in(copy);
        Report report = copy.verify();

        assertThat(report.isClean()).isFalse();
        assertThat(report.findings()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(defect.kind);
            assertThat(finding.file()).isEqualTo(file);
            assertThat(finding.message()).isNotBlank();
        });
        assertThat(report.checks()).allSatisfy(check -> {
            assertThat(check.findings()).hasSizeLessThanOrEqualTo(Check.SHOWN);
            assertThat(check.count()).isGreaterThanOrEqualTo(check.findings().size());
        });
    }

    @Test
    void tellsOfTenAndCountsTheRest(@TempDir Path directory) throws Exception {
        CatalogCopy copy = CatalogCopy.of(good, version, directory.resolve("copy"));
        int[] rows = {0};
        copy.rows(copy.leaf(version), groups -> {
            rows[0] = groups.size();
            for (int i = 0; i < groups.size(); i++) {
                set(groups, i, "source_dec", 89.0);
            }
        });

        CheckResult keys = copy.verify().checks().stream()
                .filter(check -> check.kind() == Kind.KEYS && check.catalog().equals(version))
                .findFirst()
                .orElseThrow();

        assertThat(keys.count()).isEqualTo(rows[0]);
        assertThat(keys.findings()).hasSize(10);
    }

    private Stream<Defect> defects() {
        return Stream.of(
                        rowDefects(),
                        fileDefects(),
                        schemaDefects(),
                        mapDefects(),
                        propertyDefects(),
                        partitionDefects(),
                        sideFileDefects(),
                        marginDefects(),
                        indexDefects(),
                        collectionDefects(),
                        chainDefects())
                .flatMap(List::stream);
    }

    private List<Defect> rowDefects() {
        return List.of(
                leafDefect("a row in another pixel", Kind.PIXELS, rows -> set(rows, 0, KEY, 0L)),
                leafDefect("a coordinate changed", Kind.KEYS, rows -> set(rows, 7, "source_ra", 12.5)),
                leafDefect(
                        "a cell beside the right one",
                        Kind.KEYS,
                        rows -> set(rows, 9, KEY, rows.get(9).getLong(KEY, 0) ^ 1)),
                leafDefect("a row without a cell", Kind.KEYS, rows -> rows.set(3, without(rows.get(3), KEY))),
                leafDefect(
                        "a row without a coordinate",
                        Kind.KEYS,
                        rows -> rows.set(3, without(rows.get(3), "source_dec"))),
                leafDefect("two rows exchanged", Kind.ORDER, rows -> Collections.swap(rows, 0, rows.size() - 1)),
                new Defect("a row gone", Kind.ROWS, copy -> {
                    copy.rows(copy.leaf(version), rows -> rows.remove(5));
                    return copy.in("hats.properties");
                }),
                new Defect("a row doubled", Kind.MAPS, copy -> {
                    copy.rows(copy.leaf(version), rows -> rows.add(5, rows.get(5)));
                    return copy.in("point_map.fits");
                }),
                leafDefect(
                        "a value changed that nothing else tells of", Kind.CHAIN, rows -> set(rows, 1, "mag", -99.0)));
    }

    private List<Defect> fileDefects() {
        return List.of(
                new Defect("a leaf missing", Kind.PARTITIONS, copy -> copy.delete(copy.leaf(version))),
                new Defect(
                        "a leaf too many",
                        Kind.PARTITIONS,
                        copy -> copy.copy(copy.leaf(version), copy.in("dataset/Norder=3/Dir=0/Npix=7.parquet"))),
                new Defect("a leaf cut off", Kind.LEAVES, copy -> copy.truncate(copy.leaf(version))),
                new Defect("a leaf that is none", Kind.LEAVES, copy -> copy.write(copy.leaf(version), "PAR1 PAR1")),
                leafDefect("a leaf without rows", Kind.LEAVES, List::clear),
                new Defect("a checksum file", Kind.FILES, copy -> copy.write(copy.leaf(version) + ".crc", "x")),
                new Defect(
                        "an unfinished file",
                        Kind.FILES,
                        copy -> copy.write(copy.in("dataset/Norder=2/Dir=0/.tmp-1"), "x")),
                new Defect(
                        "a leaf in the wrong directory",
                        Kind.FILES,
                        copy -> copy.copy(copy.leaf(version), copy.in("dataset/Norder=2/Dir=10000/Npix=176.parquet"))));
    }

    private List<Defect> schemaDefects() {
        return List.of(
                schemaDefect(
                        "a column that may not be null",
                        "mag",
                        Types.required(PrimitiveTypeName.DOUBLE).named("mag")),
                schemaDefect(
                        "a column of another meaning",
                        "object_id",
                        Types.optional(PrimitiveTypeName.INT64)
                                .as(LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS))
                                .named("object_id")),
                new Defect("a column fewer", Kind.SCHEMA, copy -> {
                    String leaf = copy.leaf(version);
                    MessageType fewer = without(copy.schema(leaf), "band");
                    return copy.rewrite(leaf, fewer, rows -> rows.replaceAll(row -> as(fewer, row)));
                }),
                new Defect(
                        "no _common_metadata", Kind.SCHEMA, copy -> copy.delete(copy.in("dataset/_common_metadata"))));
    }

    private List<Defect> mapDefects() {
        return List.of(
                new Defect("a cell of the point map off", Kind.MAPS, copy -> copy.addToMap(copy.in("point_map.fits"))),
                new Defect(
                        "a cell of the point map empty", Kind.MAPS, copy -> copy.emptyCell(copy.in("point_map.fits"))),
                new Defect("a cell of the skymap off", Kind.MAPS, copy -> copy.addToMap(copy.in("skymap.fits"))),
                new Defect("a cell of another skymap off", Kind.MAPS, copy -> copy.addToMap(copy.in("skymap.2.fits"))),
                new Defect("a map cut off", Kind.MAPS, copy -> {
                    Path map = copy.root().resolve(copy.in("point_map.fits"));
                    byte[] bytes = java.nio.file.Files.readAllBytes(map);
                    java.nio.file.Files.write(map, java.util.Arrays.copyOf(bytes, bytes.length / 2));
                    return copy.in("point_map.fits");
                }),
                new Defect(
                        "another order of the skymap",
                        Kind.MAPS,
                        copy -> copy.setProperty(version, "hats_skymap_order", "7")));
    }

    private List<Defect> propertyDefects() {
        return List.of(
                new Defect("hats_nrows off", Kind.ROWS, copy -> copy.setProperty(version, "hats_nrows", "17160")),
                new Defect(
                        "properties unequal",
                        Kind.PROPERTIES,
                        copy -> copy.edit(copy.in("properties"), text -> text + "more=1\n")),
                new Defect("one properties file", Kind.PROPERTIES, copy -> copy.delete(copy.in("properties"))),
                new Defect("no hats_col_dec", Kind.PROPERTIES, copy -> copy.setProperty(version, "hats_col_dec", "")),
                new Defect(
                        "hats_col_ra of no column",
                        Kind.PROPERTIES,
                        copy -> copy.setProperty(version, "hats_col_ra", "ra")),
                new Defect("hats_order off", Kind.PROPERTIES, copy -> copy.setProperty(version, "hats_order", "5")),
                new Defect(
                        "moc_sky_fraction off",
                        Kind.PROPERTIES,
                        copy -> copy.setProperty(version, "moc_sky_fraction", "0.5")),
                new Defect("no number", Kind.PROPERTIES, copy -> copy.setProperty(version, "hats_max_rows", "many")));
    }

    private List<Defect> partitionDefects() {
        return List.of(
                new Defect("a leaf that is not listed", Kind.PARTITIONS, copy -> {
                    copy.edit(copy.in("partition_info.csv"), text -> text.replace("1,47\n", ""));
                    return copy.in("dataset/Norder=1/Dir=0/Npix=47.parquet");
                }),
                listDefect("an overlap", "1,47\n", "1,47\n2,188\n"),
                listDefect("a pixel twice", "1,47\n", "1,47\n1,47\n"),
                listDefect("a pixel that is none", "1,47\n", "1,48\n"),
                listDefect("another header", "Norder,Npix", "order,pixel"),
                new Defect(
                        "a list cut off",
                        Kind.PARTITIONS,
                        copy -> copy.edit(copy.in("partition_info.csv"), text -> text.substring(0, text.length() - 1))),
                new Defect("no list", Kind.PARTITIONS, copy -> copy.delete(copy.in("partition_info.csv"))));
    }

    private List<Defect> sideFileDefects() {
        String metadata = "/dataset/_metadata";
        String statistics = "per_partition_statistics.parquet";
        String thumbnail = "data_thumbnail.parquet";
        return List.of(
                new Defect(
                        "a row of the thumbnail that is in no leaf",
                        Kind.THUMBNAIL,
                        copy -> copy.rows(copy.in(thumbnail), rows -> set(rows, 3, "mag", -99.0))),
                new Defect("a thumbnail cut off", Kind.THUMBNAIL, copy -> copy.truncate(copy.in(thumbnail))),
                new Defect("a column fewer in the thumbnail", Kind.THUMBNAIL, copy -> {
                    MessageType fewer = without(copy.schema(copy.in(thumbnail)), "band");
                    return copy.rewrite(copy.in(thumbnail), fewer, rows -> rows.replaceAll(row -> as(fewer, row)));
                }),
                new Defect(
                        "_metadata of another version",
                        Kind.METADATA,
                        copy -> copy.copy(former + metadata, version + metadata)),
                new Defect("_metadata of fewer leaves", Kind.METADATA, copy -> {
                    copy.copy(copy.leaf(version), copy.in("dataset/Norder=3/Dir=0/Npix=7.parquet"));
                    return version + metadata;
                }),
                new Defect("_metadata cut off", Kind.METADATA, copy -> copy.truncate(version + metadata)),
                new Defect(
                        "a row group without statistics",
                        Kind.STATISTICS,
                        copy -> copy.rows(copy.in(statistics), rows -> rows.remove(2))),
                new Defect(
                        "statistics of no row group",
                        Kind.STATISTICS,
                        copy -> copy.rows(copy.in(statistics), rows -> set(rows, 2, "row_group_index", 999L))),
                new Defect(
                        "a smallest value off",
                        Kind.STATISTICS,
                        copy -> copy.rows(copy.in(statistics), rows -> set(rows, 2, "mag::min_value", 1.0))),
                new Defect(
                        "a count off",
                        Kind.STATISTICS,
                        copy -> copy.rows(copy.in(statistics), rows -> set(rows, 2, "mag::null_count", 1L))));
    }

    private List<Defect> marginDefects() {
        return List.of(
                marginDefect("a margin row missing", Kind.MARGIN, rows -> rows.remove(0)),
                marginDefect("a margin row too many", Kind.MARGIN, rows -> rows.add(rows.get(0))),
                marginDefect("a stale margin row", Kind.MARGIN, rows -> set(rows, 0, "mag", 1.0)),
                new Defect("a margin row inside its pixel", Kind.PIXELS, copy -> {
                    String leaf = copy.leaf(version + "_margin");
                    long inside = CatalogLayout.pixel(leaf.substring(leaf.indexOf('/') + 1))
                            .first29();
                    return copy.rows(leaf, rows -> set(rows, 0, KEY, inside));
                }),
                new Defect("a margin of another width", Kind.MARGIN, copy -> {
                    copy.setProperty(version + "_margin", "hats_margin_threshold", "100.0");
                    return copy.verify()
                            .findings()
                            .filter(finding -> finding.kind() == Kind.MARGIN)
                            .map(Finding::file)
                            .findFirst()
                            .orElse("");
                }),
                new Defect(
                        "hats_nrows of a margin off",
                        Kind.ROWS,
                        copy -> copy.setProperty(version + "_margin", "hats_nrows", "1")));
    }

    private List<Defect> indexDefects() {
        return List.of(
                new Defect(
                        "an entry that leads astray",
                        Kind.INDEX,
                        copy -> copy.rows(part(copy, "object_id"), rows -> set(rows, 1, "Npix", 3L))),
                new Defect("an entry missing", Kind.INDEX, copy -> {
                    copy.rows(part(copy, "object_id"), rows -> rows.remove(0));
                    return copy.verify()
                            .findings()
                            .filter(finding -> finding.message().contains("does not lead"))
                            .map(Finding::file)
                            .filter(file -> file.startsWith(version + "/dataset/"))
                            .findFirst()
                            .orElse("");
                }),
                new Defect(
                        "a value that no row has",
                        Kind.INDEX,
                        copy -> copy.rows(part(copy, "object_id"), rows -> set(rows, 1, "object_id", 5L))),
                new Defect("an index without _metadata", Kind.METADATA, copy -> {
                    String directory = index(copy);
                    return copy.delete(directory + "/dataset/_metadata");
                }));
    }

    private List<Defect> collectionDefects() {
        String pointer = "collection.properties";
        return List.of(
                new Defect(
                        "a pointer to a missing version",
                        Kind.COLLECTION,
                        copy -> copy.edit(
                                pointer, text -> text.replaceAll("(?m)^(hats_primary_table_url=.*)2$", "$19"))),
                new Defect(
                        "a pointer to an older version",
                        Kind.CHAIN,
                        copy -> copy.edit(pointer, text -> text.replace(version, former))),
                new Defect(
                        "a key that readers refuse",
                        Kind.COLLECTION,
                        copy -> copy.edit(pointer, text -> text + "skyroll_version=1\n")),
                new Defect(
                        "a default margin that is none",
                        Kind.COLLECTION,
                        copy -> copy.edit(
                                pointer, text -> text.replaceAll("default_margin=.*", "default_margin=none"))),
                new Defect("an index of another column", Kind.COLLECTION, copy -> {
                    copy.edit(pointer, text -> text.replace("all_indexes=object_id", "all_indexes=mag"));
                    return index(copy) + "/hats.properties";
                }),
                new Defect(
                        "properties that hide the collection",
                        Kind.COLLECTION,
                        copy -> copy.copy(copy.in("properties"), "properties")),
                new Defect("no pointer", Kind.COLLECTION, copy -> copy.delete(pointer)));
    }

    private List<Defect> chainDefects() {
        return List.of(
                new Defect("a checksum of a manifest off", Kind.CHAIN, copy -> {
                    copy.edit(
                            manifest(copy),
                            text -> text.replaceFirst("\"sha256\":\"[0-9a-f]{8}", "\"sha256\":\"00000000"));
                    return copy.verify()
                            .findings()
                            .filter(finding -> finding.message().contains("SHA-256 must be 00000000"))
                            .map(Finding::file)
                            .filter(file -> file.startsWith("_skyroll/pool/"))
                            .findFirst()
                            .orElse("");
                }),
                new Defect("a pool file missing", Kind.CHAIN, copy -> copy.delete(pool(copy, ".parquet"))),
                new Defect("a pool file changed", Kind.CHAIN, copy -> {
                    String file = pool(copy, ".parquet");
                    byte[] bytes = java.nio.file.Files.readAllBytes(copy.root().resolve(file));
                    bytes[100] ^= 1;
                    java.nio.file.Files.write(copy.root().resolve(file), bytes);
                    return file;
                }),
                new Defect("a border file cut off", Kind.CHAIN, copy -> copy.truncate(pool(copy, ".border.parquet"))),
                new Defect("counts damaged", Kind.CHAIN, copy -> copy.truncate(pool(copy, ".counts"))),
                new Defect("counts of another partition", Kind.CHAIN, copy -> {
                    List<String> counts = copy.files("_skyroll/pool", ".counts");
                    return copy.copy(counts.get(counts.size() - 1), counts.get(0));
                }),
                new Defect("a manifest missing", Kind.CHAIN, copy -> copy.delete(manifest(copy))),
                new Defect("a manifest damaged", Kind.CHAIN, copy -> copy.truncate(manifest(copy))),
                new Defect("a step missing", Kind.CHAIN, copy -> copy.delete("_skyroll/steps/1/2")),
                new Defect(
                        "a step of another cut",
                        Kind.CHAIN,
                        copy -> copy.edit("_skyroll/steps/1/2", text -> text.replace("1:0/2:0", "1:0/3:0"))),
                new Defect("a version that is not committed", Kind.CHAIN, copy -> {
                    copy.delete("_skyroll/versions/1/2");
                    return "collection.properties";
                }),
                new Defect("a part of the margins missing", Kind.CHAIN, copy -> {
                    copy.delete("_skyroll/margins/1/2/3");
                    return "_skyroll/margins/1/2";
                }),
                new Defect(
                        "another position",
                        Kind.CHAIN,
                        copy -> copy.setProperty(version, "skyroll_position", "1:0/1:0")));
    }

    private Defect leafDefect(String name, Kind kind, java.util.function.Consumer<List<Group>> change) {
        return new Defect(name, kind, copy -> copy.rows(copy.leaf(version), change));
    }

    private Defect marginDefect(String name, Kind kind, java.util.function.Consumer<List<Group>> change) {
        return new Defect(name, kind, copy -> copy.rows(copy.leaf(version + "_margin"), change));
    }

    private Defect listDefect(String name, String before, String after) {
        return new Defect(
                name,
                Kind.PARTITIONS,
                copy -> copy.edit(copy.in("partition_info.csv"), text -> text.replace(before, after)));
    }

    private Defect schemaDefect(String name, String column, Type type) {
        return new Defect(name, Kind.SCHEMA, copy -> {
            String leaf = copy.leaf(version);
            MessageType changed = new MessageType(
                    "schema",
                    copy.schema(leaf).getFields().stream()
                            .map(field -> field.getName().equals(column) ? type : field)
                            .toList());
            return copy.rewrite(leaf, changed, rows -> rows.replaceAll(row -> as(changed, row)));
        });
    }

    private static String part(CatalogCopy copy, String column) throws IOException {
        return copy.files("", "part.0.parquet").stream()
                .filter(file -> file.startsWith(copy.version()) && file.contains(column))
                .findFirst()
                .orElseThrow();
    }

    /** The directory of the index of objects. */
    private static String index(CatalogCopy copy) throws IOException {
        String part = part(copy, "object_id");
        return part.substring(0, part.indexOf('/'));
    }

    /** The manifest of the version that readers see with the most leaves. */
    private static String manifest(CatalogCopy copy) throws IOException {
        return copy.files("_skyroll/manifests/1/2", "").get(0);
    }

    /** The largest file of the pool that the version's manifest names. */
    private static String pool(CatalogCopy copy, String suffix) throws IOException {
        String manifest = java.nio.file.Files.readString(copy.root().resolve(manifest(copy)));
        return copy.files("_skyroll/pool", suffix).stream()
                .filter(manifest::contains)
                .findFirst()
                .orElseThrow();
    }

    private static void set(List<Group> rows, int index, String column, Object value) {
        Group changed = without(rows.get(index), column);
        if (value instanceof Long number) {
            changed.add(column, number);
        } else {
            changed.add(column, (double) value);
        }
        rows.set(index, changed);
    }

    private static Group without(Group row, String column) {
        return copied(row, (MessageType) row.getType(), column);
    }

    private static MessageType without(MessageType schema, String column) {
        return new MessageType(
                "schema",
                schema.getFields().stream()
                        .filter(field -> !field.getName().equals(column))
                        .toList());
    }

    private static Group as(MessageType type, Group row) {
        return copied(row, type, "");
    }

    private static Group copied(Group row, MessageType type, String without) {
        Group copy = new org.apache.parquet.example.data.simple.SimpleGroup(type);
        for (Type field : type.getFields()) {
            String name = field.getName();
            if (!name.equals(without) && row.getFieldRepetitionCount(name) > 0) {
                switch (field.asPrimitiveType().getPrimitiveTypeName()) {
                    case INT32 -> copy.add(name, row.getInteger(name, 0));
                    case INT64 -> copy.add(name, row.getLong(name, 0));
                    case DOUBLE -> copy.add(name, row.getDouble(name, 0));
                    default -> copy.add(name, row.getBinary(name, 0));
                }
            }
        }
        return copy;
    }
}
