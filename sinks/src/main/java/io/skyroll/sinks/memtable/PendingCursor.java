package io.skyroll.sinks.memtable;

import io.skyroll.schemas.position.Position;

/**
 * Unpublished rows and deletions in leaf order: ascending HEALPix-29, then unsigned key bytes. Used as
 * {@code while (cursor.next()) ...}; what the accessors give is valid until the next call of {@link #next()}. Owned by one thread.
 */
public interface PendingCursor {

    /** Goes to the next row or deletion; the first call goes to the first. */
    boolean next();

    /** The HEALPix cell at order 29. */
    long healpix();

    boolean isDelete();

    /** Where the row or deletion stands in the source's history. */
    Position position();

    /** The array that holds the row's Avro binary, or the key of a deletion. */
    byte[] bytes();

    /** Where the row, or the key of a deletion, starts in {@link #bytes()}. */
    int start();

    /** Where it ends (exclusive). */
    int end();
}
