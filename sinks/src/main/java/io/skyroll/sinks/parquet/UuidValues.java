package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroCursor;
import java.util.Arrays;
import org.apache.parquet.format.Statistics;

/** UUIDs, as FIXED_LEN_BYTE_ARRAY in the order of RFC 9562, which is that of Avro too. */
final class UuidValues extends PlainValues {
    static final int BYTES = 16;

    UuidValues() {
        super(BYTES);
    }

    @Override
    void append(AvroCursor row) {
        plain.write(row.bytes(), row.position(), BYTES);
        row.position(row.position() + BYTES);
    }

    @Override
    boolean mayRepeat() {
        return true;
    }

    @Override
    void describe(Statistics statistics) {
        int min = 0;
        int max = 0;
        for (int p = BYTES; p < plain.size(); p += BYTES) {
            if (compare(p, min) < 0) {
                min = p;
            } else if (compare(p, max) > 0) {
                max = p;
            }
        }
        statistics.setMin_value(Arrays.copyOfRange(plain.bytes(), min, min + BYTES));
        statistics.setMax_value(Arrays.copyOfRange(plain.bytes(), max, max + BYTES));
    }

    private int compare(int one, int other) {
        byte[] bytes = plain.bytes();
        return Arrays.compareUnsigned(bytes, one, one + BYTES, bytes, other, other + BYTES);
    }
}
