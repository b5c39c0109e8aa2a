package io.skyroll.sinks.verify;

import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.dataset.Folder;
import io.skyroll.sinks.dataset.FolderFile;
import io.skyroll.sinks.dataset.Folders;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.storage.Store;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the rows of a dataset's files, put together again with what their folders say. Owned by one thread. */
final class DatasetRows {
    private final Store store;
    private final RowSchema schema;
    private final DatasetLayout layout;
    private final Folders folders;
    private long rows;
    private long groups;

    DatasetRows(Store store, RowSchema schema, DatasetLayout layout) {
        this.store = store;
        this.schema = schema;
        this.layout = layout;
        this.folders = new Folders(schema, layout.folders());
    }

    /** Rows that were read. */
    long rows() {
        return rows;
    }

    /** Row groups that were read. */
    long groups() {
        return groups;
    }

    /** Checks a file in a folder: that its rows belong there, are as many as its manifest says, and are in the order of the sky. */
    void check(String path, FolderFile file, Check folderCheck, Check counts, Check order) {
        Consumer<RowCursor> inFolder = row -> {
            Folder folder = folders.of(row.bytes(), row.start());
            if (!folder.path().equals(file.folder())) {
                folderCheck.found(path, "a row belongs in %s, not in %s", folder.path(), file.folder());
            }
        };
        folderCheck.attempt(path, () -> read(path, file.rows(), folders.constants(file.in()), inFolder, counts, order));
    }

    /** Checks a file of all rows. */
    void check(String path, long expected, Check counts, Check order) {
        counts.attempt(path, () -> read(path, expected, Map.of(), row -> {}, counts, order));
    }

    private void read(
            String path,
            long expected,
            Map<String, byte[]> constants,
            Consumer<RowCursor> watcher,
            Check counts,
            Check order)
            throws java.io.IOException {
        long found = 0;
        try (LeafReader reader =
                ParquetLeaves.ofDataset(schema, constants, layout.hasSky()).open(store.open(path))) {
            for (int group = 0; group < reader.groups().size(); group++) {
                LeafGroup said = reader.groups().get(group);
                long first = Long.MAX_VALUE;
                long last = Long.MIN_VALUE;
                groups++;
                for (RowCursor row = reader.rows(group); row.next(); found++) {
                    if (row.healpix() < last) {
                        order.found(path, "row group %d: cell %d comes after %d", group, row.healpix(), last);
                    }
                    first = Math.min(first, row.healpix());
                    last = row.healpix();
                    watcher.accept(row);
                }
                if (first != said.firstHealpix() || last != said.lastHealpix()) {
                    order.found(
                            path,
                            "row group %d: its rows are at %d to %d, but it says %d to %d, so that changes would not find them",
                            group,
                            first,
                            last,
                            said.firstHealpix(),
                            said.lastHealpix());
                }
            }
        }
        rows += found;
        if (found != expected) {
            counts.found(path, "it must have %d rows, says the chain: %d", expected, found);
        }
    }
}
