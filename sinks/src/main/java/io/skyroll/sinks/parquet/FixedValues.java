package io.skyroll.sinks.parquet;

import java.util.Arrays;
import org.apache.parquet.format.Statistics;

/** FIXED_LEN_BYTE_ARRAY: values of one width in bytes, in an order of their own. */
abstract class FixedValues extends PlainValues {

    FixedValues(int width) {
        super(width);
    }

    /** Compares the values at two places of {@link #plain}. */
    abstract int compare(byte[] bytes, int one, int other);

    @Override
    final boolean mayRepeat() {
        return true;
    }

    @Override
    final void describe(Statistics statistics) {
        byte[] bytes = plain.bytes();
        int min = 0;
        int max = 0;
        for (int p = width; p < plain.size(); p += width) {
            if (compare(bytes, p, min) < 0) {
                min = p;
            } else if (compare(bytes, p, max) > 0) {
                max = p;
            }
        }
        statistics.setMin_value(Arrays.copyOfRange(bytes, min, min + width));
        statistics.setMax_value(Arrays.copyOfRange(bytes, max, max + width));
    }
}
