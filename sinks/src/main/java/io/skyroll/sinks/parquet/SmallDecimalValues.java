package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;

/** Decimals of at most 18 digits, as INT32 or INT64 of the unscaled value. */
final class SmallDecimalValues extends IntegerValues {
    private final ColumnType type;
    private final long limit;

    SmallDecimalValues(ColumnType type) {
        super(type.precision() <= LeafSchema.INT32_DIGITS ? Integer.BYTES : Long.BYTES);
        this.type = type;
        long power = 1;
        for (int digit = 0; digit < type.precision(); digit++) {
            power *= 10;
        }
        this.limit = power;
    }

    @Override
    void append(AvroCursor row) {
        int length = row.readLength();
        int start = row.position();
        byte[] bytes = row.bytes();
        if (length < 1 || length > Long.BYTES) {
            throw SkyrollException.defect("%s cannot hold an unscaled value of %d bytes".formatted(type, length));
        }
        long unscaled = bytes[start];
        for (int i = 1; i < length; i++) {
            unscaled = (unscaled << Byte.SIZE) | (bytes[start + i] & 0xFF);
        }
        if (unscaled >= limit || unscaled <= -limit) {
            throw SkyrollException.defect("%s cannot hold the unscaled value %d".formatted(type, unscaled));
        }
        row.position(start + length);
        add(unscaled);
    }

    /** Writes an unscaled value as Avro bytes, in the fewest of them. */
    static void writeAvro(long unscaled, AvroBuffer row) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(unscaled ^ (unscaled >> (Long.SIZE - 1)));
        int length = bits / Byte.SIZE + 1;
        row.writeLong(length);
        for (int i = length - 1; i >= 0; i--) {
            row.writeByte((int) (unscaled >> (Byte.SIZE * i)));
        }
    }
}
