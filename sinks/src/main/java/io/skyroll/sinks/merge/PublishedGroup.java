package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.SortedRows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A row group of a published leaf, and the unpublished rows that fall between its first and last row. */
final class PublishedGroup {
    private final LeafReader leaf;
    private final int index;
    private final LeafGroup group;
    private final SortedRows pending;
    private final RowOrder order;
    private final boolean isTouched;
    private long @Nullable [] merged;

    PublishedGroup(LeafReader leaf, int index, SortedRows pending, RowOrder order) {
        this.leaf = leaf;
        this.index = index;
        this.group = leaf.groups().get(index);
        this.pending = pending;
        this.order = order;
        this.isTouched = !new PendingCursor(pending, group.firstHealpix(), group.lastHealpix() + 1).isAtEnd();
    }

    long firstHealpix() {
        return group.firstHealpix();
    }

    long lastHealpix() {
        return group.lastHealpix();
    }

    /** Whether unpublished rows fall between the group's first and last row. */
    boolean isTouched() {
        return isTouched;
    }

    boolean intersects(Pixel cell) {
        return group.firstHealpix() < cell.end29() && group.lastHealpix() >= cell.first29();
    }

    /** How many rows a cell will have from this group, unpublished ones between its first and last row included. */
    long rowsIn(Pixel cell) {
        if (!intersects(cell)) {
            return 0;
        }
        boolean whole = group.firstHealpix() >= cell.first29() && group.lastHealpix() < cell.end29();
        if (whole && !isTouched) {
            return group.rows();
        }
        long[] cells = merged();
        return (long) lowerBound(cells, cell.end29()) - lowerBound(cells, cell.first29());
    }

    /** The HEALPix-29 values of the rows after the merge, ascending. */
    long[] merged() {
        if (merged == null) {
            PendingCursor between = new PendingCursor(pending, group.firstHealpix(), group.lastHealpix() + 1);
            merged = healpix(new MergeCursor(rows(), pending, between, order));
        }
        return merged;
    }

    /** The HEALPix-29 values of the rows as published, ascending. */
    long[] published() {
        return healpix(rows());
    }

    RowCursor rows() {
        return leaf.rows(index);
    }

    LeafReader leaf() {
        return leaf;
    }

    int index() {
        return index;
    }

    private long[] healpix(RowCursor rows) {
        long[] cells = new long[Math.toIntExact(group.rows())];
        int count = 0;
        while (rows.next()) {
            if (count == cells.length) {
                cells = Arrays.copyOf(cells, count * 2);
            }
            cells[count++] = rows.healpix();
        }
        return Arrays.copyOf(cells, count);
    }

    private static int lowerBound(long[] ascending, long value) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
