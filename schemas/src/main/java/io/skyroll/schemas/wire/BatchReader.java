package io.skyroll.schemas.wire;

/**
 * Walks the rows of a batch. The caller finds each row's end with a row plan and tells it with {@link #advance}. Any Avro array
 * is read, also one in several blocks as other writers make them. Owned by one thread; reused.
 *
 * <pre>{@code
 * for (reader.open(value); reader.hasRow(); reader.advance(end)) {
 *     end = plan.end(value, reader.start());
 * }
 * }</pre>
 */
public final class BatchReader {
    private final AvroCursor cursor = new AvroCursor();
    private long left;

    /** Starts at a record value in the wire format. */
    public void open(byte[] value) {
        cursor.at(value, WireFormat.PREFIX_BYTES);
        nextBlock();
    }

    public boolean hasRow() {
        return left > 0;
    }

    /** Where the current row starts. */
    public int start() {
        return cursor.position();
    }

    /** Goes on to the row that starts where the current one ends. */
    public void advance(int end) {
        cursor.position(end);
        if (--left == 0) {
            nextBlock();
        }
    }

    private void nextBlock() {
        left = cursor.readLong();
        if (left < 0) {
            left = -left;
            cursor.readLong();
        }
    }
}
