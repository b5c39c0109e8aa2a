package io.skyroll.producers.postgres;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.wire.AvroBuffer;
import java.util.List;

/**
 * Ranges as records: a byte of flags, then length and value of each bound that there is. Described by range_send in PostgreSQL's
 * src/backend/utils/adt/rangetypes.c.
 *
 * @param bound of the bounds
 */
record RangeField(FieldDecoder bound) implements FieldDecoder {
    private static final int EMPTY = 0x01;
    private static final int LOWER_INCLUSIVE = 0x02;
    private static final int UPPER_INCLUSIVE = 0x04;
    private static final int NO_LOWER = 0x08;
    private static final int NO_UPPER = 0x10;

    /** The record that a range becomes; bounds that it does not have are null. */
    static ColumnType type(ColumnType bound) {
        return ColumnType.record(List.of(
                new Column("lower", bound, true),
                new Column("upper", bound, true),
                new Column("lower_inclusive", ColumnType.BOOLEAN, false),
                new Column("upper_inclusive", ColumnType.BOOLEAN, false),
                new Column("empty", ColumnType.BOOLEAN, false)));
    }

    @Override
    public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
        int flags = fields[start];
        int p = start + 1;
        for (int absent : new int[] {NO_LOWER, NO_UPPER}) {
            if ((flags & (EMPTY | absent)) != 0) {
                target.writeByte(0);
                continue;
            }
            int boundLength = BinaryFields.int32(fields, p);
            p += Integer.BYTES;
            if (!bound.decodeNullable(fields, p, boundLength, target, conversions)) {
                return Outcome.REFUSED;
            }
            p += boundLength;
        }
        target.writeByte((flags & LOWER_INCLUSIVE) != 0 ? 1 : 0);
        target.writeByte((flags & UPPER_INCLUSIVE) != 0 ? 1 : 0);
        target.writeByte((flags & EMPTY) != 0 ? 1 : 0);
        return Outcome.WRITTEN;
    }

    /** Multiranges as lists of ranges: their count, then length and value of each. */
    record Many(RangeField range) implements FieldDecoder {

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            int count = BinaryFields.int32(fields, start);
            if (count > 0) {
                target.writeLong(count);
            }
            int p = start + Integer.BYTES;
            for (int i = 0; i < count; i++) {
                int rangeLength = BinaryFields.int32(fields, p);
                p += Integer.BYTES;
                if (!range.decodeNullable(fields, p, rangeLength, target, conversions)) {
                    return Outcome.REFUSED;
                }
                p += rangeLength;
            }
            target.writeLong(0);
            return Outcome.WRITTEN;
        }
    }
}
