package io.skyroll.producers.postgres;

import io.skyroll.schemas.wire.AvroBuffer;

/** Writes values as a row of COPY in binary form has them: a length, 4 bytes, -1 for null, and the content. */
public final class CopyField {
    private CopyField() {}

    public static void writeNull(AvroBuffer target) {
        write(new byte[0], 0, -1, target);
    }

    /**
     * Writes a value.
     *
     * @param length of the content in bytes; -1 for null
     */
    public static void write(byte[] source, int start, int length, AvroBuffer target) {
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            target.writeByte(length >>> shift);
        }
        if (length > 0) {
            target.write(source, start, length);
        }
    }
}
