package io.skyroll.producers.pgoutput;

import io.skyroll.producers.postgres.CopyField;
import io.skyroll.schemas.wire.AvroBuffer;

/** The columns of one row in a message: where each value stands. Its arrays are used again for the next row. Owned by one thread. */
final class Tuple {
    private static final char NULL = 'n';
    private static final char UNCHANGED = 'u';
    private static final char TEXT = 't';
    private static final char BINARY = 'b';

    private final char[] kinds;
    private final int[] starts;
    private final int[] lengths;
    private byte[] bytes = new byte[0];

    Tuple(int columns) {
        kinds = new char[columns];
        starts = new int[columns];
        lengths = new int[columns];
    }

    /** Reads a row. */
    void read(Message message) {
        int columns = message.int16();
        if (columns != kinds.length) {
            throw new IllegalStateException("a row of %d columns, expected %d".formatted(columns, kinds.length));
        }
        bytes = message.bytes();
        for (int column = 0; column < columns; column++) {
            char kind = message.kind();
            kinds[column] = kind;
            switch (kind) {
                case NULL, UNCHANGED -> lengths[column] = -1;
                case TEXT, BINARY -> {
                    lengths[column] = message.int32();
                    starts[column] = message.position();
                    message.skip(lengths[column]);
                }
                default -> throw new IllegalStateException("a column of kind '%c'".formatted(kind));
            }
        }
    }

    /** Whether the value was not sent, because it is large and has not changed. */
    boolean isUnchanged(int column) {
        return kinds[column] == UNCHANGED;
    }

    /** Whether the value is in binary form, and not null. */
    boolean isBinary(int column) {
        return kinds[column] == BINARY;
    }

    /** Takes a value that was not sent from the row's old form. */
    void take(int column, Tuple old) {
        // Both stand in the same message.
        kinds[column] = old.kinds[column];
        starts[column] = old.starts[column];
        lengths[column] = old.lengths[column];
    }

    byte[] bytes() {
        return bytes;
    }

    int start(int column) {
        return starts[column];
    }

    /** Size of a value in bytes; -1 for null. */
    int length(int column) {
        return lengths[column];
    }

    /** Writes a value as a row of COPY has it. */
    void writeField(int column, AvroBuffer target) {
        CopyField.write(bytes, starts[column], lengths[column], target);
    }
}
