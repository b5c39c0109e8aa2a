package io.skyroll.producers.postgres;

import io.skyroll.schemas.wire.AvroBuffer;

/**
 * Turns the binary form of one PostgreSQL type, as its send function makes it, into Avro binary. Immutable, usable by any thread.
 */
interface FieldDecoder {
    /** What became of a value. */
    enum Outcome {
        /** It stands in the target. */
        WRITTEN,
        /** A policy says that it shall be null; what was written of it means nothing. */
        NULL,
        /** It cannot be represented, and the conversions know why; what was written of it means nothing. */
        REFUSED
    }

    /**
     * Writes a value that is not null.
     *
     * @param length of the value, in bytes
     * @param conversions told of every conversion and refusal
     */
    Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions);

    /**
     * Writes a value, or null, as a union of null and the type.
     *
     * @param length of the value in bytes, negative for null
     * @return false when the value cannot be represented
     */
    default boolean decodeNullable(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
        int branch = target.size();
        Outcome outcome = Outcome.NULL;
        if (length >= 0) {
            target.writeByte(2);
            outcome = decode(fields, start, length, target, conversions);
        }
        if (outcome == Outcome.NULL) {
            target.truncate(branch);
            target.writeByte(0);
        }
        return outcome != Outcome.REFUSED;
    }
}
