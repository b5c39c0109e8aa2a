package io.skyroll.sinks.merge;

import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.memtable.PendingCursor;
import io.skyroll.sinks.memtable.PendingRows;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * How unpublished rows change the number of rows in each cell.
 *
 * @param added rows in the merged groups, and those that lie between no published group's first and last row and so replace nothing
 * @param removed rows that the merged groups had
 */
record Recount(CellCounts added, CellCounts removed) {
    /** So many places of rows in merged groups are kept, 16 MiB, so that these groups need not be decoded for them again. */
    private static final int KEPT_PLACES = 1 << 21;

    /** Looks at the row groups that unpublished rows fall into. */
    static Recount of(List<PublishedLeaf> before, PendingRows pending, int order) {
        CellCounts.Builder added = CellCounts.builder(order);
        CellCounts.Builder removed = CellCounts.builder(order);
        long next = 0;
        int toKeep = KEPT_PLACES;
        for (PublishedLeaf leaf : before) {
            if (leaf.isUntouched()) {
                continue;
            }
            for (PublishedGroup group : leaf.groups()) {
                forEachInsert(pending, next, group.firstHealpix(), added::addHealpix29);
                next = group.lastHealpix() + 1;
                if (group.isTouched()) {
                    toKeep -= group.recount(added::addHealpix29, removed::addHealpix29, toKeep);
                }
            }
            leaf.close();
        }
        forEachInsert(pending, next, Long.MAX_VALUE, added::addHealpix29);
        return new Recount(added.build(), removed.build());
    }

    /** Gives the places of unpublished rows in a range that holds no published ones. */
    static void forEachInsert(PendingRows pending, long first, long afterLast, LongConsumer taker) {
        if (first >= afterLast) {
            return;
        }
        for (PendingCursor rows = pending.in(first, afterLast); rows.next(); ) {
            if (!rows.isDelete()) {
                taker.accept(rows.healpix());
            }
        }
    }

    CellCounts applyTo(CellCounts published) {
        return published.plus(added).minus(removed);
    }
}
