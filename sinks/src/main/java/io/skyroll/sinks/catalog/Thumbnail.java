package io.skyroll.sinks.catalog;

import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowBuffer;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;

/**
 * Writes {@code data_thumbnail.parquet}: the first row of some leaves, with all columns, in the order of the sky. It has the form of a leaf.
 * {@code hats-import} draws the leaves at random; here they are spread evenly, so that equal leaves give equal files.
 */
final class Thumbnail {
    /** Rows that are held at once. */
    private static final int GROUP_ROWS = 10_000;

    private final Store store;
    private final LeafCodec codec;

    /** @param codec of the leaves */
    Thumbnail(Store store, LeafCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /**
     * Writes the file.
     *
     * @param leaves in the order of the sky
     * @param maxRows above 0; where there are more leaves, some give no row
     */
    void write(String path, List<CatalogLeaf> leaves, int maxRows) throws IOException {
        int rows = Math.min(maxRows, leaves.size());
        try (LeafWriter writer = codec.create(store.create(path))) {
            RowBuffer group = new RowBuffer();
            for (long row = 0; row < rows; row++) {
                addFirstRow(leaves.get((int) (row * leaves.size() / rows)), group);
                if (group.size() == GROUP_ROWS || row == rows - 1) {
                    writer.encode(group.rows());
                    group.clear();
                }
            }
            writer.finish();
        }
    }

    private void addFirstRow(CatalogLeaf leaf, RowBuffer group) throws IOException {
        try (LeafReader reader = codec.open(store.open(leaf.file()))) {
            RowCursor rows = reader.rows(0);
            if (!rows.next()) {
                throw new IllegalArgumentException("a leaf has a row group without rows: " + leaf.file());
            }
            group.add(rows);
        }
    }
}
