package io.skyroll.sinks.parquet;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.RowCursor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Random rows of a random schema, as values and as the bytes that Avro's own encoder makes of them. Columns differ in how often
 * they repeat a value and how often they have none. Decimals are kept as unscaled values, dates in days, timestamps in
 * microseconds.
 */
final class SampleRows {
    private static final List<ColumnType> TYPES = List.of(
            ColumnType.BOOLEAN,
            ColumnType.INT16,
            ColumnType.INT32,
            ColumnType.INT64,
            ColumnType.FLOAT32,
            ColumnType.FLOAT64,
            ColumnType.STRING,
            ColumnType.DATE,
            ColumnType.TIMESTAMP,
            ColumnType.TIMESTAMP_UTC,
            ColumnType.decimal(5, 2),
            ColumnType.decimal(9, 0),
            ColumnType.decimal(18, 6),
            ColumnType.decimal(19, 19),
            ColumnType.decimal(38, 10));

    /** Year 1600 to 2500, which every reader's own types hold. */
    private static final int DAYS = 328_000;

    private final RowSchema schema;
    private final long[] healpix;
    private final List<List<@Nullable Object>> values = new ArrayList<>();
    private final byte[] bytes;
    private final int[] ends;

    private SampleRows(RowSchema schema, long[] healpix, List<Supplier<@Nullable Object>> columns) {
        this.schema = schema;
        this.healpix = healpix;
        this.ends = new int[healpix.length];
        Schema avro = schema.toAvro();
        GenericDatumWriter<GenericData.Record> writer = new GenericDatumWriter<>(avro);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        for (int row = 0; row < healpix.length; row++) {
            List<@Nullable Object> rowValues = new ArrayList<>();
            GenericData.Record record = new GenericData.Record(avro);
            for (int i = 0; i < columns.size(); i++) {
                Object value = columns.get(i).get();
                rowValues.add(value);
                record.put(i, value instanceof BigInteger unscaled ? ByteBuffer.wrap(unscaled.toByteArray()) : value);
            }
            values.add(rowValues);
            try {
                writer.write(record, encoder);
                encoder.flush();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            ends[row] = out.size();
        }
        this.bytes = out.toByteArray();
    }

    /** Every type once without and once with nulls. */
    static RowSchema everyType() {
        List<Column> columns = new ArrayList<>();
        for (ColumnType type : TYPES) {
            String name = type.toString().replaceAll("[(,)]", "_");
            columns.add(new Column(name, type, false));
            columns.add(new Column(name + "null", type, true));
        }
        return new RowSchema("sky.every_type", columns, List.of());
    }

    static RowSchema randomSchema(Random random) {
        List<Column> columns = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            columns.add(new Column("c" + i, TYPES.get(random.nextInt(TYPES.size())), random.nextBoolean()));
        }
        return new RowSchema("sky.random", columns, List.of());
    }

    static SampleRows random(RowSchema schema, int rows, Random random) {
        long[] healpix =
                random.longs(rows, 0, 12L << 58).map(cell -> cell & -8).sorted().toArray();
        List<Supplier<@Nullable Object>> columns = new ArrayList<>();
        for (Column column : schema.columns()) {
            columns.add(profile(column, random));
        }
        return new SampleRows(schema, healpix, columns);
    }

    /** Rows of these values, in cells 0, 1, 2 and so on. */
    static SampleRows of(RowSchema schema, List<List<@Nullable Object>> values) {
        List<Supplier<@Nullable Object>> columns = new ArrayList<>();
        for (int i = 0; i < schema.columns().size(); i++) {
            int column = i;
            Iterator<List<@Nullable Object>> row = values.iterator();
            columns.add(() -> row.next().get(column));
        }
        return new SampleRows(schema, LongStream.range(0, values.size()).toArray(), columns);
    }

    private static Supplier<@Nullable Object> profile(Column column, Random random) {
        int distinct = new int[] {1, 2, 7, 300, Integer.MAX_VALUE}[random.nextInt(5)];
        double nulls = column.nullable() ? new double[] {0, 0.01, 0.5, 0.99, 1}[random.nextInt(5)] : 0;
        List<Object> pool = new ArrayList<>();
        if (distinct < Integer.MAX_VALUE) {
            for (int i = 0; i < distinct; i++) {
                pool.add(value(column.type(), random));
            }
        }
        return () -> {
            if (random.nextDouble() < nulls) {
                return null;
            }
            return pool.isEmpty() ? value(column.type(), random) : pool.get(random.nextInt(pool.size()));
        };
    }

    private static Object value(ColumnType type, Random random) {
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case INT16 -> (int) (short) random.nextInt();
            case INT32 -> random.nextInt() >> random.nextInt(32);
            case INT64 -> random.nextLong() >> random.nextInt(64);
            case FLOAT32 -> floatValue(random);
            case FLOAT64 -> doubleValue(random);
            case STRING -> string(random);
            case DATE -> random.nextInt(DAYS) - DAYS / 2;
            case TIMESTAMP, TIMESTAMP_UTC -> (random.nextLong() % DAYS) * 86_400_000_000L / 2 + random.nextInt();
            case DECIMAL -> {
                BigInteger limit = BigInteger.TEN.pow(type.precision());
                BigInteger digits = new BigInteger(limit.bitLength() + 7, random).mod(limit);
                BigInteger unscaled = random.nextInt(4) == 0 ? digits.shiftRight(random.nextInt(60)) : digits;
                yield random.nextBoolean() ? unscaled : unscaled.negate();
            }
            default -> throw new AssertionError();
        };
    }

    private static float floatValue(Random random) {
        return switch (random.nextInt(40)) {
            case 0 -> -0.0f;
            case 1 -> 0.0f;
            case 2 -> Float.intBitsToFloat(0xFF80_0001 | random.nextInt(1 << 22));
            case 3 -> Float.NEGATIVE_INFINITY;
            case 4 -> Float.NaN;
            default -> (float) random.nextGaussian();
        };
    }

    private static double doubleValue(Random random) {
        return switch (random.nextInt(40)) {
            case 0 -> -0.0;
            case 1 -> 0.0;
            case 2 -> Double.longBitsToDouble(0x7FF0_0000_0000_0001L | random.nextInt());
            case 3 -> Double.POSITIVE_INFINITY;
            case 4 -> Double.NaN;
            default -> random.nextGaussian() * 1e10;
        };
    }

    private static String string(Random random) {
        int length = random.nextInt(50) == 0 ? random.nextInt(300) : random.nextInt(12);
        int[] points = random.ints(length, 0, 4)
                .map(kind -> switch (kind) {
                    case 0 -> 0x1F30C;
                    case 1 -> 0x3B1;
                    default -> 'a' + kind;
                })
                .toArray();
        return new String(points, 0, length);
    }

    RowSchema schema() {
        return schema;
    }

    int count() {
        return healpix.length;
    }

    long healpix(int row) {
        return healpix[row];
    }

    List<@Nullable Object> values(int row) {
        return values.get(row);
    }

    byte[] avro(int row) {
        return Arrays.copyOfRange(bytes, start(row), ends[row]);
    }

    RowCursor cursor() {
        return cursor(0, count());
    }

    /** The rows from one index (inclusive) to another (exclusive). */
    RowCursor cursor(int from, int to) {
        return new RowCursor() {
            private int row = from - 1;

            @Override
            public boolean next() {
                return ++row < to;
            }

            @Override
            public long healpix() {
                return healpix[row];
            }

            @Override
            public byte[] bytes() {
                return bytes;
            }

            @Override
            public int start() {
                return SampleRows.this.start(row);
            }

            @Override
            public int end() {
                return ends[row];
            }
        };
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }
}
