package io.skyroll.sinks.memtable;

import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Orders rows of one place on the sky by what identifies them: the unsigned bytes of their key, or in a table without a key the
 * bytes of the whole row. Owned by one thread.
 */
public final class RowOrder {
    private static final int INITIAL_KEY_BYTES = 64;

    private final RowPlan plan;
    private final boolean hasKey;
    private final int[] offsets;
    private final AvroBuffer left = new AvroBuffer(INITIAL_KEY_BYTES);
    private final AvroBuffer right = new AvroBuffer(INITIAL_KEY_BYTES);

    public RowOrder(RowSchema schema) {
        this(new RowPlan(schema), schema.hasKey());
    }

    private RowOrder(RowPlan plan, boolean hasKey) {
        this.plan = plan;
        this.hasKey = hasKey;
        this.offsets = new int[plan.columnCount()];
    }

    /** The order of deletions, whatever the table: they carry their keys. Rows cannot be compared by it. */
    public static RowOrder ofDeletions() {
        return new RowOrder(new RowPlan(new RowSchema("deletions", List.of(), List.of())), true);
    }

    /** Whether rows with the same bytes in this order are one row; in a table without a key no two are. */
    public boolean isIdentity() {
        return hasKey;
    }

    public int compare(byte[] leftRow, int leftStart, byte[] rightRow, int rightStart) {
        take(leftRow, leftStart, left);
        take(rightRow, rightStart, right);
        return compareTaken();
    }

    int compare(SortedRows rows, int one, int other) {
        take(rows, one, left);
        take(rows, other, right);
        return compareTaken();
    }

    /** Compares the pending rows or deletions that two cursors stand at. */
    int compare(PendingCursor one, PendingCursor other) {
        take(one, left);
        take(other, right);
        return compareTaken();
    }

    /** Compares a pending row or deletion with a row. */
    public int compare(PendingCursor pending, byte[] row, int start) {
        take(pending, left);
        take(row, start, right);
        return compareTaken();
    }

    /** Where a row ends (exclusive). */
    public int end(byte[] row, int start) {
        return plan.end(row, start);
    }

    private int compareTaken() {
        return Arrays.compareUnsigned(left.bytes(), 0, left.size(), right.bytes(), 0, right.size());
    }

    private void take(SortedRows rows, int index, AvroBuffer target) {
        byte[] bytes = rows.bytes(index);
        if (rows.isDelete(index)) {
            takeKey(bytes, rows.start(index), bytes.length, target);
        } else {
            take(bytes, rows.start(index), target);
        }
    }

    private void take(PendingCursor pending, AvroBuffer target) {
        if (pending.isDelete()) {
            takeKey(pending.bytes(), pending.start(), pending.end(), target);
        } else {
            take(pending.bytes(), pending.start(), target);
        }
    }

    private static void takeKey(byte[] bytes, int start, int end, AvroBuffer target) {
        target.clear();
        target.write(bytes, start, end - start);
    }

    private void take(byte[] row, int start, AvroBuffer target) {
        target.clear();
        int end = plan.locate(row, start, offsets);
        if (hasKey) {
            plan.writeKey(row, offsets, target);
        } else {
            target.write(row, start, end - start);
        }
    }
}
