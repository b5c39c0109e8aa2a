package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.catalog.Choice;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogProperties;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.CollectionPointer;
import io.skyroll.sinks.hats.IndexProperties;
import io.skyroll.sinks.hats.PointMap;
import io.skyroll.sinks.hats.Skymaps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files beside the leaves of small_sky_source. */
class SmallSkySideFilesTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void metadataHasTheRowGroupsOfAllLeavesInSkyOrder() throws Exception {
        SmallSkyCatalog catalog =
                publish(new CatalogExtras(Choice.TRUE, false, 0, List.of(), Skymaps.NONE, Choice.FALSE));

        ParquetMetadata metadata = footer(version(catalog).resolve(CatalogLayout.METADATA));

        List<String> expected = new ArrayList<>();
        for (Pixel pixel : catalog.pixels()) {
            String path = CatalogLayout.leafPath(pixel);
            ParquetMetadata leaf = footer(version(catalog).resolve(path));
            assertThat(leaf.getFileMetaData().getSchema())
                    .isEqualTo(metadata.getFileMetaData().getSchema());
            leaf.getBlocks().forEach(block -> expected.add(text(block, path.substring("dataset/".length()))));
        }
        assertThat(metadata.getBlocks())
                .extracting(block -> text(block, block.getPath()))
                .isEqualTo(expected);
        assertThat(metadata.getBlocks().stream()
                        .mapToLong(BlockMetaData::getRowCount)
                        .sum())
                .isEqualTo(17_161);
    }

    @Test
    void metadataIsLeftOutWhenItIsNotWanted() throws Exception {
        SmallSkyCatalog catalog = publish(CatalogExtras.NONE);

        assertThat(version(catalog).resolve(CatalogLayout.METADATA)).doesNotExist();
        assertThat(version(catalog).resolve(CatalogLayout.COMMON_METADATA)).exists();
    }

    /** As many rows as leaves, or fewer, which come from leaves at equal distances. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void thumbnailHasTheFirstRowsOfLeavesAllOverTheSky(int most) throws Exception {
        SmallSkyCatalog catalog =
                publish(new CatalogExtras(Choice.FALSE, false, most, List.of(), Skymaps.NONE, Choice.FALSE));

        Path thumbnail = version(catalog).resolve(CatalogLayout.THUMBNAIL);

        List<Pixel> pixels = catalog.pixels();
        int rows = Math.min(most, pixels.size());
        List<Path> leaves = IntStream.range(0, rows)
                .mapToObj(row -> pixels.get(row * pixels.size() / rows))
                .map(pixel -> version(catalog).resolve(CatalogLayout.leafPath(pixel)))
                .toList();
        assertThat(pixels).hasSizeGreaterThan(5).isSorted();
        assertThat(footer(thumbnail).getFileMetaData().getSchema())
                .isEqualTo(footer(leaves.get(0)).getFileMetaData().getSchema());
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            List<String> expected = new ArrayList<>();
            for (Path leaf : leaves) {
                expected.addAll(rows(statement, leaf, 1));
            }
            assertThat(rows(statement, thumbnail, Integer.MAX_VALUE)).isEqualTo(expected);
        }
    }

    @Test
    void thumbnailIsOfTheSameBytesWhereverItIsMade() throws Exception {
        CatalogExtras extras = new CatalogExtras(Choice.FALSE, false, 7, List.of(), Skymaps.NONE, Choice.FALSE);
        List<byte[]> files = new ArrayList<>();
        for (String collection : List.of("one", "other")) {
            SmallSkyCatalog catalog = new SmallSkyCatalog(directory.resolve(collection), true, extras);
            catalog.publish(SmallSkyCatalog.rows(), 1);
            Path version = directory.resolve(collection).resolve(catalog.version());
            files.add(Files.readAllBytes(version.resolve(CatalogLayout.THUMBNAIL)));
        }

        assertThat(files.get(0)).isEqualTo(files.get(1));
    }

    @Test
    void indexesFindEveryValueInThePixelsOfItsRows() throws Exception {
        List<String> columns = List.of("object_id", "band", "mag");
        SmallSkyCatalog catalog =
                publish(new CatalogExtras(Choice.FALSE, false, 0, columns, Skymaps.NONE, Choice.FALSE));

        CollectionPointer pointer = pointer();
        assertThat(pointer.indexes().keySet()).containsExactlyElementsOf(columns);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (String column : columns) {
                Path index = directory.resolve(pointer.indexes().get(column));
                String found =
                        "SELECT %s, Norder, Npix FROM '%s/dataset/index/part.*.parquet'".formatted(column, index);
                String expected =
                        """
                        SELECT DISTINCT %s, regexp_extract(filename, 'Norder=(\\d+)', 1)::INT,
                            regexp_extract(filename, 'Npix=(\\d+)', 1)::UBIGINT
                        FROM read_parquet('%s/dataset/**/*.parquet', hive_partitioning = false, filename = true)
                        """
                                .formatted(column, version(catalog));
                assertThat(count(statement, "(%s) EXCEPT ALL (%s)".formatted(found, expected)))
                        .isZero();
                assertThat(count(statement, "(%s) EXCEPT ALL (%s)".formatted(expected, found)))
                        .isZero();

                IndexProperties properties =
                        IndexProperties.parse(Files.readAllBytes(index.resolve(CatalogLayout.HATS_PROPERTIES)));
                assertThat(properties.rows()).isEqualTo(count(statement, found)).isPositive();
                assertThat(properties.primary()).isEqualTo(catalog.version());
                ParquetMetadata metadata = footer(index.resolve(CatalogLayout.METADATA));
                assertThat(metadata.getBlocks())
                        .extracting(BlockMetaData::getPath)
                        .containsOnly("index/part.0.parquet");
            }
        }
    }

    @Test
    void indexesAndMarginsGoWithTheirVersion() throws Exception {
        SmallSkyCatalog catalog = new SmallSkyCatalog(
                directory,
                true,
                new CatalogExtras(Choice.FALSE, false, 0, List.of("object_id"), Skymaps.NONE, Choice.FALSE),
                2);
        List<String> rows = SmallSkyCatalog.rows();
        for (int version = 1; version <= 4; version++) {
            catalog.publish(rows.subList(version * 10, version * 10 + 10), version);
        }

        try (Stream<Path> directories = Files.list(directory)) {
            assertThat(directories.map(path -> path.getFileName().toString()).filter(name -> name.contains("_g1_")))
                    .containsExactlyInAnyOrder(
                            "small_sky_g1_v000003",
                            "small_sky_g1_v000003_index_object_id",
                            "small_sky_g1_v000003_margin",
                            "small_sky_g1_v000004",
                            "small_sky_g1_v000004_index_object_id",
                            "small_sky_g1_v000004_margin");
        }
        assertThat(pointer().indexes()).containsEntry("object_id", "small_sky_g1_v000004_index_object_id");
    }

    @Test
    void aColumnThatIsNotThereCannotBeIndexed() {
        CatalogExtras extras = new CatalogExtras(Choice.FALSE, false, 0, List.of("hip"), Skymaps.NONE, Choice.FALSE);

        assertThatThrownBy(() -> publish(extras))
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith(
                        "catalog.indexes names hip, by which public.small_sky_source cannot be indexed; columns of single values are source_id, ");
        assertThat(directory.resolve(CatalogLayout.COLLECTION_PROPERTIES)).doesNotExist();
    }

    @Test
    void statisticsAreThoseOfEveryRowGroup() throws Exception {
        SmallSkyCatalog catalog =
                publish(new CatalogExtras(Choice.FALSE, true, 0, List.of(), Skymaps.NONE, Choice.FALSE));

        String found =
                """
                SELECT Norder, Npix, row_group_index, "_healpix_29::min_value", "mag::min_value", "mag::max_value",
                    "band::max_value", "band::null_count", "band::row_count", "band::disk_bytes", "band::memory_bytes"
                FROM '%s'
                """
                        .formatted(version(catalog).resolve(CatalogLayout.STATISTICS));
        String footers =
                """
                SELECT regexp_extract(file_name, 'Norder=(\\d+)', 1)::BIGINT AS norder,
                    regexp_extract(file_name, 'Npix=(\\d+)', 1)::BIGINT AS npix, row_group_id,
                    max(stats_min_value) FILTER (path_in_schema = '_healpix_29')::BIGINT,
                    max(stats_min_value) FILTER (path_in_schema = 'mag')::DOUBLE,
                    max(stats_max_value) FILTER (path_in_schema = 'mag')::DOUBLE,
                    max(stats_max_value) FILTER (path_in_schema = 'band'),
                    max(stats_null_count) FILTER (path_in_schema = 'band'),
                    max(num_values) FILTER (path_in_schema = 'band'),
                    max(total_compressed_size) FILTER (path_in_schema = 'band'),
                    max(total_uncompressed_size) FILTER (path_in_schema = 'band')
                FROM parquet_metadata('%s/dataset/Norder=*/**/*.parquet') GROUP BY norder, npix, row_group_id
                """
                        .formatted(version(catalog));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            assertThat(count(statement, found)).isGreaterThan(catalog.pixels().size());
            assertThat(count(statement, "(%s) EXCEPT ALL (%s)".formatted(found, footers)))
                    .isZero();
            assertThat(count(statement, "(%s) EXCEPT ALL (%s)".formatted(footers, found)))
                    .isZero();
        }
    }

    private CollectionPointer pointer() throws IOException {
        return CollectionPointer.parse(Files.readAllBytes(directory.resolve(CatalogLayout.COLLECTION_PROPERTIES)));
    }

    private static long count(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT count(*) FROM (%s)".formatted(query))) {
            result.next();
            return result.getLong(1);
        }
    }

    /** The first rows of a file, in the order in which they stand there. */
    private static List<String> rows(Statement statement, Path file, int limit) throws SQLException {
        List<String> rows = new ArrayList<>();
        String query =
                "SELECT t::VARCHAR FROM (SELECT * EXCLUDE (file_row_number), file_row_number AS n FROM read_parquet('%s', hive_partitioning = false, file_row_number = true) ORDER BY n LIMIT %d) t";
        try (ResultSet result = statement.executeQuery(query.formatted(file, limit))) {
            while (result.next()) {
                rows.add(result.getString(1).replaceFirst("'n': \\d+", ""));
            }
        }
        return rows;
    }

    @Test
    void skymapsCountTheRowsAtTheirOrders() throws Exception {
        Skymaps skymaps = new Skymaps(Optional.of(9), List.of(4, 2));
        Path version = version(publish(new CatalogExtras(Choice.FALSE, false, 0, List.of(), skymaps, Choice.FALSE)));

        assertThat(CatalogProperties.parse(Files.readAllBytes(version.resolve(CatalogLayout.HATS_PROPERTIES)))
                        .skymaps())
                .isEqualTo(skymaps);
        assertThat(version.resolve(CatalogLayout.SKYMAP)).hasBinaryContent(map(9));
        assertThat(version.resolve("skymap.4.fits")).hasBinaryContent(map(4));
        assertThat(version.resolve("skymap.2.fits")).hasBinaryContent(map(2));
        assertThat(version.resolve(CatalogLayout.POINT_MAP)).hasBinaryContent(map(8));
    }

    @Test
    void mapsLeaveOutEmptyCellsWhenThatIsWantedOrMostCellsAreEmpty() throws Exception {
        Skymaps skymaps = new Skymaps(Optional.of(3), List.of());
        for (Choice sparse : List.of(Choice.TRUE, Choice.AUTO)) {
            Path collection = directory.resolve(sparse.name());
            SmallSkyCatalog catalog = new SmallSkyCatalog(
                    collection, true, new CatalogExtras(Choice.FALSE, false, 0, List.of(), skymaps, sparse));
            catalog.publish(SmallSkyCatalog.rows(), 1);

            // One of twelve base cells has most of the rows, so both maps are sparse.
            for (String file : List.of(CatalogLayout.POINT_MAP, CatalogLayout.SKYMAP)) {
                assertThat(Files.readString(
                                collection.resolve(catalog.version()).resolve(file), StandardCharsets.ISO_8859_1))
                        .contains("INDXSCHM= 'EXPLICIT'");
            }
        }
    }

    private static byte[] map(int order) throws IOException {
        TreeMap<Long, Long> cells = new TreeMap<>();
        for (String line : SmallSkyCatalog.rows()) {
            String[] fields = line.split(",", -1);
            cells.merge(
                    Healpix.pixel(order, Double.parseDouble(fields[1]), Double.parseDouble(fields[2])), 1L, Long::sum);
        }
        CellCounts.Builder counts = CellCounts.builder(order);
        cells.forEach(counts::add);
        ByteArrayOutputStream map = new ByteArrayOutputStream();
        PointMap.write(counts.build(), order, map);
        return map.toByteArray();
    }

    private SmallSkyCatalog publish(CatalogExtras extras) throws IOException {
        SmallSkyCatalog catalog = new SmallSkyCatalog(directory, true, extras);
        catalog.publish(SmallSkyCatalog.rows(), 1);
        return catalog;
    }

    private Path version(SmallSkyCatalog catalog) {
        return directory.resolve(catalog.version());
    }

    private static ParquetMetadata footer(Path file) throws IOException {
        assertThat(Files.size(file)).isPositive();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            return reader.getFooter();
        }
    }

    private static String text(BlockMetaData block, String path) {
        return "%s: %d rows at %d, %s"
                .formatted(
                        path,
                        block.getRowCount(),
                        block.getStartingPos(),
                        block.getColumns().get(0).getStatistics());
    }
}
