package io.skyroll.sinks.merge;

import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.LeafCell;
import io.skyroll.sinks.hats.LeafRule;
import io.skyroll.sinks.hats.LocalLeaves;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafMeter;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges unpublished rows into a partition's leaves. What it makes depends on the merged rows alone and not on how they came: leaves and
 * row groups are defined by content, and unchanged row groups are copied as bytes. So each published version equals, leaf by leaf and
 * byte by byte, what a fresh import of the same rows gives.
 *
 * <p>A row group that unpublished rows fall into is decoded twice: to learn how many rows each cell will have, then to write them. Where
 * so many are changed that their places are not kept, it is decoded once more. Memory is taken for a row group, and for the cells of the
 * highest order that have rows, but not for each row.
 *
 * <p>Owned by one thread.
 */
public final class PartitionMerge {
    private final Store store;
    private final LeafCodec codec;
    private final RowOrder order;
    private final LeafRule rule;
    private final LeafMerge leafMerge;

    /**
     * @param groupRows the most rows of a row group, from 1
     * @param border which rows are copied into border files
     * @param files names what is written
     */
    public PartitionMerge(
            Store store,
            LeafCodec codec,
            RowOrder order,
            LeafRule rule,
            long groupRows,
            BorderRule border,
            NewFiles files) {
        this.store = store;
        this.codec = codec;
        this.order = order;
        this.rule = rule;
        this.leafMerge = new LeafMerge(store, codec, order, groupRows, border, files);
    }

    /**
     * Writes the leaves that change.
     *
     * @param published the leaves so far, in sky order
     * @param counts their rows by cell
     * @param pending the rows to merge
     */
    public MergedLeaves merge(List<Leaf> published, CellCounts counts, PendingRows pending) throws IOException {
        LeafMeter meter = new LeafMeter();
        List<PublishedLeaf> before = published.stream()
                .map(leaf -> new PublishedLeaf(leaf, store, codec, pending, order, meter))
                .toList();
        try {
            Recount recount = Recount.of(before, pending, rule.highestOrder());
            CellCounts merged = recount.applyTo(counts);
            LocalLeaves local = LocalLeaves.of(merged, rule);
            List<Leaf> leaves = new ArrayList<>();
            for (LeafCell cell : local.leaves()) {
                leaves.add(leaf(cell, before, pending, meter));
            }
            return new MergedLeaves(leaves, merged, local.maxima(), meter.work());
        } finally {
            before.forEach(PublishedLeaf::close);
        }
    }

    private Leaf leaf(LeafCell cell, List<PublishedLeaf> before, PendingRows pending, LeafMeter meter)
            throws IOException {
        List<PublishedLeaf> sources =
                before.stream().filter(leaf -> leaf.intersects(cell.top())).toList();
        if (sources.size() == 1
                && sources.get(0).top().equals(cell.top())
                && sources.get(0).isUntouched()) {
            return sources.get(0).leaf();
        }
        Leaf written = leafMerge.write(cell, sources, pending, meter);
        sources.forEach(PublishedLeaf::close);
        return written;
    }
}
