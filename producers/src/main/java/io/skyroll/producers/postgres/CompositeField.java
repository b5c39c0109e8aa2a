package io.skyroll.producers.postgres;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.wire.AvroBuffer;
import java.util.List;

/**
 * Composite values as records: a field count, then type, length and value of each field. Described by record_send in PostgreSQL's
 * src/backend/utils/adt/rowtypes.c.
 *
 * @param name the type in messages
 * @param types the fields' types, object identifiers
 * @param fields of the fields, in order
 */
record CompositeField(String name, List<Long> types, List<FieldDecoder> fields) implements FieldDecoder {

    CompositeField {
        types = List.copyOf(types);
        fields = List.copyOf(fields);
    }

    @Override
    public Outcome decode(byte[] bytes, int start, int length, AvroBuffer target, Conversions conversions) {
        int count = BinaryFields.int32(bytes, start);
        check(count == fields.size());
        int p = start + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            check(Integer.toUnsignedLong(BinaryFields.int32(bytes, p)) == types.get(i));
            int fieldLength = BinaryFields.int32(bytes, p + Integer.BYTES);
            p += 2 * Integer.BYTES;
            if (!fields.get(i).decodeNullable(bytes, p, fieldLength, target, conversions)) {
                return Outcome.REFUSED;
            }
            p += Math.max(0, fieldLength);
        }
        return Outcome.WRITTEN;
    }

    private void check(boolean isAsInspected) {
        if (!isAsInspected) {
            throw SkyrollException.unavailable(
                    "composite type %s was changed while its values were read; start again".formatted(name),
                    new IllegalStateException("its fields are not those of the catalog"));
        }
    }
}
