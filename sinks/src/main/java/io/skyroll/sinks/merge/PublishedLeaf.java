package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.SortedRows;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A leaf of the published state. Its file is open from the first look at its groups until {@link #close()}, and again after the next
 * look: a merge may touch more leaves than a process may have files open.
 */
final class PublishedLeaf implements AutoCloseable {
    private final Leaf leaf;
    private final Store store;
    private final LeafCodec codec;
    private final SortedRows pending;
    private final RowOrder order;
    private @Nullable LeafReader reader;
    private @Nullable List<PublishedGroup> groups;

    PublishedLeaf(Leaf leaf, Store store, LeafCodec codec, SortedRows pending, RowOrder order) {
        this.leaf = leaf;
        this.store = store;
        this.codec = codec;
        this.pending = pending;
        this.order = order;
    }

    Leaf leaf() {
        return leaf;
    }

    Pixel top() {
        return leaf.top();
    }

    /** Whether no unpublished row lies in the leaf's cell. */
    boolean isUntouched() {
        return new PendingCursor(pending, top().first29(), top().end29()).isAtEnd();
    }

    boolean intersects(Pixel cell) {
        return top().first29() < cell.end29() && cell.first29() < top().end29();
    }

    /** The leaf's row groups, in sky order. */
    List<PublishedGroup> groups() {
        if (groups == null) {
            LeafReader opened = reader();
            groups = IntStream.range(0, opened.groups().size())
                    .mapToObj(index ->
                            new PublishedGroup(this, index, opened.groups().get(index), pending, order))
                    .toList();
        }
        return groups;
    }

    LeafReader reader() {
        LeafReader opened = reader;
        if (opened == null) {
            opened = open(leaf.file());
            reader = opened;
        }
        return opened;
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
