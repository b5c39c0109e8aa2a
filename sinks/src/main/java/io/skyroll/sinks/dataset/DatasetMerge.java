package io.skyroll.sinks.dataset;

import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.memtable.PendingCursor;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds unpublished rows to a partition of a dataset. A row with a key that is published already takes that row's place, though not its
 * place in the files: the published one is removed where it is, and the new one added to its folder. A file that neither loses nor gets
 * rows is kept, and unchanged row groups are copied as bytes.
 *
 * <p>Unpublished rows come in the order of the sky, whatever their folders. They are read once to find the folders, then once for each
 * number of folders whose row groups fit into memory together. Owned by one thread.
 */
public final class DatasetMerge {
    private final DatasetFiles files;
    private final RowOrder order;
    private final FileRule rule;
    private final long memoryBytes;

    /**
     * @param files of this partition
     * @param memoryBytes about how much row groups may take together
     */
    public DatasetMerge(DatasetFiles files, RowOrder order, FileRule rule, long memoryBytes) {
        this.files = files;
        this.order = order;
        this.rule = rule;
        this.memoryBytes = memoryBytes;
    }

    /**
     * Writes the files that change.
     *
     * @param published the files so far, by folder, those of a folder in the order in which they were begun
     * @param cutTime time of the cut up to which unpublished rows are added
     * @return the files now, in the same order
     */
    public List<FolderFile> merge(List<FolderFile> published, PendingRows pending, Instant cutTime) {
        if (pending.isEmpty(0, Long.MAX_VALUE)) {
            return published;
        }
        SortedMap<String, FolderLoad> loads = FolderLoad.of(pending, files.folders());
        SortedMap<String, List<FolderFile>> merged = new TreeMap<>();
        Map<String, PublishedFile> toGoOn = new HashMap<>();
        for (List<PublishedFile> folder : byFolder(published, pending)) {
            String path = folder.get(0).file().folder();
            Optional<PublishedFile> last = toGoOn(folder, Optional.ofNullable(loads.get(path)), cutTime);
            last.ifPresent(file -> toGoOn.put(path, file));
            List<FolderFile> kept = new ArrayList<>();
            folder.stream().filter(file -> last.isEmpty() || file != last.get()).forEach(file -> keep(file)
                    .ifPresent(kept::add));
            merged.put(path, kept);
        }
        for (List<FolderLoad> pass : FolderLoad.passes(loads.values(), rule, memoryBytes)) {
            add(pass, pending, toGoOn, cutTime)
                    .forEach((path, written) -> merged.computeIfAbsent(path, none -> new ArrayList<>())
                            .addAll(written));
        }
        return merged.values().stream().flatMap(List::stream).toList();
    }

    private List<List<PublishedFile>> byFolder(List<FolderFile> published, PendingRows pending) {
        SortedMap<String, List<PublishedFile>> folders = new TreeMap<>();
        for (FolderFile file : published) {
            PublishedFile found = files.published(file, pending, order);
            if (order.isIdentity()) {
                found.search();
            }
            folders.computeIfAbsent(file.folder(), none -> new ArrayList<>()).add(found);
        }
        return List.copyOf(folders.values());
    }

    /** The last file of a folder, if rows are to be added and it takes them. */
    private Optional<PublishedFile> toGoOn(List<PublishedFile> folder, Optional<FolderLoad> load, Instant cutTime) {
        PublishedFile last = folder.get(folder.size() - 1);
        return load.filter(adds -> last.rows() > 0
                        && rule.canGoOn(last.file(), last.rows(), last.rawBytes(), adds.groupBytes(rule), cutTime))
                .map(adds -> last);
    }

    /** The file without the rows that go; empty when none stay. */
    private Optional<FolderFile> keep(PublishedFile file) {
        if (!file.isTouched()) {
            return Optional.of(file.file());
        }
        if (file.rows() == 0) {
            return Optional.empty();
        }
        try (LeafReader reader = file.open();
                NewFile target = files.begin(file.file().in(), file.file().begun())) {
            target.copy(file, reader, reader.groups().size(), file.rows(), file.rawBytes());
            return Optional.of(target.finish());
        }
    }

    private Map<String, List<FolderFile>> add(
            List<FolderLoad> pass, PendingRows pending, Map<String, PublishedFile> toGoOn, Instant cutTime) {
        Map<String, FolderWriter> writers = new HashMap<>();
        try {
            for (FolderLoad load : pass) {
                FolderWriter writer = new FolderWriter(files, rule, order, load.folder(), cutTime);
                writers.put(load.folder().path(), writer);
                Optional.ofNullable(toGoOn.get(load.folder().path())).ifPresent(writer::goOn);
            }
            for (PendingCursor rows = pending.in(0, Long.MAX_VALUE); rows.next(); ) {
                if (!rows.isDelete()) {
                    FolderWriter writer = writers.get(
                            files.folders().of(rows.bytes(), rows.start()).path());
                    if (writer != null) {
                        writer.add(rows);
                    }
                }
            }
            Map<String, List<FolderFile>> written = new HashMap<>();
            writers.forEach((path, writer) -> written.put(path, writer.finish()));
            return written;
        } finally {
            writers.values().forEach(FolderWriter::close);
        }
    }
}
