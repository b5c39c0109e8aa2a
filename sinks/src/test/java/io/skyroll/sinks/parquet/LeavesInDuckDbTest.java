package io.skyroll.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What DuckDB, a reader that shares no code with ours, finds in a leaf. */
class LeavesInDuckDbTest {
    private final Path folder;
    private final Connection connection;
    private final Statement duckDb;

    LeavesInDuckDbTest(@TempDir Path folder) throws SQLException {
        this.folder = folder;
        this.connection = DriverManager.getConnection("jdbc:duckdb:");
        this.duckDb = connection.createStatement();
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyValueIsTheOneThatWasPutIn(long seed) throws Exception {
        assertEveryValue(SampleRows.random(SampleRows.everyType(), 3000, new Random(seed)), 1500);
    }

    @Test
    void twoThousandColumnsAreRead() throws Exception {
        List<Column> kinds = SampleRows.everyType().columns();
        List<Column> columns = IntStream.range(0, 2000)
                .mapToObj(i -> new Column("c" + i, kinds.get(i % kinds.size()).type(), true))
                .toList();

        assertEveryValue(SampleRows.random(new RowSchema("sky.wide", columns, List.of()), 60, new Random(5)), 40);
    }

    private void assertEveryValue(SampleRows rows, int groupRows) throws Exception {
        Path leaf = write(rows, groupRows);
        String columns = rows.schema().columns().stream()
                .map(LeavesInDuckDbTest::readable)
                .collect(Collectors.joining(", "));

        int row = 0;
        try (ResultSet found = duckDb.executeQuery("SELECT _healpix_29, %s FROM '%s'".formatted(columns, leaf))) {
            for (; found.next(); row++) {
                assertThat(found.getLong(1)).isEqualTo(rows.healpix(row));
                for (int i = 0; i < rows.schema().columns().size(); i++) {
                    Column column = rows.schema().columns().get(i);
                    Object value = value(found, i + 2, column.type());
                    Object expected = expected(rows.values(row).get(i), column.type());
                    if (!Objects.equals(value, expected)) {
                        assertThat(value).as("row %d, %s", row, column).isEqualTo(expected);
                    }
                }
            }
        }
        assertThat(row).isEqualTo(rows.count());
    }

    @Test
    void everyColumnIsOptionalAndHasItsLogicalType() throws Exception {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 10, new Random(1));
        Path leaf = write(rows, 10);

        assertThat(query("SELECT DISTINCT repetition_type FROM parquet_schema('{}') WHERE type IS NOT NULL", leaf))
                .containsExactly("OPTIONAL");
        assertThat(query("SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM '{}')", leaf))
                .filteredOn(column -> !column.contains("null"))
                .containsExactly(
                        "_healpix_29 BIGINT",
                        "boolean BOOLEAN",
                        "int16 SMALLINT",
                        "int32 INTEGER",
                        "int64 BIGINT",
                        "float32 FLOAT",
                        "float64 DOUBLE",
                        "string VARCHAR",
                        "date DATE",
                        "timestamp TIMESTAMP",
                        "timestamp_utc TIMESTAMP WITH TIME ZONE",
                        "decimal_5_2_ DECIMAL(5,2)",
                        "decimal_9_0_ DECIMAL(9,0)",
                        "decimal_18_6_ DECIMAL(18,6)",
                        "decimal_19_19_ DECIMAL(19,19)",
                        "decimal_38_10_ DECIMAL(38,10)");
    }

    @Test
    void everyChunkIsZstdWithStatistics() throws Exception {
        RowSchema schema = new RowSchema(
                "sky.t",
                List.of(
                        new Column("a", ColumnType.INT32, true),
                        new Column("b", ColumnType.decimal(9, 2), true),
                        new Column("c", ColumnType.BOOLEAN, false)),
                List.of());
        Path leaf = write(SampleRows.random(schema, 1000, new Random(3)), 400);

        assertThat(query("SELECT DISTINCT compression FROM parquet_metadata('{}')", leaf))
                .containsExactly("ZSTD");
        assertThat(query("SELECT count(*) FROM parquet_metadata('{}')", leaf)).containsExactly("12");
        assertThat(query(
                        "SELECT count(*) FROM parquet_metadata('{}') WHERE stats_null_count IS NULL"
                                + " OR stats_null_count < num_values AND (stats_min_value IS NULL OR stats_max_value IS NULL)",
                        leaf))
                .containsExactly("0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void filtersFindTheSameRowsAsWithoutStatistics(long seed) throws Exception {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 2000, new Random(seed));
        Path leaf = write(rows, 100);
        duckDb.execute("CREATE TABLE plain AS SELECT * FROM '%s'".formatted(leaf));
        List<String> filters = new ArrayList<>();
        for (Column column : rows.schema().columns()) {
            String name = '"' + column.name() + '"';
            // Bounds that occur: that is where a wrong extreme would prune a row group too many.
            String bounds = "SELECT DISTINCT unnest([min({}), max({}), any_value({})])::VARCHAR AS bound FROM plain";
            for (String bound : query("FROM (" + bounds + ") WHERE bound IS NOT NULL", name)) {
                String literal = "'%s'::%s".formatted(bound, sqlType(column.type()));
                for (String operator : List.of("<", "=", ">")) {
                    filters.add(name + operator + literal);
                }
            }
            filters.add(name + " IS NULL");
        }
        for (String floating : List.of("float32", "float64", "float32null", "float64null")) {
            filters.addAll(List.of(
                    floating + " > 5",
                    floating + " <= 3",
                    "isnan(" + floating + ")",
                    floating + " = 0",
                    floating + " = '-0.0'"));
        }

        for (String filter : filters) {
            assertThat(query("SELECT count(*) FROM '{}' WHERE " + filter, leaf))
                    .as(filter)
                    .isEqualTo(query("SELECT count(*) FROM plain WHERE " + filter));
        }
    }

    @Test
    void filtersFindTheNanThatExceedsEveryBound() throws Exception {
        RowSchema schema = new RowSchema("sky.t", List.of(new Column("x", ColumnType.FLOAT64, false)), List.of());
        Path leaf = write(SampleRows.of(schema, List.of(List.of(1.0), List.of(Double.NaN), List.of(3.0))), 3);

        assertThat(query("SELECT x FROM '{}' WHERE x > 5", leaf)).containsExactly("NaN");
        assertThat(query("SELECT x FROM '{}' WHERE x <= 3", leaf)).containsExactly("1.0", "3.0");
    }

    @Test
    void columnsThatRepeatHaveADictionary() throws Exception {
        RowSchema schema = new RowSchema(
                "sky.t",
                List.of(new Column("repeats", ColumnType.STRING, true), new Column("differs", ColumnType.INT64, false)),
                List.of());
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (long row = 0; row < 2000; row++) {
            values.add(List.of("ugrizy".substring((int) row % 6), row));
        }
        Path leaf = write(SampleRows.of(schema, values), 2000);

        assertThat(query("SELECT path_in_schema || ' ' || encodings FROM parquet_metadata('{}')", leaf))
                .containsExactly("_healpix_29 PLAIN, RLE", "repeats PLAIN, RLE, RLE_DICTIONARY", "differs PLAIN, RLE");
    }

    @Test
    void pagesOfNullsAreReadInAColumnWithADictionary() throws Exception {
        RowSchema schema = new RowSchema("sky.t", List.of(new Column("a", ColumnType.STRING, true)), List.of());
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (int row = 0; row < 60_000; row++) {
            values.add(Collections.singletonList(row / 20_000 == 1 ? "abc".substring(row % 3) : null));
        }
        Path leaf = write(SampleRows.of(schema, values), values.size());

        assertThat(query("SELECT encodings FROM parquet_metadata('{}') WHERE path_in_schema = 'a'", leaf))
                .containsExactly("PLAIN, RLE, RLE_DICTIONARY");
        assertThat(query("SELECT a FROM '{}'", leaf))
                .isEqualTo(values.stream().map(row -> row.get(0)).toList());
    }

    @Test
    void commonMetadataHasTheSchemaAndNoRows() throws Exception {
        ParquetLeaves leaves = new ParquetLeaves(SampleRows.everyType());
        Path leaf = write(SampleRows.random(SampleRows.everyType(), 10, new Random(1)), 10);
        Path common = Files.write(folder.resolve("_common_metadata"), leaves.commonMetadata());

        String describe = "SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM read_parquet('{}'))";
        assertThat(query(describe, common)).isEqualTo(query(describe, leaf));
        assertThat(query("SELECT num_rows || ' ' || num_row_groups FROM parquet_file_metadata('{}')", common))
                .containsExactly("0 0");
    }

    private Path write(SampleRows rows, int groupRows) throws IOException {
        InMemoryStore store = new InMemoryStore();
        try (LeafWriter writer = new ParquetLeaves(rows.schema()).create(store.create("leaf"))) {
            for (int row = 0; row < rows.count(); row += groupRows) {
                writer.encode(rows.cursor(row, Math.min(rows.count(), row + groupRows)));
            }
            writer.finish();
        }
        return Files.write(
                Files.createTempFile(folder, "leaf", ".parquet"),
                store.read("leaf").orElseThrow());
    }

    /** The first column of what a query finds; {@code {}} in it stands for the argument. */
    private List<String> query(String sql, Object argument) throws SQLException {
        return query(sql.replace("{}", argument.toString()));
    }

    private List<String> query(String sql) throws SQLException {
        List<String> column = new ArrayList<>();
        try (ResultSet rows = duckDb.executeQuery(sql)) {
            while (rows.next()) {
                column.add(rows.getString(1));
            }
        }
        return column;
    }

    private static String readable(Column column) {
        String name = '"' + column.name() + '"';
        return switch (column.type().kind()) {
            case DATE -> "datediff('day', DATE '1970-01-01', %s)".formatted(name);
            case TIMESTAMP, TIMESTAMP_UTC -> "epoch_us(%s)".formatted(name);
            default -> name;
        };
    }

    private static String sqlType(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "BOOLEAN";
            case INT16 -> "SMALLINT";
            case INT32 -> "INTEGER";
            case INT64 -> "BIGINT";
            case FLOAT32 -> "FLOAT";
            case FLOAT64 -> "DOUBLE";
            case STRING -> "VARCHAR";
            case DATE -> "DATE";
            case TIMESTAMP -> "TIMESTAMP";
            case TIMESTAMP_UTC -> "TIMESTAMPTZ";
            case DECIMAL -> "DECIMAL(%d,%d)".formatted(type.precision(), type.scale());
            default -> throw new AssertionError();
        };
    }

    private static @Nullable Object value(ResultSet row, int column, ColumnType type) throws SQLException {
        Object value =
                switch (type.kind()) {
                    case BOOLEAN -> row.getBoolean(column);
                    case INT16, INT32 -> row.getInt(column);
                    case DATE -> (int) row.getLong(column);
                    case INT64, TIMESTAMP, TIMESTAMP_UTC -> row.getLong(column);
                    case FLOAT32 -> row.getFloat(column);
                    case FLOAT64 -> row.getDouble(column);
                    case STRING -> row.getString(column);
                    case DECIMAL -> row.getBigDecimal(column);
                    default -> throw new AssertionError();
                };
        return row.wasNull() ? null : value;
    }

    /** Float and Double are equal for every NaN, and not for zeros of two signs. */
    private static @Nullable Object expected(@Nullable Object value, ColumnType type) {
        return value instanceof BigInteger unscaled ? new BigDecimal(unscaled, type.scale()) : value;
    }
}
