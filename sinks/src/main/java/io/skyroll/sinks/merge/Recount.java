package io.skyroll.sinks.merge;

import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.memtable.SortedRows;
import java.util.List;

/**
 * How unpublished rows change the number of rows in each cell.
 *
 * @param inserts the places of those that lie between no published group's first and last row, and so replace nothing
 * @param added rows in the merged groups and the inserts
 * @param removed rows that these groups had
 */
record Recount(CellList inserts, CellCounts added, CellCounts removed) {

    /** Looks at the row groups that unpublished rows fall into. */
    static Recount of(List<PublishedLeaf> before, SortedRows pending, int order) {
        CellList inserts = new CellList();
        CellCounts.Builder added = CellCounts.builder(order);
        CellCounts.Builder removed = CellCounts.builder(order);
        int next = 0;
        for (PublishedLeaf leaf : before) {
            if (leaf.isUntouched()) {
                continue;
            }
            for (PublishedGroup group : leaf.groups()) {
                int first = pending.firstAtOrAfter(group.firstHealpix());
                collect(pending, next, first, inserts);
                next = pending.firstAtOrAfter(group.lastHealpix() + 1);
                if (group.isTouched()) {
                    group.merged(row -> removed.addHealpix29(row.healpix())).countIn(added);
                }
            }
            leaf.close();
        }
        collect(pending, next, pending.size(), inserts);
        CellCounts.Builder inserted = CellCounts.builder(order);
        inserts.countIn(inserted);
        return new Recount(inserts, added.build().plus(inserted.build()), removed.build());
    }

    CellCounts applyTo(CellCounts published) {
        return published.plus(added).minus(removed);
    }

    private static void collect(SortedRows pending, int from, int to, CellList target) {
        for (int i = from; i < to; i++) {
            if (!pending.isDelete(i)) {
                target.add(pending.healpix(i));
            }
        }
    }
}
