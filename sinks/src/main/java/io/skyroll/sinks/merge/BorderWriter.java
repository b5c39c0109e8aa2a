package io.skyroll.sinks.merge;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowBuffer;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file of rows from borders, a leaf's border file or a margin; none when no row comes. Its row groups are cut by the number of rows, so that the file is a function of its
 * rows, as a leaf is. Owned by one thread.
 */
public final class BorderWriter implements AutoCloseable {
    private final Store store;
    private final LeafCodec codec;
    private final long groupRows;
    private final Supplier<String> path;
    private final RowBuffer group = new RowBuffer();
    private String file = "";
    private @Nullable LeafWriter writer;

    /**
     * @param groupRows the most rows of a row group, from 1
     * @param path gives the path to write to; asked once, when the first rows are written
     */
    public BorderWriter(Store store, LeafCodec codec, long groupRows, Supplier<String> path) {
        this.store = store;
        this.codec = codec;
        this.groupRows = groupRows;
        this.path = path;
    }

    /** Adds the cursor's current row; rows come in leaf order. */
    public void add(RowCursor row) {
        group.add(row);
        if (group.size() == groupRows) {
            writeGroup();
        }
    }

    /** Commits the file; there is none if no row came. */
    public Optional<Border> finish() {
        if (group.size() > 0) {
            writeGroup();
        }
        if (writer == null) {
            return Optional.empty();
        }
        LeafFile written = writer.finish();
        return Optional.of(new Border(written.rows(), written.bytes(), written.sha256(), file));
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }

    private void writeGroup() {
        LeafWriter target = writer;
        if (target == null) {
            target = create();
            writer = target;
        }
        target.encode(group.rows());
        group.clear();
    }

    private LeafWriter create() {
        file = path.get();
        try {
            return codec.create(store.create(file));
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot write %s: %s".formatted(store.uri(file), failure.getMessage()), failure);
        }
    }
}
