package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.leaf.WatchedRows;
import java.util.Optional;

/**
 * Gathers the border rows of a leaf while it is written, group by group. Those of copied groups come from the leaf's former border
 * file, so that nothing is decoded for them; only where the leaf had another branch, the groups that reach the border are.
 * Owned by one thread.
 */
final class LeafBorder implements AutoCloseable {
    private final BorderRule rule;
    private final Pixel branch;
    private final Optional<FormerBorder> former;
    private final BorderWriter file;

    /**
     * @param branch the leaf's branch
     * @param former the leaf's border as it is published, if that is a border of the same branch; closed with this
     * @param file takes the rows; closed with this
     */
    LeafBorder(BorderRule rule, Pixel branch, Optional<FormerBorder> former, BorderWriter file) {
        this.rule = rule;
        this.branch = branch;
        this.former = former;
        this.file = file;
    }

    /** The same rows, which are looked at as the cursor comes to them. */
    RowCursor watch(RowCursor rows) {
        return new WatchedRows(rows, this::consider);
    }

    /** Notes that a published group is copied: it holds the rows of a cell. */
    void copied(PublishedGroup group, Pixel cell) {
        if (!rule.reaches(branch, cell)) {
            return;
        }
        if (former.isPresent()) {
            former.get().forEachIn(cell, file::add);
            return;
        }
        for (RowCursor rows = group.cursor(cell.first29(), cell.end29()); rows.next(); ) {
            consider(rows);
        }
    }

    /** Commits the border file; there is none if no row is at the border. */
    Optional<Border> finish() {
        return file.finish();
    }

    @Override
    public void close() {
        try (file) {
            former.ifPresent(FormerBorder::close);
        }
    }

    private void consider(RowCursor row) {
        if (rule.isAtBorder(branch, row.healpix())) {
            file.add(row);
        }
    }
}
