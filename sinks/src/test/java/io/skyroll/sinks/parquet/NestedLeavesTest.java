package io.skyroll.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leaves with lists and records, judged by Avro's own encoder, by parquet-java's record assembly and by DuckDB. */
class NestedLeavesTest {
    private static final int GROUP_ROWS = 150;
    private static final int ROWS = 500;
    private static final int MAX_DEPTH = 4;

    private static final List<ColumnType> ALL = List.of(
            ColumnType.BOOLEAN,
            ColumnType.INT16,
            ColumnType.INT64,
            ColumnType.FLOAT64,
            ColumnType.STRING,
            ColumnType.BYTES,
            ColumnType.TIME,
            ColumnType.UUID,
            ColumnType.JSON,
            ColumnType.textForm("inet"),
            ColumnType.decimal(7, 2),
            ColumnType.decimal(30, 2));

    /** Those that JSON can say. */
    private static final List<ColumnType> PLAIN =
            List.of(ColumnType.BOOLEAN, ColumnType.INT32, ColumnType.INT64, ColumnType.STRING);

    private final Path folder;
    private final InMemoryStore store = new InMemoryStore();

    NestedLeavesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whatComesBackIsWhatWentInByteByByte(long seed) throws IOException {
        AvroRows rows = rows(seed, ALL);
        Path leaf = write(rows);
        assertThat(Files.size(leaf)).isPositive();

        int row = 0;
        try (LeafReader reader = new ParquetLeaves(rows.schema()).open(store.open("leaf"))) {
            for (int group = 0; group < reader.groups().size(); group++) {
                for (RowCursor found = reader.rows(group); found.next(); row++) {
                    assertThat(Arrays.copyOfRange(found.bytes(), found.start(), found.end()))
                            .as("seed %d, row %d: %s", seed, row, rows.record(row))
                            .isEqualTo(rows.bytes(row));
                }
            }
        }
        assertThat(row).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
    void parquetJavaPutsTheSameRowsTogether(long seed) throws IOException {
        AvroRows rows = rows(seed, ALL);
        Path leaf = write(rows);
        PlainParquetConfiguration configuration = new PlainParquetConfiguration();
        configuration.setBoolean(AvroReadSupport.READ_INT96_AS_FIXED, false);
        // The modern form of lists, in which an element need not be a record.
        configuration.setBoolean("parquet.avro.add-list-element-records", false);

        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                        new LocalInputFile(leaf), configuration)
                .withDataModel(new GenericData())
                .build()) {
            for (int row = 0; row < ROWS; row++) {
                GenericRecord found = reader.read();
                for (int i = 0; i < rows.schema().columns().size(); i++) {
                    Column column = rows.schema().columns().get(i);
                    assertThat(plain(column.type(), found.get(i + 1)))
                            .as("seed %d, row %d, %s", seed, row, column)
                            .isEqualTo(plain(column.type(), rows.record(row).get(i)));
                }
            }
            assertThat(reader.read()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38, 39, 40})
    void duckDbReadsTheSameRows(long seed) throws IOException, SQLException {
        AvroRows rows = rows(seed, PLAIN);
        Path leaf = write(rows);
        JsonMapper json = new JsonMapper();

        List<JsonNode> found = new ArrayList<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT to_json(t) FROM (SELECT * EXCLUDE (_healpix_29) FROM read_parquet('%s')) t"
                                .formatted(leaf))) {
            while (result.next()) {
                found.add(json.readTree(result.getString(1)));
            }
        }

        List<JsonNode> expected = IntStream.range(0, ROWS)
                .mapToObj(row -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    for (int i = 0; i < rows.schema().columns().size(); i++) {
                        Column column = rows.schema().columns().get(i);
                        values.put(
                                column.name(),
                                plain(column.type(), rows.record(row).get(i)));
                    }
                    return json.<JsonNode>valueToTree(values);
                })
                .toList();
        assertThat(found.stream().map(JsonNode::toString))
                .as("seed %d", seed)
                .isEqualTo(expected.stream().map(JsonNode::toString).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44, 45, 46, 47, 48, 49, 50})
    void statisticsHoldForTheValuesThatParquetJavaReads(long seed) throws IOException {
        AvroRows rows = rows(seed, ALL);
        Path leaf = write(rows);

        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(leaf))) {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            for (BlockMetaData group : reader.getFooter().getBlocks()) {
                ColumnReadStoreImpl columns = new ColumnReadStoreImpl(
                        reader.readNextRowGroup(), new GroupRecordConverter(schema).getRootConverter(), schema, null);
                for (int i = 0; i < schema.getColumns().size(); i++) {
                    ColumnDescriptor column = schema.getColumns().get(i);
                    Statistics<?> expected = statistics(
                            column,
                            columns.getColumnReader(column),
                            group.getColumns().get(i).getValueCount());
                    Statistics<?> found = group.getColumns().get(i).getStatistics();
                    assertThat(found.getNumNulls())
                            .as("seed %d, %s", seed, column)
                            .isEqualTo(expected.getNumNulls());
                    assertThat(found.hasNonNullValue())
                            .as("seed %d, %s", seed, column)
                            .isEqualTo(expected.hasNonNullValue());
                    if (expected.hasNonNullValue()) {
                        assertThat(List.of(found.minAsString(), found.maxAsString()))
                                .as("seed %d, %s", seed, column)
                                .isEqualTo(List.of(expected.minAsString(), expected.maxAsString()));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53, 54, 55, 56, 57, 58, 59, 60})
    void theStatisticsFileSaysWhatTheFooterSays(long seed) throws IOException {
        AvroRows rows = rows(seed, ALL);
        Path leaf = write(rows);
        try (StatisticsFile file = new StatisticsFile(rows.schema(), store.create("statistics"))) {
            file.add(store, "leaf", new Pixel(1, 7));
            file.finish();
        }

        try (TableFile table = TableFile.open(store, "statistics");
                ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(leaf))) {
            TableRows row = table.rows(0);
            int number = 0;
            for (BlockMetaData group : reader.getFooter().getBlocks()) {
                assertThat(row.next()).isTrue();
                assertThat(List.of(row.integer(0), row.integer(1), row.integer(2)))
                        .isEqualTo(List.of(1L, 7L, (long) number++));
                int place = 3;
                for (ColumnChunkMetaData chunk : group.getColumns()) {
                    String name = chunk.getPath().toDotString().replaceFirst("\\.list\\.element$", "");
                    assertThat(table.schema().getFields().subList(place, place + 6))
                            .extracting(Type::getName)
                            .containsExactly(
                                    name + "::min_value",
                                    name + "::max_value",
                                    name + "::null_count",
                                    name + "::row_count",
                                    name + "::disk_bytes",
                                    name + "::memory_bytes");
                    Statistics<?> statistics = chunk.getStatistics();
                    assertThat(row.isNull(place)).isEqualTo(!statistics.hasNonNullValue());
                    if (statistics.hasNonNullValue()) {
                        assertThat(row.plainBytes(place)).isEqualTo(statistics.getMinBytes());
                        assertThat(row.plainBytes(place + 1)).isEqualTo(statistics.getMaxBytes());
                    }
                    assertThat(row.integer(place + 2)).isEqualTo(statistics.getNumNulls());
                    assertThat(row.integer(place + 3)).isEqualTo(chunk.getValueCount());
                    assertThat(row.integer(place + 4)).isEqualTo(chunk.getTotalSize());
                    place += 6;
                }
            }
            assertThat(row.next()).isFalse();
        }
    }

    private static Statistics<?> statistics(ColumnDescriptor column, ColumnReader reader, long entries) {
        Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
        for (long entry = 0; entry < entries; entry++) {
            if (reader.getCurrentDefinitionLevel() < column.getMaxDefinitionLevel()) {
                statistics.incrementNumNulls();
            } else {
                switch (column.getPrimitiveType().getPrimitiveTypeName()) {
                    case BOOLEAN -> statistics.updateStats(reader.getBoolean());
                    case INT32 -> statistics.updateStats(reader.getInteger());
                    case INT64 -> statistics.updateStats(reader.getLong());
                    case DOUBLE -> statistics.updateStats(reader.getDouble());
                    default -> statistics.updateStats(reader.getBinary());
                }
            }
            reader.consume();
        }
        return statistics;
    }

    /** A page ends where a row ends, however many elements the row has. */
    @Test
    void listsOfManyElementsSpanNoPages() throws IOException {
        RowSchema schema =
                new RowSchema("s.t", List.of(new Column("l", ColumnType.list(ColumnType.INT32), false)), List.of());
        Random random = new Random(5);
        AvroRows rows = new AvroRows(schema, new long[] {1, 2, 3, 4}, () -> {
            GenericData.Record record = new GenericData.Record(schema.toAvro());
            record.put(0, random.ints(25_000).boxed().toList());
            return record;
        });
        Path leaf = write(rows);

        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(new LocalInputFile(leaf))
                .withDataModel(new GenericData())
                .build()) {
            for (int row = 0; row < 4; row++) {
                assertThat((List<?>) reader.read().get(1)).hasSize(25_000);
            }
        }
        try (LeafReader reader = new ParquetLeaves(schema).open(store.open("leaf"))) {
            RowCursor found = reader.rows(0);
            for (int row = 0; row < 4; row++) {
                assertThat(found.next()).isTrue();
                assertThat(Arrays.copyOfRange(found.bytes(), found.start(), found.end()))
                        .isEqualTo(rows.bytes(row));
            }
        }
    }

    private Path write(AvroRows rows) throws IOException {
        try (LeafWriter writer = new ParquetLeaves(rows.schema()).create(store.create("leaf"))) {
            for (int from = 0; from < rows.count(); from += GROUP_ROWS) {
                writer.encode(rows.cursor(from, Math.min(rows.count(), from + GROUP_ROWS)));
            }
            writer.finish();
        }
        return Files.write(folder.resolve("leaf.parquet"), store.read("leaf").orElseThrow());
    }

    private static AvroRows rows(long seed, List<ColumnType> scalars) {
        Random random = new Random(seed);
        List<Column> columns = columns(random, 2 + random.nextInt(6), 0, scalars);
        RowSchema schema = new RowSchema("s.t", columns, List.of());
        Schema avro = schema.toAvro();
        double nulls = random.nextDouble();
        long[] healpix = random.longs(ROWS, 0, 12L << 58).sorted().toArray();
        return new AvroRows(schema, healpix, () -> (GenericRecord) value(avro, nulls, random));
    }

    private static List<Column> columns(Random random, int count, int depth, List<ColumnType> scalars) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Column("c" + i, type(random, depth, scalars), random.nextBoolean()))
                .toList();
    }

    private static ColumnType type(Random random, int depth, List<ColumnType> scalars) {
        int choice = depth == MAX_DEPTH ? 0 : random.nextInt(3);
        return switch (choice) {
            case 0 -> scalars.get(random.nextInt(scalars.size()));
            case 1 -> ColumnType.list(type(random, depth + 1, scalars));
            default -> ColumnType.record(columns(random, 1 + random.nextInt(3), depth + 1, scalars));
        };
    }

    private static @Nullable Object value(Schema schema, double nulls, Random random) {
        return switch (schema.getType()) {
            case UNION -> random.nextDouble() < nulls
                    ? null
                    : value(schema.getTypes().get(1), nulls, random);
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextInt() >> (16 + random.nextInt(16));
            case LONG -> Math.floorMod(random.nextLong(), 86_400_000_000L);
            case DOUBLE -> random.nextDouble();
            case STRING -> "text".repeat(random.nextInt(3)) + random.nextInt(50);
            case BYTES -> ByteBuffer.wrap(
                    BigInteger.valueOf(random.nextInt(9_999_999)).toByteArray());
            case FIXED -> {
                byte[] bytes = new byte[schema.getFixedSize()];
                random.nextBytes(bytes);
                yield new GenericData.Fixed(schema, bytes);
            }
            case ARRAY -> IntStream.range(0, random.nextInt(4) * random.nextInt(4))
                    .mapToObj(i -> value(schema.getElementType(), nulls, random))
                    .toList();
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema(), nulls, random)));
                yield record;
            }
            default -> throw new AssertionError(schema);
        };
    }

    /** A value in plain Java types, whichever of Avro's classes stands for it. */
    private static @Nullable Object plain(ColumnType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (type.kind()) {
            case LIST -> {
                List<Object> elements = new ArrayList<>();
                ((Iterable<?>) value)
                        .forEach(element -> elements.add(plain(type.element().type(), element)));
                yield elements;
            }
            case RECORD -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                for (int i = 0; i < type.parts().size(); i++) {
                    Column part = type.parts().get(i);
                    fields.put(part.name(), plain(part.type(), ((GenericRecord) value).get(i)));
                }
                yield fields;
            }
            case DECIMAL -> value instanceof BigDecimal decimal
                    ? decimal.unscaledValue()
                    : new BigInteger(bytes(value));
            case BYTES -> HexFormat.of().formatHex(bytes(value));
            case UUID -> value instanceof CharSequence text
                    ? UUID.fromString(text.toString())
                    : new UUID(
                            ByteBuffer.wrap(bytes(value)).getLong(),
                            ByteBuffer.wrap(bytes(value)).getLong(Long.BYTES));
            case STRING, JSON, TEXT_FORM -> value instanceof ByteBuffer
                    ? new String(bytes(value), StandardCharsets.UTF_8)
                    : value.toString();
            default -> value;
        };
    }

    private static byte[] bytes(Object value) {
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
