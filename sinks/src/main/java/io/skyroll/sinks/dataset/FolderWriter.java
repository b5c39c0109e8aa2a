package io.skyroll.sinks.dataset;

import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.RowBuffer;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.PendingCursor;
import io.skyroll.sinks.memtable.RowOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds rows to a folder. The last file is gone on with, where it can be: a new file takes over its row groups, but for the last one if that is
 * short, whose rows are joined with those that come. Files are closed, and others begun, at the ends of row groups. Owned by one
 * thread.
 */
final class FolderWriter implements AutoCloseable {
    private final DatasetFiles files;
    private final FileRule rule;
    private final RowOrder order;
    private final Folder folder;
    private final Instant cutTime;
    private final List<FolderFile> written = new ArrayList<>();
    /** The row group that is being gathered. */
    private final RowBuffer group = new RowBuffer();
    /** Rows of the last row group of the file that is gone on with, as far as they have not been added. */
    private @Nullable RowCursor former;

    private @Nullable NewFile file;
    /** When the next file that is made counts as begun. */
    private Instant begun;

    /** @param cutTime time of the cut with which the rows come */
    FolderWriter(DatasetFiles files, FileRule rule, RowOrder order, Folder folder, Instant cutTime) {
        this.files = files;
        this.rule = rule;
        this.order = order;
        this.folder = folder;
        this.cutTime = cutTime;
        this.begun = cutTime;
    }

    /** Goes on with a file that has room; before any row is added. */
    void goOn(PublishedFile last) {
        begun = last.file().begun();
        try (LeafReader reader = last.open()) {
            List<LeafGroup> groups = reader.groups();
            int whole = groups.size();
            RowBuffer rows = new RowBuffer();
            if (groups.get(whole - 1).rows() < rule.groupRows()) {
                whole--;
                for (RowCursor last_ = last.rows(reader, whole); last_.next(); ) {
                    rows.add(last_);
                }
            }
            if (last.rows() > rows.size()) {
                NewFile target = begin();
                target.copy(last, reader, whole, last.rows() - rows.size(), last.rawBytes() - rows.bytes());
            }
            RowCursor cursor = rows.rows();
            former = cursor.next() ? cursor : null;
        }
    }

    /** Adds the cursor's current row; rows come in leaf order. */
    void add(PendingCursor row) {
        for (RowCursor before = former; before != null && isBefore(before, row); before = former) {
            addFormer(before);
        }
        add(row.healpix(), row.bytes(), row.start(), row.end());
    }

    /** Writes what is left and tells the files, the one gone on with among them. */
    List<FolderFile> finish() {
        for (RowCursor left = former; left != null; left = former) {
            addFormer(left);
        }
        if (group.size() > 0) {
            endGroup();
        }
        if (file != null) {
            endFile(file);
        }
        return written;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    private boolean isBefore(RowCursor before, PendingCursor row) {
        int byPlace = Long.compare(before.healpix(), row.healpix());
        return byPlace < 0 || (byPlace == 0 && order.compare(row, before.bytes(), before.start()) > 0);
    }

    private void addFormer(RowCursor row) {
        add(row.healpix(), row.bytes(), row.start(), row.end());
        if (!row.next()) {
            former = null;
        }
    }

    private void add(long healpix, byte[] bytes, int start, int end) {
        if (group.size() > 0 && group.bytes() + (end - start) > rule.groupBytes()) {
            endGroup();
        }
        group.add(healpix, bytes, start, end);
        long inFile = file == null ? 0 : file.rows();
        if (group.size() == Math.min(rule.groupRows(), rule.fileRows() - inFile)) {
            endGroup();
        }
    }

    private void endGroup() {
        if (file != null && !file.hasRoom(rule, group.bytes())) {
            endFile(file);
        }
        NewFile target = file == null ? begin() : file;
        target.encode(group);
        group.clear();
        if (target.rows() == rule.fileRows()) {
            endFile(target);
        }
    }

    private NewFile begin() {
        NewFile next = files.begin(folder, begun);
        file = next;
        begun = cutTime;
        return next;
    }

    private void endFile(NewFile open) {
        try (open) {
            written.add(open.finish());
        }
        file = null;
    }
}
