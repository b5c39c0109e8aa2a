package io.skyroll.schemas.sky;

import io.skyroll.schemas.row.RowHash;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;

/**
 * Where the rows of a table without coordinates are: a hash of the bytes that identify a row, or of the whole row in a table without a key.
 * It is spread evenly over the numbers of HEALPix cells of order 29, and stands wherever a cell would. So a row's place follows from its
 * key alone, and stays while that does. Owned by one thread.
 *
 * <p>The place is the upper 63 bits of the key's {@link RowHash}, taken as a fraction of 2^63, of 12·4^29. Topics and published files
 * rest on it: it cannot be changed.
 */
public final class KeyPlace {
    /** 2·12·4^29: less than 2^63, so that a signed product will do. */
    private static final long TWICE_THE_CELLS = 24L << (2 * 29);

    private static final int INITIAL_KEY_BYTES = 64;

    private final RowPlan plan;
    private final boolean hasKey;
    private final int[] offsets;
    private final AvroBuffer key = new AvroBuffer(INITIAL_KEY_BYTES);

    public KeyPlace(RowSchema schema) {
        plan = new RowPlan(schema);
        hasKey = schema.hasKey();
        offsets = new int[plan.columnCount()];
    }

    /** The place of the row whose Avro binary starts at a byte: from 0 and below 12·4^29. */
    public long of(byte[] row, int start) {
        int end = plan.locate(row, start, offsets);
        return of(row, start, end, offsets);
    }

    /**
     * The same for a row that was looked into already.
     *
     * @param end where the row ends (exclusive)
     * @param located what {@link RowPlan#locate} has found
     */
    public long of(byte[] row, int start, int end, int[] located) {
        if (!hasKey) {
            return ofKey(row, start, end);
        }
        key.clear();
        plan.writeKey(row, located, key);
        return ofKey(key.bytes(), 0, key.size());
    }

    /**
     * The place of the row with a key.
     *
     * @param bytes hold the Avro binary of the key record
     * @param end exclusive
     */
    public static long ofKey(byte[] bytes, int start, int end) {
        return Math.multiplyHigh(RowHash.of(bytes, start, end) >>> 1, TWICE_THE_CELLS);
    }
}
