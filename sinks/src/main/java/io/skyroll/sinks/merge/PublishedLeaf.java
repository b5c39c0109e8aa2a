package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A leaf of the published state. Its file is open from the first look at its groups until {@link #close()}, and again after the next
 * look: a merge may touch more leaves than a process may have files open.
 */
final class PublishedLeaf implements AutoCloseable {
    private final Leaf leaf;
    private final Store store;
    private final LeafCodec codec;
    private final PendingRows pending;
    private final RowOrder order;
    private final LeafMeter meter;
    private @Nullable LeafReader reader;
    private @Nullable List<PublishedGroup> groups;

    PublishedLeaf(Leaf leaf, Store store, LeafCodec codec, PendingRows pending, RowOrder order, LeafMeter meter) {
        this.leaf = leaf;
        this.store = store;
        this.codec = codec;
        this.pending = pending;
        this.order = order;
        this.meter = meter;
    }

    Leaf leaf() {
        return leaf;
    }

    Pixel top() {
        return leaf.top();
    }

    /** Whether no unpublished row lies in the leaf's cell. */
    boolean isUntouched() {
        return pending.isEmpty(top().first29(), top().end29());
    }

    boolean intersects(Pixel cell) {
        return top().first29() < cell.end29() && cell.first29() < top().end29();
    }

    /** The leaf's row groups, in sky order. */
    List<PublishedGroup> groups() {
        if (groups == null) {
            groups = groups(reader().groups());
        }
        return groups;
    }

    private List<PublishedGroup> groups(List<LeafGroup> parts) {
        List<PublishedGroup> found = new ArrayList<>();
        for (int first = 0; first < parts.size(); ) {
            int end = first + 1;
            while (end < parts.size()
                    && parts.get(end).firstHealpix() == parts.get(end - 1).lastHealpix()) {
                end++;
            }
            found.add(new PublishedGroup(this, first, parts.subList(first, end), pending, order));
            first = end;
        }
        return found;
    }

    LeafReader reader() {
        LeafReader opened = reader;
        if (opened == null) {
            opened = open(leaf.file());
            reader = opened;
        }
        return opened;
    }

    /** Decodes a row group. */
    RowCursor rows(int group) {
        return meter.rows(leaf.file(), reader(), group);
    }

    /** Copies a row group, undecoded. */
    void copy(int group, LeafWriter target) {
        meter.copy(reader(), group, target);
    }

    /** The leaf's border rows; to be closed by the caller. */
    FormerBorder openBorder() {
        return new FormerBorder(leaf.border().map(border -> open(border.file())));
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private LeafReader open(String file) {
        try {
            return codec.open(store.open(file));
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot open %s: %s".formatted(store.uri(file), failure.getMessage()), failure);
        }
    }
}
