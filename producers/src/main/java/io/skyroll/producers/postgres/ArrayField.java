package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.TypePolicies.OnArrayBounds;
import io.skyroll.schemas.wire.AvroBuffer;

/**
 * Arrays as lists in lists: dimension count, a flag for nulls, the elements' type, a length and a lower bound per dimension (32 bits
 * each), then the elements, the last dimension fastest. Described by array_send in PostgreSQL's
 * src/backend/utils/adt/arrayfuncs.c.
 *
 * @param name the array's type in messages
 * @param element of the elements
 * @param dimensions how many dimensions arrays must have, at least 1; an empty array has any
 * @param bounds what becomes of arrays that do not count from 1
 */
record ArrayField(String name, FieldDecoder element, int dimensions, OnArrayBounds bounds) implements FieldDecoder {
    private static final int HEAD_BYTES = 3 * Integer.BYTES;
    private static final int DIMENSION_BYTES = 2 * Integer.BYTES;
    private static final int REFUSED = -1;

    @Override
    public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
        int found = BinaryFields.int32(fields, start);
        if (found == 0) {
            target.writeLong(0);
            return Outcome.WRITTEN;
        }
        if (found != dimensions) {
            return conversions.refuse(
                    "an array of %d dimension(s) is no value of %s, which is carried as a list of %d; array_shape: text would carry it"
                            .formatted(found, name, dimensions));
        }
        if (!countsFromOne(fields, start)) {
            if (bounds == OnArrayBounds.REJECT) {
                return conversions.refuse(
                        "%s: an array that does not count from 1 cannot be represented".formatted(name));
            }
            conversions.count(Conversion.ARRAY_BOUNDS);
        }
        int elements = start + HEAD_BYTES + dimensions * DIMENSION_BYTES;
        int end = writeList(0, start, fields, elements, target, conversions);
        return end == REFUSED ? Outcome.REFUSED : Outcome.WRITTEN;
    }

    private boolean countsFromOne(byte[] fields, int start) {
        for (int i = 0; i < dimensions; i++) {
            if (BinaryFields.int32(fields, start + HEAD_BYTES + i * DIMENSION_BYTES + Integer.BYTES) != 1) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes the list of a dimension, and those in it.
     *
     * @param at where its first element's length stands
     * @return where the elements behind it stand, or {@link #REFUSED}
     */
    private int writeList(int dimension, int start, byte[] fields, int at, AvroBuffer target, Conversions conversions) {
        int count = BinaryFields.int32(fields, start + HEAD_BYTES + dimension * DIMENSION_BYTES);
        target.writeLong(count);
        int p = at;
        for (int i = 0; i < count && p != REFUSED; i++) {
            if (dimension + 1 < dimensions) {
                target.writeByte(2);
                p = writeList(dimension + 1, start, fields, p, target, conversions);
            } else {
                int length = BinaryFields.int32(fields, p);
                p += Integer.BYTES;
                p = element.decodeNullable(fields, p, length, target, conversions) ? p + Math.max(0, length) : REFUSED;
            }
        }
        target.writeLong(0);
        return p;
    }
}
