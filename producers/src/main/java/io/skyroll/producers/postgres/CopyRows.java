package io.skyroll.producers.postgres;

import io.skyroll.schemas.failure.SkyrollException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a COPY in binary form, one message each, as the server sends them. Owned by one thread.
 *
 * <pre>{@code
 * while (rows.next()) {
 *     encoder.encode(rows.message(), rows.start(), ...);
 * }
 * }</pre>
 */
public final class CopyRows {
    private static final int SIGNATURE_BYTES = 11;
    private static final int HEAD_BYTES = SIGNATURE_BYTES + 2 * Integer.BYTES;
    private static final int TRAILER = -1;

    private final CopyOut copy;
    private final int fieldCount;
    private boolean headRead;
    private byte[] message = new byte[0];
    private int start;

    /**
     * @param copy in progress, nothing read from it yet
     * @param fieldCount how many fields every row must have
     */
    public CopyRows(CopyOut copy, int fieldCount) {
        this.copy = copy;
        this.fieldCount = fieldCount;
    }

    /** Goes to the next row; false at the end of the COPY. */
    public boolean next() throws SQLException {
        while (true) {
            byte @Nullable [] received = copy.readFromCopy();
            if (received == null) {
                return false;
            }
            int at = headRead ? 0 : skipHead(received);
            if (received.length - at < Short.BYTES) {
                // The head came alone.
                continue;
            }
            int fields = (short) (received[at] << Byte.SIZE | (received[at + 1] & 0xFF));
            if (fields == TRAILER) {
                continue;
            }
            if (fields != fieldCount) {
                throw SkyrollException.defect(
                        "COPY sent a row of %d fields, expected %d".formatted(fields, fieldCount));
            }
            message = received;
            start = at + Short.BYTES;
            return true;
        }
    }

    /** What the current row stands in; not changed by later rows. */
    public byte[] message() {
        return message;
    }

    /** Where the current row's first field starts. */
    public int start() {
        return start;
    }

    private int skipHead(byte[] received) {
        headRead = true;
        return HEAD_BYTES + ByteBuffer.wrap(received).getInt(SIGNATURE_BYTES + Integer.BYTES);
    }
}
