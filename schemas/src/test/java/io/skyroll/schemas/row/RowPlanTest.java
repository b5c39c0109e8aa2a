package io.skyroll.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.wire.AvroBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class RowPlanTest {
    private static final int MAX_DEPTH = 3;

    /** Avro's own writer is the judge: of where each column's value stands, and of where the row ends. */
    @RepeatedTest(50)
    void findsEveryColumnOfRowsOfAnyType(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        RowSchema schema = new RowSchema("s.t", columns(random, 1 + random.nextInt(12), 0), List.of());
        RowPlan plan = new RowPlan(schema);
        // The way Avro writes lists depends on it: one block, or several with their sizes.
        boolean blocks = random.nextBoolean();
        for (int row = 0; row < 20; row++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(new byte[random.nextInt(3)]);
            int start = bytes.size();
            List<Integer> expected = new ArrayList<>();
            for (Column column : schema.columns()) {
                Object value = column.nullable() && random.nextInt(3) == 0 ? null : value(column, random);
                expected.add(value == null ? RowPlan.NULL : bytes.size() + (column.nullable() ? 1 : 0));
                write(column, value, blocks, bytes);
            }
            int end = bytes.size();
            bytes.write(0x55);

            int[] offsets = new int[schema.columns().size()];
            assertThat(plan.locate(bytes.toByteArray(), start, offsets)).isEqualTo(end);
            assertThat(IntStream.of(offsets).boxed().toList()).isEqualTo(expected);
            assertThat(plan.end(bytes.toByteArray(), start)).isEqualTo(end);
        }
    }

    @RepeatedTest(10)
    void keyIsTheBytesOfTheKeyColumnsInKeyOrder(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Column> columns = columns(random, 4, 0).stream()
                .map(column -> new Column(column.name(), column.type(), false))
                .toList();
        RowSchema schema = new RowSchema("s.t", columns, List.of("c2", "c0"));
        ByteArrayOutputStream row = new ByteArrayOutputStream();
        List<byte[]> values = new ArrayList<>();
        for (Column column : columns) {
            int before = row.size();
            write(column, value(column, random), false, row);
            values.add(Arrays.copyOfRange(row.toByteArray(), before, row.size()));
        }
        RowPlan plan = new RowPlan(schema);
        int[] offsets = new int[columns.size()];
        plan.locate(row.toByteArray(), 0, offsets);
        AvroBuffer key = new AvroBuffer(1);

        plan.writeKey(row.toByteArray(), offsets, key);

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(values.get(2));
        expected.write(values.get(0));
        assertThat(key.toBytes()).isEqualTo(expected.toByteArray());
    }

    private static void write(Column column, @Nullable Object value, boolean blocks, ByteArrayOutputStream target)
            throws IOException {
        Schema schema = column.toField("s.t").schema();
        BinaryEncoder direct = EncoderFactory.get().directBinaryEncoder(target, null);
        Encoder encoder =
                blocks ? new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(target, null) : direct;
        new GenericDatumWriter<>(schema).write(value, encoder);
        encoder.flush();
    }

    private static List<Column> columns(Random random, int count, int depth) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Column("c" + i, type(random, depth), random.nextBoolean()))
                .toList();
    }

    private static ColumnType type(Random random, int depth) {
        ColumnType.Kind[] kinds = ColumnType.Kind.values();
        ColumnType.Kind kind = kinds[random.nextInt(kinds.length)];
        return switch (kind) {
            case DECIMAL -> ColumnType.decimal(20, 5);
            case TEXT_FORM -> ColumnType.textForm("inet");
            case LIST -> depth == MAX_DEPTH ? ColumnType.JSON : ColumnType.list(type(random, depth + 1));
            case RECORD -> depth == MAX_DEPTH
                    ? ColumnType.BYTES
                    : ColumnType.record(columns(random, 1 + random.nextInt(3), depth + 1));
            default -> ColumnType.of(kind);
        };
    }

    private static @Nullable Object value(Column column, Random random) {
        Schema schema = column.toField("s.t").schema();
        return value(column.nullable() ? schema.getTypes().get(1) : schema, random);
    }

    private static @Nullable Object value(Schema schema, Random random) {
        return switch (schema.getType()) {
            case UNION -> random.nextInt(3) == 0
                    ? null
                    : value(schema.getTypes().get(1), random);
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextInt() >> random.nextInt(32);
            case LONG -> random.nextLong() >> random.nextInt(64);
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case STRING -> "x".repeat(random.nextInt(200));
            case BYTES -> ByteBuffer.wrap(new BigInteger(random.nextInt(60), random).toByteArray());
            case FIXED -> {
                byte[] bytes = new byte[schema.getFixedSize()];
                random.nextBytes(bytes);
                yield new GenericData.Fixed(schema, bytes);
            }
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                int count = random.nextInt(4) == 0 ? random.nextInt(40) : random.nextInt(3);
                for (int i = 0; i < count; i++) {
                    elements.add(value(schema.getElementType(), random));
                }
                yield elements;
            }
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema(), random)));
                yield record;
            }
            default -> throw new AssertionError(schema);
        };
    }
}
