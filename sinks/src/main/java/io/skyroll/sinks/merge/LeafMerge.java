package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.hats.LeafCell;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.SortedRows;
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
     * @param inserts the places of unpublished rows that lie between no published group's first and last row
     */
    Leaf write(LeafCell cell, List<PublishedLeaf> sources, SortedRows pending, CellList inserts) throws IOException {
        List<PublishedGroup> groups = new ArrayList<>();
        for (PublishedLeaf source : sources) {
            groups.addAll(source.groups().stream()
                    .filter(group -> group.intersects(cell.top()))
                    .toList());
        }
        List<Pixel> groupCells = GroupCells.of(cell.top(), groupRows, pixel -> {
            long rows = inserts.in(pixel);
            for (PublishedGroup group : groups) {
                rows += group.rowsIn(pixel);
            }
            return rows;
        });
        String file = files.leaf();
        try (LeafWriter writer = codec.create(store.create(file));
                LeafBorder border = border(cell, sources)) {
            for (Pixel groupCell : groupCells) {
                List<PublishedGroup> inCell = groups.stream()
                        .filter(group -> group.intersects(groupCell))
                        .toList();
                if (inCell.size() == 1 && isCopy(inCell.get(0), groupCell, inserts)) {
                    inCell.get(0).copyTo(writer);
                    border.copied(inCell.get(0), groupCell);
                } else {
                    PendingCursor next = new PendingCursor(pending, groupCell.first29(), groupCell.end29());
                    GroupsCursor published = new GroupsCursor(inCell, groupCell);
                    writer.encode(border.watch(new MergeCursor(published, pending, next, order)));
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
                    file,
                    border.finish());
        }
    }

    private static boolean isCopy(PublishedGroup group, Pixel cell, CellList inserts) {
        return !group.isTouched() && group.isWithin(cell) && inserts.in(cell) == 0;
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
