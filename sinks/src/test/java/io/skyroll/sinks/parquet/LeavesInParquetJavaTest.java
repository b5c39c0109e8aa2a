package io.skyroll.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What parquet-java's own file reader finds in a leaf. */
class LeavesInParquetJavaTest {
    private static final int GROUP_ROWS = 500;

    private final Path folder;

    LeavesInParquetJavaTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void everyValueIsTheOneThatWasPutIn() throws IOException {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 1000, new Random(11));
        Path leaf = write(rows);

        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(new LocalInputFile(leaf))
                .withDataModel(new GenericData())
                .build()) {
            for (int row = 0; row < rows.count(); row++) {
                GenericRecord found = reader.read();
                assertThat(found.get("_healpix_29")).isEqualTo(rows.healpix(row));
                for (int i = 0; i < rows.schema().columns().size(); i++) {
                    Column column = rows.schema().columns().get(i);
                    assertThat(comparable(found.get(i + 1), column.type()))
                            .as("row %d, %s", row, column)
                            .isEqualTo(rows.values(row).get(i));
                }
            }
            assertThat(reader.read()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void statisticsAreTheOnesParquetJavaWouldWrite(long seed) throws IOException {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 1000, new Random(seed));
        Path leaf = write(rows);

        ParquetMetadata footer;
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(leaf))) {
            footer = reader.getFooter();
        }

        assertThat(footer.getFileMetaData().getSchema()).isEqualTo(new ParquetLeaves(rows.schema()).schema());
        int first = 0;
        for (BlockMetaData group : footer.getBlocks()) {
            for (int i = 0; i < rows.schema().columns().size(); i++) {
                ColumnChunkMetaData chunk = group.getColumns().get(i + 1);
                assertStatistics(rows, i, first, first + GROUP_ROWS, chunk);
            }
            first += GROUP_ROWS;
        }
    }

    private static void assertStatistics(SampleRows rows, int column, int from, int to, ColumnChunkMetaData chunk) {
        Column described = rows.schema().columns().get(column);
        Statistics<?> expected = Statistics.createStats(chunk.getPrimitiveType());
        boolean hasNan = false;
        boolean isLong = false;
        for (int row = from; row < to; row++) {
            Object value = rows.values(row).get(column);
            hasNan |= (value instanceof Float f && f.isNaN()) || (value instanceof Double d && d.isNaN());
            update(expected, value, chunk.getPrimitiveType());
        }
        if (described.type().equals(ColumnType.STRING) && expected.hasNonNullValue()) {
            isLong = expected.getMinBytes().length > 64 || expected.getMaxBytes().length > 64;
        }
        Statistics<?> found = chunk.getStatistics();
        assertThat(found.getNumNulls()).as("nulls of %s", described).isEqualTo(expected.getNumNulls());
        boolean hasExtremes = expected.hasNonNullValue() && !hasNan && !isLong;
        assertThat(found.hasNonNullValue()).as("extremes of %s", described).isEqualTo(hasExtremes);
        if (hasExtremes) {
            assertThat(comparable(found.genericGetMin()))
                    .as("least of %s", described)
                    .isEqualTo(comparable(expected.genericGetMin()));
            assertThat(comparable(found.genericGetMax()))
                    .as("greatest of %s", described)
                    .isEqualTo(comparable(expected.genericGetMax()));
        }
    }

    /** Makes the two zeros one: the format widens bounds to both. */
    private static Object comparable(Object extreme) {
        return switch (extreme.getClass().getSimpleName()) {
            case "Float" -> (float) extreme + 0.0f;
            case "Double" -> (double) extreme + 0.0;
            default -> extreme;
        };
    }

    private static void update(Statistics<?> statistics, @Nullable Object value, PrimitiveType type) {
        if (value == null) {
            statistics.incrementNumNulls();
        } else if (value instanceof Boolean bool) {
            statistics.updateStats(bool);
        } else if (value instanceof Integer number) {
            statistics.updateStats(number);
        } else if (value instanceof Long number) {
            statistics.updateStats(number);
        } else if (value instanceof Float number) {
            statistics.updateStats(number);
        } else if (value instanceof Double number) {
            statistics.updateStats(number);
        } else if (value instanceof String text) {
            statistics.updateStats(Binary.fromString(text));
        } else if (value instanceof BigInteger unscaled) {
            switch (type.getPrimitiveTypeName()) {
                case INT32 -> statistics.updateStats(unscaled.intValueExact());
                case INT64 -> statistics.updateStats(unscaled.longValueExact());
                default -> {
                    byte[] bytes = new byte[type.getTypeLength()];
                    byte[] minimal = unscaled.toByteArray();
                    Arrays.fill(bytes, (byte) (unscaled.signum() < 0 ? -1 : 0));
                    System.arraycopy(minimal, 0, bytes, bytes.length - minimal.length, minimal.length);
                    statistics.updateStats(Binary.fromConstantByteArray(bytes));
                }
            }
        }
    }

    private static @Nullable Object comparable(@Nullable Object found, ColumnType type) {
        if (found == null || type.kind() != ColumnType.Kind.DECIMAL) {
            return found instanceof CharSequence text ? text.toString() : found;
        }
        return found instanceof GenericFixed fixed
                ? new BigInteger(fixed.bytes())
                : ((BigDecimal) found).unscaledValue();
    }

    private Path write(SampleRows rows) throws IOException {
        InMemoryStore store = new InMemoryStore();
        try (LeafWriter writer = new ParquetLeaves(rows.schema()).create(store.create("leaf"))) {
            List.of(rows.cursor(0, GROUP_ROWS), rows.cursor(GROUP_ROWS, rows.count()))
                    .forEach(writer::encode);
            writer.finish();
        }
        return Files.write(folder.resolve("leaf.parquet"), store.read("leaf").orElseThrow());
    }
}
