package io.skyroll.sinks.parquet;

import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.parquet.format.Statistics;

/**
 * The values of one column of a row group, without the nulls, in Parquet's PLAIN encoding; only booleans take a byte each here
 * and become bits in the page. Avro and PLAIN share the little-endian floats, so these are never decoded. Owned by one thread.
 */
abstract class PlainValues {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int INITIAL_BYTES = 1 << 12;

    final AvroBuffer plain = new AvroBuffer(INITIAL_BYTES);

    /** Size of a value in bytes; 0 if it varies. */
    final int width;

    PlainValues(int width) {
        this.width = width;
    }

    static PlainValues of(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> new BooleanValues();
            case INT16, INT32, DATE -> new IntegerValues(Integer.BYTES);
            case INT64, TIMESTAMP, TIMESTAMP_UTC, TIME -> new IntegerValues(Long.BYTES);
            case FLOAT32 -> new FloatingValues(Float.BYTES);
            case FLOAT64 -> new FloatingValues(Double.BYTES);
            case STRING, BYTES, JSON, TEXT_FORM -> new StringValues();
            case UUID -> new UuidValues();
            case DECIMAL -> {
                if (type.precision() > LeafSchema.INT64_DIGITS) {
                    yield new FixedDecimalValues(type);
                }
                yield new SmallDecimalValues(type);
            }
            case LIST, RECORD -> throw new IllegalArgumentException("values of %s are taken apart".formatted(type));
        };
    }

    /** Takes the value at the cursor over, and moves the cursor behind it. */
    abstract void append(AvroCursor row);

    /** Takes over a value that is encoded already; if values vary in size, without its length. */
    void append(byte[] encoded) {
        plain.write(encoded, 0, width);
    }

    /** Whether a dictionary is worth a try. */
    abstract boolean mayRepeat();

    /** Sets the smallest and the largest value of all, at least one. */
    abstract void describe(Statistics statistics);

    int count() {
        return plain.size() / width;
    }

    void clear() {
        plain.clear();
    }

    /** Where the value stands that comes some values behind the one at a place. */
    final int skip(int start, int values) {
        if (width > 0) {
            return start + values * width;
        }
        byte[] bytes = plain.bytes();
        int p = start;
        for (int i = 0; i < values; i++) {
            p += Integer.BYTES + (int) INT.get(bytes, p);
        }
        return p;
    }

    static byte[] littleEndian(long value, int width) {
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) (value >>> (Byte.SIZE * i));
        }
        return bytes;
    }
}
