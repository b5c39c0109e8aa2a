package io.skyroll.sinks.merge;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a border file; none when no row comes. Its row groups are cut by the number of rows, so that the file is a function of its
 * rows, as a leaf is. Owned by one thread.
 */
final class BorderWriter implements AutoCloseable {
    private final Store store;
    private final LeafCodec codec;
    private final long groupRows;
    private final NewFiles files;
    private final RowBuffer group = new RowBuffer();
    private String file = "";
    private @Nullable LeafWriter writer;

    /**
     * @param groupRows the most rows of a row group, from 1
     * @param files names what is written
     */
    BorderWriter(Store store, LeafCodec codec, long groupRows, NewFiles files) {
        this.store = store;
        this.codec = codec;
        this.groupRows = groupRows;
        this.files = files;
    }

    /** Adds the cursor's current row; rows come in leaf order. */
    void add(RowCursor row) {
        group.add(row);
        if (group.size() == groupRows) {
            writeGroup();
        }
    }

    Optional<Border> finish() {
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
        file = files.border();
        try {
            return codec.create(store.create(file));
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot write %s: %s".formatted(store.uri(file), failure.getMessage()), failure);
        }
    }
}
