package io.skyroll.sinks.verify;

import io.skyroll.schemas.row.RowHash;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.dataset.FolderFile;
import io.skyroll.sinks.dataset.Folders;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks for keys that more than one row has, by their hashes: in as many passes as it takes to hold those of a slice. Only the columns
 * of the key are read. Of a thousand million different keys, two have the same hash in one catalog of forty. Owned by one thread.
 */
final class DoubleKeys {
    /** Hashes that are held at once: 64 MB. */
    private static final int MAX_HELD = 1 << 23;

    private final Store store;
    private final RowSchema schema;
    private final Folders folders;
    private final Check check;

    /** @param folders those of these rows */
    DoubleKeys(Store store, RowSchema schema, Folders folders, Check check) {
        this.store = store;
        this.schema = schema;
        this.folders = folders;
        this.check = check;
    }

    /** @param files of all partitions, in the pool */
    void check(List<FolderFile> files) {
        long rows = files.stream().mapToLong(FolderFile::rows).sum();
        check.saw("%,d keys", rows);
        // With room to spare: slices are not quite equal.
        int bits = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(rows / (MAX_HELD / 2)));
        for (long slice = 0; slice < 1L << bits; slice++) {
            Set<Long> doubles = doubles(files, bits, slice);
            if (!doubles.isEmpty()) {
                tell(files, doubles);
            }
        }
    }

    private Set<Long> doubles(List<FolderFile> files, int bits, long slice) {
        Hashes hashes = new Hashes();
        for (FolderFile file : files) {
            check.attempt(
                    file.file(),
                    () -> forEach(file, (hash, group, row) -> {
                        if (bits == 0 || hash >>> (Long.SIZE - bits) == slice) {
                            hashes.add(hash);
                        }
                    }));
        }
        return hashes.doubles();
    }

    /** Names the places of keys that come more than once. */
    private void tell(List<FolderFile> files, Set<Long> doubles) {
        for (FolderFile file : files) {
            check.attempt(
                    file.file(),
                    () -> forEach(file, (hash, group, row) -> {
                        if (doubles.contains(hash)) {
                            check.found(
                                    file.file(),
                                    "another row has the key of row %d in row group %d, folder '%s'",
                                    row,
                                    group,
                                    file.folder());
                        }
                    }));
        }
    }

    private void forEach(FolderFile file, Taker taker) throws IOException {
        Map<String, byte[]> constants = folders.constants(file.in());
        long constant = 0;
        List<String> stored = new ArrayList<>();
        for (String column : schema.keyColumns()) {
            byte[] value = constants.get(column);
            if (value == null) {
                stored.add(column);
            } else {
                constant = RowHash.combine(constant, RowHash.of(value, 0, value.length));
            }
        }
        try (TableFile table = TableFile.open(store, file.file())) {
            // Of a key that folders say all about, every row of a file has the same one: any column counts them.
            List<String> read = stored.isEmpty() ? List.of(table.schema().getFieldName(0)) : stored;
            for (int group = 0; group < table.groupCount(); group++) {
                TableRows rows = table.rows(group, read);
                while (rows.next()) {
                    long row = rows.row();
                    taker.take(RowHash.combine(constant, stored.isEmpty() ? 0 : rows.hash()), group, row);
                }
            }
        }
    }

    /** Takes a key's hash and where its row is. */
    private interface Taker {
        void take(long hash, int group, long row);
    }

    /** Hashes of one slice. */
    private static final class Hashes {
        private long[] hashes = new long[1 << 10];
        private int size;

        void add(long hash) {
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * size);
            }
            hashes[size++] = hash;
        }

        /** Some of those that came more than once. */
        Set<Long> doubles() {
            Arrays.sort(hashes, 0, size);
            Set<Long> doubles = new TreeSet<>();
            for (int i = 1; i < size && doubles.size() < Check.SHOWN; i++) {
                if (hashes[i] == hashes[i - 1]) {
                    doubles.add(hashes[i]);
                }
            }
            return doubles;
        }
    }
}
