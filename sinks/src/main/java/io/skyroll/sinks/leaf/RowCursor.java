package io.skyroll.sinks.leaf;

/**
 * Rows in leaf order: ascending HEALPix-29, then unsigned key bytes. Used as {@code while (rows.next()) ...}; what the accessors
 * give is valid until the next call of {@link #next()}. Owned by one thread.
 */
public interface RowCursor {

    /** Goes to the next row; the first call goes to the first. */
    boolean next();

    /** The row's HEALPix cell at order 29. */
    long healpix();

    /** The array that holds the row's Avro binary. */
    byte[] bytes();

    /** Where the row's Avro binary starts in {@link #bytes()}. */
    int start();

    /** Where it ends (exclusive). */
    int end();
}
