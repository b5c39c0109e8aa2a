package io.skyroll.sinks.catalog;

import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a file piece by piece; nobody sees it before it is whole. */
final class StoredFile {
    private static final int BUFFER_BYTES = 1 << 16;

    private StoredFile() {}

    /** What is written. */
    interface Content {
        void writeTo(OutputStream output) throws IOException;
    }

    static void write(Store store, String path, Content content) throws IOException {
        try (StoreOutput output = store.create(path)) {
            OutputStream buffered = new BufferedOutputStream(output, BUFFER_BYTES);
            content.writeTo(buffered);
            buffered.flush();
            output.commit();
        }
    }
}
