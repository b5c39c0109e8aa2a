package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroCursor;
import org.apache.parquet.format.Statistics;

/** FLOAT and DOUBLE, bit for bit. */
final class FloatingValues extends PlainValues {

    FloatingValues(int width) {
        super(width);
    }

    @Override
    void append(AvroCursor row) {
        if (width == Double.BYTES) {
            plain.writeDoubleBits(Double.doubleToRawLongBits(row.readDouble()));
        } else {
            plain.writeFloatBits(Float.floatToRawIntBits(row.readFloat()));
        }
    }

    /** Measurements hardly repeat, and a dictionary that is thrown away is the dearest encoding of all. */
    @Override
    boolean mayRepeat() {
        return false;
    }

    /**
     * Zeros are widened to both signs, as parquet.thrift asks for under ColumnOrder. It asks to leave NaN out of the bounds too,
     * but DuckDB takes NaN for the greatest value and would prune rows that its own filters want: no bounds then.
     */
    @Override
    void describe(Statistics statistics) {
        byte[] bytes = plain.bytes();
        int end = plain.size();
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int p = 0; p < end; p += width) {
            double value = width == Double.BYTES
                    ? Double.longBitsToDouble((long) LONG.get(bytes, p))
                    : Float.intBitsToFloat((int) INT.get(bytes, p));
            if (Double.isNaN(value)) {
                return;
            }
            if (value < min) {
                min = value;
            }
            if (value > max) {
                max = value;
            }
        }
        statistics.setMin_value(bits(min == 0 ? -0.0 : min));
        statistics.setMax_value(bits(max == 0 ? 0.0 : max));
    }

    private byte[] bits(double value) {
        return width == Double.BYTES
                ? littleEndian(Double.doubleToRawLongBits(value), width)
                : littleEndian(Float.floatToRawIntBits((float) value), width);
    }
}
