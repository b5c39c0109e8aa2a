package io.skyroll.sinks.merge;

import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import io.skyroll.sinks.storage.StoreOutput;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes down which row groups of leaves another codec decodes, encodes and copies. Border files are passed over. */
final class WatchedLeaves implements LeafCodec {
    /** What the paths of border files start with. */
    static final String BORDERS = "borders/";

    private final LeafCodec codec;
    private final Set<LeafGroup> decoded = new HashSet<>();
    /** Of one place, several groups may look alike. */
    private final Set<String> decodedPlaces = new HashSet<>();

    private final List<List<Boolean>> copies = new ArrayList<>();
    private String path = "";
    private int opened;

    WatchedLeaves(LeafCodec codec) {
        this.codec = codec;
    }

    /** A store that tells which file is created or opened next. */
    Store watch(Store store) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("create") || method.getName().equals("open")) {
                        path = (String) arguments[0];
                    }
                    return method.invoke(store, arguments);
                });
    }

    void forget() {
        decoded.clear();
        decodedPlaces.clear();
        copies.clear();
        opened = 0;
    }

    /** The groups that were decoded. */
    Set<LeafGroup> decoded() {
        return decoded;
    }

    /** How many groups of files were decoded, once or more. */
    int decodedCount() {
        return decodedPlaces.size();
    }

    /** Per file written, per group, whether it was copied. */
    List<List<Boolean>> copies() {
        return copies;
    }

    /** Number of files opened. */
    int opened() {
        return opened;
    }

    @Override
    public LeafWriter create(StoreOutput output) {
        List<Boolean> file = new ArrayList<>();
        if (!path.startsWith(BORDERS)) {
            copies.add(file);
        }
        return new Writer(codec.create(output), file);
    }

    @Override
    public LeafReader open(StoreInput input) {
        opened++;
        boolean isBorder = path.startsWith(BORDERS);
        return new Reader(
                codec.open(input),
                path,
                isBorder ? new HashSet<>() : decoded,
                isBorder ? new HashSet<>() : decodedPlaces);
    }

    private record Writer(LeafWriter writer, List<Boolean> file) implements LeafWriter {
        @Override
        public void encode(RowCursor rows) {
            file.add(false);
            writer.encode(rows);
        }

        @Override
        public void copy(LeafReader source, int group) {
            file.add(true);
            writer.copy(((Reader) source).reader, group);
        }

        @Override
        public long bytes() {
            return writer.bytes();
        }

        @Override
        public LeafFile finish() {
            return writer.finish();
        }

        @Override
        public void close() {
            writer.close();
        }
    }

    private record Reader(LeafReader reader, String path, Set<LeafGroup> decoded, Set<String> places)
            implements LeafReader {
        @Override
        public List<LeafGroup> groups() {
            return reader.groups();
        }

        @Override
        public RowCursor rows(int group) {
            decoded.add(groups().get(group));
            places.add(path + "#" + group);
            return reader.rows(group);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
