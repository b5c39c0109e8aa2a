package io.skyroll.sinks.dataset;

import io.skyroll.sinks.memtable.PendingCursor;
import io.skyroll.sinks.memtable.PendingRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How much is to be added to a folder. Owned by one thread. */
final class FolderLoad {
    /** Each has a file open while rows are added. */
    private static final int MAX_AT_ONCE = 64;

    /** A row group is in memory as rows, as columns, and as pages. */
    private static final int FORMS = 3;

    private final Folder folder;
    private long rows;
    private long bytes;

    private FolderLoad(Folder folder) {
        this.folder = folder;
    }

    Folder folder() {
        return folder;
    }

    /** About how large the first row group of the rows to be added is, as Avro. */
    long groupBytes(FileRule rule) {
        double ofRows = (double) bytes / rows * Math.min(rows, rule.groupRows());
        return Math.min(rule.groupBytes(), Math.round(ofRows));
    }

    private void add(long rowBytes) {
        rows++;
        bytes += rowBytes;
    }

    /** What unpublished rows add to each folder, by the folder's path. */
    static SortedMap<String, FolderLoad> of(PendingRows pending, Folders folders) {
        SortedMap<String, FolderLoad> loads = new TreeMap<>();
        for (PendingCursor rows = pending.in(0, Long.MAX_VALUE); rows.next(); ) {
            if (!rows.isDelete()) {
                Folder folder = folders.of(rows.bytes(), rows.start());
                loads.computeIfAbsent(folder.path(), path -> new FolderLoad(folder))
                        .add(rows.end() - rows.start());
            }
        }
        return loads;
    }

    /**
     * Divides folders into those whose rows are added at once.
     *
     * @param memory about how many bytes their row groups may take together
     */
    static List<List<FolderLoad>> passes(Collection<FolderLoad> loads, FileRule rule, long memory) {
        List<List<FolderLoad>> passes = new ArrayList<>();
        List<FolderLoad> pass = new ArrayList<>();
        long left = memory;
        for (FolderLoad load : loads) {
            long need = FORMS * load.groupBytes(rule);
            if (!pass.isEmpty() && (need > left || pass.size() == MAX_AT_ONCE)) {
                passes.add(pass);
                pass = new ArrayList<>();
                left = memory;
            }
            pass.add(load);
            left -= need;
        }
        if (!pass.isEmpty()) {
            passes.add(pass);
        }
        return passes;
    }
}
