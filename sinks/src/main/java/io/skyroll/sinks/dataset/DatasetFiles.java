package io.skyroll.sinks.dataset;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafMeter;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWork;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Opens and begins the files of a dataset, each with the codec of its folder. Owned by one thread. */
public final class DatasetFiles {
    private final Store store;
    private final Folders folders;
    private final Function<Map<String, byte[]>, LeafCodec> codecs;
    private final Supplier<String> paths;
    private final Map<Folder, LeafCodec> known = new HashMap<>();
    private final LeafMeter meter = new LeafMeter();

    /**
     * @param folders of these rows
     * @param codecs gives the codec for files without some columns, given what all rows have in these as {@link Folders#constants} does
     * @param paths gives paths in the pool, none of them twice, and none that another process gives
     */
    public DatasetFiles(
            Store store, Folders folders, Function<Map<String, byte[]>, LeafCodec> codecs, Supplier<String> paths) {
        this.store = store;
        this.folders = folders;
        this.codecs = codecs;
        this.paths = paths;
    }

    /** What has been read and written by now. */
    public LeafWork work() {
        return meter.work();
    }

    Folders folders() {
        return folders;
    }

    PublishedFile published(FolderFile file, PendingRows pending, RowOrder order) {
        return new PublishedFile(file, store, codec(file.in()), pending, order, meter);
    }

    /** @param cutTime time of the cut with which the file is begun */
    NewFile begin(Folder folder, Instant cutTime) {
        String path = paths.get();
        try {
            return new NewFile(folder, path, cutTime, codec(folder).create(store.create(path)), meter);
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot write %s: %s".formatted(store.uri(path), failure.getMessage()), failure);
        }
    }

    /**
     * Writes published files anew in a later form of their rows, which keeps the columns of folders as they are.
     *
     * @param earlier opens files of the rows' earlier form
     * @return the files in this form, in the same order
     */
    public List<FolderFile> evolved(DatasetFiles earlier, List<FolderFile> published, RowEvolution evolution) {
        return published.stream()
                .map(file -> {
                    try (LeafReader reader = earlier.open(file);
                            NewFile target = begin(file.in(), file.begun())) {
                        target.evolve(reader, evolution);
                        return target.finish();
                    }
                })
                .toList();
    }

    private LeafReader open(FolderFile file) {
        try {
            return codec(file.in()).open(store.open(file.file()));
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot open %s: %s".formatted(store.uri(file.file()), failure.getMessage()), failure);
        }
    }

    private LeafCodec codec(Folder folder) {
        return known.computeIfAbsent(folder, each -> codecs.apply(folders.constants(each)));
    }
}
