package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.LeafCell;
import io.skyroll.sinks.hats.LeafRule;
import io.skyroll.sinks.hats.LocalLeaves;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.SortedRows;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Merges unpublished rows into a partition's leaves. What it makes depends on the merged rows alone and not on how they came: leaves and
 * row groups are defined by content, and unchanged row groups are copied as bytes. So each published version equals, leaf by leaf and
 * byte by byte, what a fresh import of the same rows gives.
 *
 * <p>Owned by one thread.
 */
public final class PartitionMerge {
    private final Store store;
    private final LeafCodec codec;
    private final RowOrder order;
    private final LeafRule rule;
    private final long groupRows;
    private final Supplier<String> newFile;

    /**
     * @param groupRows the most rows of a row group, from 1
     * @param newFile gives a path in the pool that nobody else uses
     */
    public PartitionMerge(
            Store store, LeafCodec codec, RowOrder order, LeafRule rule, long groupRows, Supplier<String> newFile) {
        this.store = store;
        this.codec = codec;
        this.order = order;
        this.rule = rule;
        this.groupRows = groupRows;
        this.newFile = newFile;
    }

    /**
     * Writes the leaves that change.
     *
     * @param published the leaves so far, in sky order
     * @param counts their rows by cell
     * @param pending the rows to merge
     */
    public MergedLeaves merge(List<Leaf> published, CellCounts counts, SortedRows pending) throws IOException {
        List<PublishedLeaf> before = new ArrayList<>();
        try {
            for (Leaf leaf : published) {
                before.add(new PublishedLeaf(leaf, store, codec, pending, order));
            }
            long[] inserts = inserts(before, pending);
            CellCounts merged = recount(before, counts, inserts);
            LocalLeaves local = LocalLeaves.of(merged, rule);
            List<Leaf> leaves = new ArrayList<>();
            for (LeafCell cell : local.leaves()) {
                leaves.add(leaf(cell, before, pending, inserts));
            }
            return new MergedLeaves(leaves, merged, local.maxima());
        } finally {
            before.forEach(PublishedLeaf::close);
        }
    }

    /** The HEALPix-29 values of pending rows that lie between no group's first and last row: they replace nothing. */
    private static long[] inserts(List<PublishedLeaf> before, SortedRows pending) throws IOException {
        long[] inserts = new long[pending.size()];
        int count = 0;
        int next = 0;
        for (PublishedLeaf leaf : before) {
            if (leaf.isUntouched()) {
                continue;
            }
            for (PublishedGroup group : leaf.groups()) {
                int first = pending.firstAtOrAfter(group.firstHealpix());
                count = collect(pending, next, first, inserts, count);
                next = pending.firstAtOrAfter(group.lastHealpix() + 1);
            }
        }
        count = collect(pending, next, pending.size(), inserts, count);
        return Arrays.copyOf(inserts, count);
    }

    private static int collect(SortedRows pending, int from, int to, long[] target, int countBefore) {
        int count = countBefore;
        for (int i = from; i < to; i++) {
            if (!pending.isDelete(i)) {
                target[count++] = pending.healpix(i);
            }
        }
        return count;
    }

    private CellCounts recount(List<PublishedLeaf> before, CellCounts counts, long[] inserts) throws IOException {
        CellCounts.Builder removed = CellCounts.builder(rule.highestOrder());
        CellCounts.Builder added = CellCounts.builder(rule.highestOrder());
        for (PublishedLeaf leaf : before) {
            if (leaf.isUntouched()) {
                continue;
            }
            for (PublishedGroup group : leaf.groups()) {
                if (group.isTouched()) {
                    addAll(group.published(), removed);
                    addAll(group.merged(), added);
                }
            }
        }
        CellCounts.Builder inserted = CellCounts.builder(rule.highestOrder());
        addAll(inserts, inserted);
        return counts.plus(inserted.build()).plus(added.build()).minus(removed.build());
    }

    private static void addAll(long[] healpix, CellCounts.Builder target) {
        for (long value : healpix) {
            target.addHealpix29(value);
        }
    }

    private Leaf leaf(LeafCell cell, List<PublishedLeaf> before, SortedRows pending, long[] inserts)
            throws IOException {
        List<PublishedLeaf> sources =
                before.stream().filter(leaf -> leaf.intersects(cell.top())).toList();
        if (sources.size() == 1
                && sources.get(0).top().equals(cell.top())
                && sources.get(0).isUntouched()) {
            return sources.get(0).leaf();
        }
        List<PublishedGroup> groups = new ArrayList<>();
        for (PublishedLeaf source : sources) {
            groups.addAll(source.groups().stream()
                    .filter(group -> group.intersects(cell.top()))
                    .toList());
        }
        return write(cell, groups, pending, inserts);
    }

    private Leaf write(LeafCell cell, List<PublishedGroup> groups, SortedRows pending, long[] inserts)
            throws IOException {
        List<Pixel> groupCells = GroupCells.of(
                cell.top(),
                groupRows,
                pixel -> (long) insertsIn(pixel, inserts)
                        + groups.stream()
                                .mapToLong(group -> group.rowsIn(pixel))
                                .sum());
        String file = newFile.get();
        try (LeafWriter writer = codec.create(store.create(file))) {
            for (Pixel groupCell : groupCells) {
                List<PublishedGroup> inCell = groups.stream()
                        .filter(group -> group.intersects(groupCell))
                        .toList();
                if (inCell.size() == 1 && isCopy(inCell.get(0), groupCell, inserts)) {
                    writer.copy(inCell.get(0).leaf(), inCell.get(0).index());
                } else {
                    PendingCursor next = new PendingCursor(pending, groupCell.first29(), groupCell.end29());
                    writer.encode(new MergeCursor(new GroupsCursor(inCell, groupCell), pending, next, order));
                }
            }
            LeafFile written = writer.finish();
            return new Leaf(
                    cell.top(),
                    cell.branch(),
                    written.rows(),
                    written.groups(),
                    written.bytes(),
                    written.sha256(),
                    file);
        }
    }

    private static boolean isCopy(PublishedGroup group, Pixel cell, long[] inserts) {
        return !group.isTouched()
                && group.firstHealpix() >= cell.first29()
                && group.lastHealpix() < cell.end29()
                && insertsIn(cell, inserts) == 0;
    }

    private static int insertsIn(Pixel cell, long[] inserts) {
        return lowerBound(inserts, cell.end29()) - lowerBound(inserts, cell.first29());
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
