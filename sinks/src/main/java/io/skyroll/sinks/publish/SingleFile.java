package io.skyroll.sinks.publish;

import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.dataset.FolderFile;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes one file of the files of all partitions, and gives it a name that stays. */
final class SingleFile {
    private static final int PIECE_BYTES = 1 << 20;
    /** At the end of a Parquet file, the footer, with sizes and extremes of all row groups. */
    private static final int END_BYTES = 1 << 16;

    private final Store store;
    private final DatasetCodecs codecs;

    SingleFile(Store store, DatasetCodecs codecs) {
        this.store = store;
        this.codecs = codecs;
    }

    /**
     * Copies the row groups of all files into one. Whoever does so for the same manifests writes the same bytes.
     *
     * @return size of the file
     */
    long write(RowSchema rows, List<DatasetManifest> manifests, String path) throws IOException {
        LeafCodec codec = codecs.codec(rows, Map.of());
        try (LeafWriter writer = codec.create(store.create(path))) {
            for (DatasetManifest manifest : manifests) {
                for (FolderFile file : manifest.files()) {
                    try (LeafReader reader = codec.open(store.open(file.file()))) {
                        for (int group = 0; group < reader.groups().size(); group++) {
                            writer.copy(reader, group);
                        }
                    }
                }
            }
            return writer.finish().bytes();
        }
    }

    /** Lets a name lead to a version's file, or to a copy where the store has no other names. */
    void publish(String path, String name) throws IOException {
        if (!store.alias(name, path)) {
            copy(path, name);
        }
    }

    /** Whether a version has a single file. */
    boolean exists(String path) throws IOException {
        try (StoreInput file = store.open(path)) {
            return file.length() > 0;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /** Whether a name leads to a version's file, or to a copy of it: one of the same length and the same end. */
    boolean isPublished(String path, String name) throws IOException {
        Optional<String> aliased = store.aliased(name);
        if (aliased.isPresent()) {
            return aliased.get().equals(path);
        }
        try (StoreInput one = store.open(path);
                StoreInput other = store.open(name)) {
            return one.length() == other.length() && Arrays.equals(end(one), end(other));
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    private void copy(String from, String to) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        try (StoreInput input = store.open(from);
                StoreOutput output = store.create(to)) {
            for (long position = 0; position < input.length(); position += piece.length) {
                int length = (int) Math.min(piece.length, input.length() - position);
                input.readFully(position, piece, 0, length);
                output.write(piece, 0, length);
            }
            output.commit();
        }
    }

    private static byte[] end(StoreInput file) throws IOException {
        byte[] bytes = new byte[(int) Math.min(END_BYTES, file.length())];
        file.readFully(file.length() - bytes.length, bytes, 0, bytes.length);
        return bytes;
    }
}
