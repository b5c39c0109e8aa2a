package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.leaf.WatchedRows;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row group of a published leaf, and the unpublished rows that fall between its first and last row. Where one place has more rows than a row
 * group, all row groups of that place are one of these.
 */
final class PublishedGroup {
    private final PublishedLeaf leaf;
    private final int first;
    private final List<LeafGroup> parts;
    private final PendingRows pending;
    private final RowOrder order;
    private final boolean isTouched;
    private @Nullable CellList merged;

    /**
     * @param first the index in the leaf of its first row group
     * @param parts its row groups
     */
    PublishedGroup(PublishedLeaf leaf, int first, List<LeafGroup> parts, PendingRows pending, RowOrder order) {
        this.leaf = leaf;
        this.first = first;
        this.parts = parts;
        this.pending = pending;
        this.order = order;
        this.isTouched = !pending.isEmpty(firstHealpix(), lastHealpix() + 1);
    }

    long firstHealpix() {
        return parts.get(0).firstHealpix();
    }

    long lastHealpix() {
        return parts.get(parts.size() - 1).lastHealpix();
    }

    /** Number of rows as published. */
    long rows() {
        return parts.stream().mapToLong(LeafGroup::rows).sum();
    }

    /** Whether unpublished rows fall between the group's first and last row. */
    boolean isTouched() {
        return isTouched;
    }

    boolean intersects(Pixel cell) {
        return firstHealpix() < cell.end29() && lastHealpix() >= cell.first29();
    }

    boolean isWithin(Pixel cell) {
        return firstHealpix() >= cell.first29() && lastHealpix() < cell.end29();
    }

    /**
     * Gives the places of the rows after the merge, and of those before it.
     *
     * @param most how many of the former may be kept for {@link #forEachMerged}
     * @return how many are
     */
    int recount(LongConsumer after, LongConsumer before, int most) {
        CellList places = new CellList(most);
        RowCursor published =
                new WatchedRows(cursor(firstHealpix(), lastHealpix() + 1), row -> before.accept(row.healpix()));
        forEach(merge(published, firstHealpix(), lastHealpix() + 1), place -> {
            after.accept(place);
            places.add(place);
        });
        if (!places.isComplete()) {
            return 0;
        }
        merged = places;
        return places.size();
    }

    /** Gives the places that rows in a cell will have from this group, unpublished ones between its first and last row included. */
    void forEachMerged(Pixel cell, LongConsumer taker) {
        long from = Math.max(firstHealpix(), cell.first29());
        long to = Math.min(lastHealpix() + 1, cell.end29());
        if (merged != null) {
            merged.forEachIn(from, to, taker);
        } else {
            forEach(merge(cursor(from, to), from, to), taker);
        }
    }

    /** Gives the places of the rows as they are published. */
    void forEachPublished(LongConsumer taker) {
        forEach(cursor(firstHealpix(), lastHealpix() + 1), taker);
    }

    /** The rows as they are published, from one HEALPix-29 value on up to another (exclusive). */
    RowCursor cursor(long from, long to) {
        return new GroupsCursor(cursors(), from, to);
    }

    /** Opens the rows of each row group, one after another. */
    Stream<Supplier<RowCursor>> cursors() {
        return IntStream.range(first, first + parts.size()).mapToObj(index -> () -> leaf.rows(index));
    }

    /** Copies the group as it is published, undecoded. */
    void copyTo(LeafWriter target) {
        for (int i = 0; i < parts.size(); i++) {
            leaf.copy(first + i, target);
        }
    }

    private RowCursor merge(RowCursor published, long from, long to) {
        return new MergeCursor(published, pending.in(from, to), order);
    }

    private static void forEach(RowCursor rows, LongConsumer taker) {
        while (rows.next()) {
            taker.accept(rows.healpix());
        }
    }
}
