package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroCursor;
import java.util.Arrays;

/** UUIDs: 16 bytes in the order of RFC 9562, as in Avro. */
final class UuidValues extends FixedValues {
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
    int compare(byte[] bytes, int one, int other) {
        return Arrays.compareUnsigned(bytes, one, one + BYTES, bytes, other, other + BYTES);
    }
}
