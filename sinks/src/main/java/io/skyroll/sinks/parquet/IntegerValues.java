package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroCursor;
import org.apache.parquet.format.Statistics;

/** INT32 and INT64: whole numbers, dates and timestamps. */
sealed class IntegerValues extends PlainValues permits SmallDecimalValues {

    IntegerValues(int width) {
        super(width);
    }

    @Override
    void append(AvroCursor row) {
        add(row.readLong());
    }

    final void add(long value) {
        if (width == Long.BYTES) {
            plain.writeDoubleBits(value);
        } else {
            plain.writeFloatBits((int) value);
        }
    }

    @Override
    boolean mayRepeat() {
        return true;
    }

    @Override
    void describe(Statistics statistics) {
        byte[] bytes = plain.bytes();
        int end = plain.size();
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        if (width == Long.BYTES) {
            for (int p = 0; p < end; p += Long.BYTES) {
                long value = (long) LONG.get(bytes, p);
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        } else {
            for (int p = 0; p < end; p += Integer.BYTES) {
                int value = (int) INT.get(bytes, p);
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        statistics.setMin_value(littleEndian(min, width));
        statistics.setMax_value(littleEndian(max, width));
    }
}
