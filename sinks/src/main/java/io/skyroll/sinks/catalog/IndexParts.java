package io.skyroll.sinks.catalog;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.parquet.DatasetFile;
import io.skyroll.sinks.parquet.IndexFormat;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of one index, written one after the other. Owned by one thread. */
final class IndexParts implements AutoCloseable {
    private static final int PART_ROWS = 1_000_000;

    private final Store store;
    private final String index;
    private final IndexFormat format;
    private final List<DatasetFile> finished = new ArrayList<>();
    private @Nullable StoreOutput output;
    private IndexFormat.@Nullable Part part;
    private int rows;

    /** @param index the index's directory */
    IndexParts(Store store, String index, IndexFormat format) {
        this.store = store;
        this.index = index;
        this.format = format;
    }

    /** Adds an entry; entries come in the order of their keys. */
    void add(byte[] key, Pixel pixel) throws IOException {
        if (part == null) {
            output = store.create(path());
            part = format.create(output);
        }
        part.add(key, pixel);
        rows++;
        if (rows == PART_ROWS) {
            finishPart();
        }
    }

    /** Commits what is left. */
    List<DatasetFile> finish() throws IOException {
        finishPart();
        return finished;
    }

    @Override
    public void close() throws IOException {
        if (part != null) {
            part.close();
        }
        if (output != null) {
            output.close();
        }
    }

    private String path() {
        return index + "/" + CatalogLayout.indexPartPath(finished.size());
    }

    private void finishPart() throws IOException {
        if (part == null) {
            return;
        }
        String path = path();
        finished.add(part.finish(path, CatalogLayout.inDataset(CatalogLayout.indexPartPath(finished.size()))));
        close();
        part = null;
        output = null;
        rows = 0;
    }
}
