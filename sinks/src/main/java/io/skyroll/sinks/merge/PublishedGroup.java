package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.SortedRows;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A row group of a published leaf, and the unpublished rows that fall between its first and last row. */
final class PublishedGroup {
    private final PublishedLeaf leaf;
    private final int index;
    private final LeafGroup group;
    private final SortedRows pending;
    private final RowOrder order;
    private final boolean isTouched;
    private @Nullable CellList merged;

    PublishedGroup(PublishedLeaf leaf, int index, LeafGroup group, SortedRows pending, RowOrder order) {
        this.leaf = leaf;
        this.index = index;
        this.group = group;
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

    boolean isWithin(Pixel cell) {
        return group.firstHealpix() >= cell.first29() && group.lastHealpix() < cell.end29();
    }

    /** How many rows a cell will have from this group, unpublished ones between its first and last row included. */
    long rowsIn(Pixel cell) {
        if (!intersects(cell)) {
            return 0;
        }
        return isWithin(cell) && !isTouched ? group.rows() : merged().in(cell);
    }

    /** The places of the rows after the merge. */
    CellList merged() {
        return merged(row -> {});
    }

    /**
     * The places of the rows after the merge.
     *
     * @param published is shown each row as it is published, if the group was not merged before
     */
    CellList merged(Consumer<RowCursor> published) {
        CellList cells = merged;
        if (cells == null) {
            cells = new CellList();
            PendingCursor between = new PendingCursor(pending, group.firstHealpix(), group.lastHealpix() + 1);
            MergeCursor rows = new MergeCursor(new WatchedRows(rows(), published), pending, between, order);
            while (rows.next()) {
                cells.add(rows.healpix());
            }
            merged = cells;
        }
        return cells;
    }

    RowCursor rows() {
        return leaf.reader().rows(index);
    }

    /** Copies the group as it is published, undecoded. */
    void copyTo(LeafWriter target) {
        target.copy(leaf.reader(), index);
    }
}
