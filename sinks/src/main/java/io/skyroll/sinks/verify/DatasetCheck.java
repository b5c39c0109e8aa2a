package io.skyroll.sinks.verify;

import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.dataset.FolderFile;
import io.skyroll.sinks.dataset.Folders;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.DatasetManifest;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.parquet.schema.MessageType;

/**
 * Checks the version of a dataset that readers see: that its directory has the files that the chain says, and that these have the rows that
 * they must have. Owned by one thread.
 */
final class DatasetCheck {
    private final Store store;
    private final Checks checks;
    private final Generation generation;
    private final Version version;
    private final String directory;
    private final List<DatasetManifest> manifests;

    /** @param directory the version's */
    DatasetCheck(
            Store store,
            Checks checks,
            Generation generation,
            Version version,
            String directory,
            List<DatasetManifest> manifests) {
        this.store = store;
        this.checks = checks;
        this.generation = generation;
        this.version = version;
        this.directory = directory;
        this.manifests = List.copyOf(manifests);
    }

    /** Finds the version that readers see and checks it. */
    static void check(Store store, Checks checks) {
        Check pointer = checks.begin("", Kind.COLLECTION);
        Optional<DatasetCheck> found = new DatasetPointer(store, pointer).follow(checks);
        found.ifPresent(DatasetCheck::check);
    }

    /** The manifests of a version, as far as they are there. */
    static List<DatasetManifest> manifests(Chain chain, Generation generation, Version version) throws IOException {
        List<Manifest> manifests = new ArrayList<>();
        for (int partition = 0; partition < generation.layout().partitions(); partition++) {
            chain.manifest(generation.number(), version.number(), partition).ifPresent(manifests::add);
        }
        return DatasetManifest.of(manifests);
    }

    private void check() {
        checkProperties(checks.begin(directory, Kind.PROPERTIES));
        boolean isSingle = generation.datasetLayout().singleFile();
        Map<String, Long> files = new TreeMap<>();
        if (!isSingle) {
            manifests.forEach(manifest -> manifest.files().forEach(file -> files.put(file.path(), file.bytes())));
        }
        checkFiles(checks.begin(directory, Kind.FILES), files, isSingle);
        checkSchema(
                checks.begin(directory, Kind.SCHEMA), isSingle ? List.of(singleFile()) : List.copyOf(files.keySet()));
        if (manifests.isEmpty()) {
            return;
        }
        RowSchema rows = manifests.get(0).rowSchema();
        DatasetRows read = new DatasetRows(store, rows, generation.datasetLayout());
        Check folders = checks.begin(directory, Kind.FOLDERS);
        Check counts = checks.begin(directory, Kind.ROWS);
        Check order = checks.begin(directory, Kind.ORDER);
        if (isSingle) {
            long expected = manifests.stream().mapToLong(Manifest::rows).sum();
            read.check(directory + "/" + singleFile(), expected, counts, order);
        } else {
            for (DatasetManifest manifest : manifests) {
                for (FolderFile file : manifest.files()) {
                    read.check(directory + "/" + file.path(), file, folders, counts, order);
                }
            }
        }
        folders.saw("%,d files", files.size());
        counts.saw("%,d rows", read.rows());
        order.saw("%,d row groups", read.groups());
        if (rows.hasKey()) {
            Folders folderOf = new Folders(rows, generation.datasetLayout().folders());
            new DoubleKeys(store, rows, folderOf, checks.begin(directory, Kind.UNIQUE)).check(poolFiles());
        }
    }

    private List<FolderFile> poolFiles() {
        return manifests.stream().flatMap(manifest -> manifest.files().stream()).toList();
    }

    private String singleFile() {
        return DatasetProperties.singleFile(directory.substring(0, directory.lastIndexOf("_g")));
    }

    private void checkProperties(Check check) {
        String path = directory + "/" + DatasetProperties.OF_VERSION;
        check.attempt(path, () -> {
            Optional<byte[]> text = store.read(path);
            if (text.isEmpty()) {
                check.found(path, "it is missing, so the directory is not complete");
                return;
            }
            DatasetProperties said = DatasetProperties.parse(path, text.get());
            Map<String, String> expected = new TreeMap<>(Map.of(
                    "rows",
                            Long.toString(
                                    manifests.stream().mapToLong(Manifest::rows).sum()),
                    "generation", Integer.toString(version.generation()),
                    "version", Long.toString(version.number()),
                    "position", version.cut().toString()));
            if (!generation.datasetLayout().singleFile()) {
                expected.put("files", Integer.toString(poolFiles().size()));
                expected.put(
                        "bytes",
                        Long.toString(poolFiles().stream()
                                .mapToLong(FolderFile::bytes)
                                .sum()));
            }
            expected.forEach((key, value) -> {
                if (!said.text(key).equals(value)) {
                    check.found(path, "%s must be %s, says the chain: '%s'", key, value, said.text(key));
                }
            });
            check.saw("%d keys", said.values().size());
        });
    }

    private void checkFiles(Check check, Map<String, Long> expected, boolean isSingle) {
        check.attempt(directory, () -> {
            Map<String, Long> found = new TreeMap<>();
            walk("", found);
            check.saw("%,d files", found.size());
            List<String> others =
                    new ArrayList<>(List.of(DatasetProperties.OF_VERSION, DatasetProperties.COMMON_METADATA));
            if (isSingle) {
                others.add(singleFile());
            }
            others.stream()
                    .filter(other -> found.remove(other) == null)
                    .forEach(other -> check.found(directory + "/" + other, "it is missing"));
            expected.forEach((path, bytes) -> {
                Long length = found.remove(path);
                if (length == null) {
                    check.found(directory + "/" + path, "it is missing");
                } else if (!length.equals(bytes)) {
                    check.found(directory + "/" + path, "it must have %d bytes: %d", bytes, length);
                }
            });
            found.keySet().forEach(stray -> check.found(directory + "/" + stray, "it does not belong here"));
        });
    }

    private void walk(String relative, Map<String, Long> files) throws IOException {
        for (Store.Entry entry : store.list(relative.isEmpty() ? directory : directory + "/" + relative)) {
            String path = relative.isEmpty() ? entry.name() : relative + "/" + entry.name();
            if (entry.isDirectory()) {
                walk(path, files);
            } else {
                files.put(path, entry.sizeBytes());
            }
        }
    }

    private void checkSchema(Check check, List<String> files) {
        String common = directory + "/" + DatasetProperties.COMMON_METADATA;
        List<MessageType> expected = new ArrayList<>();
        check.attempt(common, () -> {
            try (TableFile file = TableFile.open(store, common)) {
                expected.add(file.schema());
            }
        });
        check.saw("%,d files", files.size());
        for (String file : expected.isEmpty() ? List.<String>of() : files) {
            String path = directory + "/" + file;
            check.attempt(path, () -> {
                try (TableFile table = TableFile.open(store, path)) {
                    SchemaDifference.of(expected.get(0), table.schema())
                            .ifPresent(difference -> check.found(path, difference));
                }
            });
        }
    }
}
