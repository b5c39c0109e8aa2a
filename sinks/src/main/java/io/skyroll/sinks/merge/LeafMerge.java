package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.hats.LeafCell;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafMeter;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes one leaf from the published ones that it takes over from and the unpublished rows in its cell. Owned by one thread. */
final class LeafMerge {
    private final Store store;
    private final LeafCodec codec;
    private final RowOrder order;
    private final long groupRows;
    private final BorderRule borderRule;
    private final NewFiles files;

    LeafMerge(Store store, LeafCodec codec, RowOrder order, long groupRows, BorderRule borderRule, NewFiles files) {
        this.store = store;
        this.codec = codec;
        this.order = order;
        this.groupRows = groupRows;
        this.borderRule = borderRule;
        this.files = files;
    }

    /**
     * Writes the leaf and its border.
     *
     * @param sources the published leaves that intersect the leaf's cell, in sky order
     * @param meter is told of the files
     */
    Leaf write(LeafCell cell, List<PublishedLeaf> sources, PendingRows pending, LeafMeter meter) throws IOException {
        List<PublishedGroup> groups = new ArrayList<>();
        for (PublishedLeaf source : sources) {
            groups.addAll(source.groups().stream()
                    .filter(group -> group.intersects(cell.top()))
                    .toList());
        }
        List<Pixel> groupCells = groupCells(cell.top(), groups, pending);
        String file = files.leaf();
        try (LeafWriter writer = codec.create(store.create(file));
                LeafBorder border = border(cell, sources)) {
            for (Pixel groupCell : groupCells) {
                List<PublishedGroup> inCell = groups.stream()
                        .filter(group -> group.intersects(groupCell))
                        .toList();
                if (inCell.size() == 1 && isCopy(inCell.get(0), groupCell, pending)) {
                    inCell.get(0).copyTo(writer);
                    border.copied(inCell.get(0), groupCell);
                } else {
                    encode(border.watch(merge(groupCell, inCell, pending)), writer);
                }
            }
            LeafFile written = writer.finish();
            meter.written(written.bytes());
            Optional<Border> atBorder = border.finish();
            atBorder.ifPresent(rows -> meter.written(rows.bytes()));
            return new Leaf(
                    cell.top(),
                    cell.branch(),
                    written.rows(),
                    written.groups(),
                    written.bytes(),
                    written.sha256(),
                    file,
                    atBorder);
        }
    }

    private List<Pixel> groupCells(Pixel leaf, List<PublishedGroup> groups, PendingRows pending) {
        GroupCells cells = new GroupCells(leaf, groupRows);
        long next = leaf.first29();
        for (PublishedGroup group : groups) {
            Recount.forEachInsert(pending, next, group.firstHealpix(), cells::add);
            if (group.isWithin(leaf) && !group.isTouched()) {
                cells.add(group);
            } else {
                group.forEachMerged(leaf, cells::add);
            }
            next = group.lastHealpix() + 1;
        }
        Recount.forEachInsert(pending, next, leaf.end29(), cells::add);
        return cells.finish();
    }

    private RowCursor merge(Pixel cell, List<PublishedGroup> groups, PendingRows pending) {
        RowCursor published =
                new GroupsCursor(groups.stream().flatMap(PublishedGroup::cursors), cell.first29(), cell.end29());
        return new MergeCursor(published, pending.in(cell.first29(), cell.end29()), order);
    }

    /** Only in a cell that cannot be divided are there more rows than a group takes. */
    private void encode(RowCursor rows, LeafWriter writer) {
        for (RowPieces pieces = new RowPieces(rows, groupRows); pieces.hasNext(); ) {
            writer.encode(pieces.next());
        }
    }

    private static boolean isCopy(PublishedGroup group, Pixel cell, PendingRows pending) {
        return group.isWithin(cell) && pending.isEmpty(cell.first29(), cell.end29());
    }

    private LeafBorder border(LeafCell cell, List<PublishedLeaf> sources) {
        boolean isSameBorder = sources.size() == 1
                && sources.get(0).top().equals(cell.top())
                && sources.get(0).leaf().branch().equals(cell.branch());
        Optional<FormerBorder> former =
                isSameBorder ? Optional.of(sources.get(0).openBorder()) : Optional.empty();
        return new LeafBorder(
                borderRule, cell.branch(), former, new BorderWriter(store, codec, groupRows, files::border));
    }
}
