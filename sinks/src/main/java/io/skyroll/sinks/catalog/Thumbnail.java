package io.skyroll.sinks.catalog;

import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
            for (int from = 0; from < rows; from += GROUP_ROWS) {
                List<Row> group = new ArrayList<>();
                for (long row = from; row < Math.min(rows, from + GROUP_ROWS); row++) {
                    group.add(firstRow(leaves.get((int) (row * leaves.size() / rows))));
                }
                writer.encode(new Rows(group.iterator()));
            }
            writer.finish();
        }
    }

    private Row firstRow(CatalogLeaf leaf) throws IOException {
        try (LeafReader reader = codec.open(store.open(leaf.file()))) {
            RowCursor rows = reader.rows(0);
            if (!rows.next()) {
                throw new IllegalArgumentException("a leaf has a row group without rows: " + leaf.file());
            }
            return new Row(rows.healpix(), Arrays.copyOfRange(rows.bytes(), rows.start(), rows.end()));
        }
    }

    private static final class Row {
        private final long healpix;
        private final byte[] avro;

        Row(long healpix, byte[] avro) {
            this.healpix = healpix;
            this.avro = avro;
        }
    }

    private static final class Rows implements RowCursor {
        private final Iterator<Row> left;
        private @Nullable Row current;

        Rows(Iterator<Row> rows) {
            this.left = rows;
        }

        @Override
        public boolean next() {
            current = left.hasNext() ? left.next() : null;
            return current != null;
        }

        @Override
        public long healpix() {
            return row().healpix;
        }

        @Override
        public byte[] bytes() {
            return row().avro;
        }

        @Override
        public int start() {
            return 0;
        }

        @Override
        public int end() {
            return row().avro.length;
        }

        private Row row() {
            if (current == null) {
                throw new IllegalStateException("there is no row before next() or after the last one");
            }
            return current;
        }
    }
}
