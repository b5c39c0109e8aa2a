package io.skyroll.producers.pgoutput;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Reads the parts of a logical replication message one after the other; all numbers are big-endian. See PostgreSQL's documentation under
 * "Logical Replication Message Formats". Owned by one thread.
 */
final class Message {
    /** What pgoutput counts microseconds from. */
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final byte[] bytes;
    private int position;

    Message(byte[] bytes, int start) {
        this.bytes = bytes;
        this.position = start;
    }

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return position;
    }

    char kind() {
        return (char) (bytes[position++] & 0xFF);
    }

    int int16() {
        position += Short.BYTES;
        return (short) ((bytes[position - 2] << Byte.SIZE) | (bytes[position - 1] & 0xFF));
    }

    int int32() {
        return (int16() << Short.SIZE) | (int16() & 0xFFFF);
    }

    /** An object identifier. */
    long unsigned32() {
        return Integer.toUnsignedLong(int32());
    }

    long int64() {
        return ((long) int32() << Integer.SIZE) | unsigned32();
    }

    Instant time() {
        return POSTGRES_EPOCH.plus(int64(), ChronoUnit.MICROS);
    }

    /** A text that ends with a zero byte. */
    String text() {
        int start = position;
        while (bytes[position] != 0) {
            position++;
        }
        return new String(bytes, start, position++ - start, StandardCharsets.UTF_8);
    }

    void skip(int length) {
        position += length;
    }
}
