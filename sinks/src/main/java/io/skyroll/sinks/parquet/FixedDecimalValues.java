package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import java.util.Arrays;

/** Decimals of more than 18 digits: the unscaled value in two's complement, big-endian. */
final class FixedDecimalValues extends FixedValues {
    private final ColumnType type;
    private final byte[] positive;
    private final byte[] negative;

    FixedDecimalValues(ColumnType type) {
        super(LeafSchema.decimalBytes(type.precision()));
        this.type = type;
        this.positive = new byte[width];
        this.negative = new byte[width];
        Arrays.fill(negative, (byte) -1);
    }

    @Override
    void append(AvroCursor row) {
        int length = row.readLength();
        int start = row.position();
        if (length < 1 || length > width) {
            throw SkyrollException.defect("%s cannot hold an unscaled value of %d bytes".formatted(type, length));
        }
        plain.write(row.bytes()[start] < 0 ? negative : positive, 0, width - length);
        plain.write(row.bytes(), start, length);
        row.position(start + length);
    }

    @Override
    int compare(byte[] bytes, int one, int other) {
        int bySign = Byte.compare(bytes[one], bytes[other]);
        return bySign != 0
                ? bySign
                : Arrays.compareUnsigned(bytes, one + 1, one + width, bytes, other + 1, other + width);
    }

    /** Writes an unscaled value as Avro bytes, in the fewest of them. */
    static void writeAvro(byte[] bytes, int start, int length, AvroBuffer row) {
        int first = start;
        int last = start + length - 1;
        while (first < last && bytes[first] == bytes[first + 1] >> (Byte.SIZE - 1)) {
            first++;
        }
        row.writeWithLength(bytes, first, last + 1 - first);
    }
}
