package io.skyroll.sinks.dataset;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafMeter;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of the published state, and which of its rows stay: those of whose key there is neither an unpublished row nor a deletion. The
 * file is open only while something is read from it. Owned by one thread.
 */
final class PublishedFile {
    private final FolderFile file;
    private final Store store;
    private final LeafCodec codec;
    private final PendingRows pending;
    private final RowOrder order;
    private final LeafMeter meter;
    /** How many rows go, by the row group that they are in. */
    private final Map<Integer, Long> gone = new HashMap<>();

    private long goneBytes;

    /** @param codec that of the file's folder */
    PublishedFile(FolderFile file, Store store, LeafCodec codec, PendingRows pending, RowOrder order, LeafMeter meter) {
        this.file = file;
        this.store = store;
        this.codec = codec;
        this.pending = pending;
        this.order = order;
        this.meter = meter;
    }

    FolderFile file() {
        return file;
    }

    /** Finds the rows that go. Only row groups with unpublished rows between their first and last place are looked into. */
    void search() {
        try (LeafReader reader = open()) {
            for (int group = 0; group < reader.groups().size(); group++) {
                LeafGroup place = reader.groups().get(group);
                if (!pending.isEmpty(place.firstHealpix(), place.lastHealpix() + 1)) {
                    RemainingRows rows = remaining(reader, group);
                    while (rows.next()) {
                        // Counted as they are passed over.
                    }
                    if (rows.goneRows() > 0) {
                        gone.put(group, rows.goneRows());
                        goneBytes += rows.goneBytes();
                    }
                }
            }
        }
    }

    /** Whether rows go. */
    boolean isTouched() {
        return !gone.isEmpty();
    }

    /** How many rows stay. */
    long rows() {
        return file.rows() - gone.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Their size as Avro. */
    long rawBytes() {
        return file.rawBytes() - goneBytes;
    }

    LeafReader open() {
        try {
            return codec.open(store.open(file.file()));
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot open %s: %s".formatted(store.uri(file.file()), failure.getMessage()), failure);
        }
    }

    /** The rows of a group that stay. */
    RowCursor rows(LeafReader reader, int group) {
        return gone.containsKey(group) ? remaining(reader, group) : meter.rows(file.file(), reader, group);
    }

    /** Writes the rows that stay of the first row groups; whole groups are copied without being decoded. */
    void copyTo(LeafWriter target, LeafReader reader, int groups) {
        List<LeafGroup> all = reader.groups();
        for (int group = 0; group < groups; group++) {
            long going = gone.getOrDefault(group, 0L);
            if (going == 0) {
                meter.copy(reader, group, target);
            } else if (going < all.get(group).rows()) {
                target.encode(remaining(reader, group));
            }
        }
    }

    private RemainingRows remaining(LeafReader reader, int group) {
        LeafGroup place = reader.groups().get(group);
        return new RemainingRows(
                meter.rows(file.file(), reader, group),
                pending.in(place.firstHealpix(), place.lastHealpix() + 1),
                order);
    }
}
