package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroCursor;
import java.util.Arrays;
import org.apache.parquet.format.Statistics;

/** BYTE_ARRAY: a 4-byte length, then UTF-8, or any bytes. */
final class StringValues extends PlainValues {
    /** Longer extremes would fill the footer, which is read before anything else; the row group goes without them. */
    private static final int MAX_EXTREME_BYTES = 64;

    private int count;

    StringValues() {
        super(0);
    }

    @Override
    void append(AvroCursor row) {
        int length = row.readLength();
        plain.writeFloatBits(length);
        plain.write(row.bytes(), row.position(), length);
        row.position(row.position() + length);
        count++;
    }

    @Override
    void append(byte[] encoded) {
        plain.writeFloatBits(encoded.length);
        plain.write(encoded, 0, encoded.length);
        count++;
    }

    @Override
    int count() {
        return count;
    }

    @Override
    void clear() {
        super.clear();
        count = 0;
    }

    @Override
    boolean mayRepeat() {
        return true;
    }

    @Override
    void describe(Statistics statistics) {
        int min = 0;
        int max = 0;
        for (int p = skip(0, 1); p < plain.size(); p = skip(p, 1)) {
            if (compare(p, min) < 0) {
                min = p;
            } else if (compare(p, max) > 0) {
                max = p;
            }
        }
        if (end(min) - start(min) <= MAX_EXTREME_BYTES && end(max) - start(max) <= MAX_EXTREME_BYTES) {
            statistics.setMin_value(Arrays.copyOfRange(plain.bytes(), start(min), end(min)));
            statistics.setMax_value(Arrays.copyOfRange(plain.bytes(), start(max), end(max)));
        }
    }

    private int compare(int one, int other) {
        byte[] bytes = plain.bytes();
        return Arrays.compareUnsigned(bytes, start(one), end(one), bytes, start(other), end(other));
    }

    private static int start(int value) {
        return value + Integer.BYTES;
    }

    private int end(int value) {
        return skip(value, 1);
    }
}
