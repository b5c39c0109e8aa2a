package io.skyroll.sinks.publish;

import static io.skyroll.sinks.dataset.DatasetProperties.COMMON_METADATA;
import static io.skyroll.sinks.dataset.DatasetProperties.CURRENT;
import static io.skyroll.sinks.dataset.DatasetProperties.OF_VERSION;
import static io.skyroll.sinks.dataset.DatasetProperties.POINTER;
import static io.skyroll.sinks.dataset.DatasetProperties.VERSION;

import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.dataset.FolderFile;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Version directories of datasets: folders of links (or copies) of pool files, or one file that all of these were copied into. The
 * properties come last, so that a directory with properties is complete.
 *
 * <p>Readers are pointed to a version by {@code current.properties}; by {@code current}, another name of its directory, where the store has
 * such names; and a single file stands in the collection under a name that stays.
 */
public final class DatasetVersionDirectory implements VersionDirectory {
    private final Store store;
    private final DatasetSettings settings;
    private final BiFunction<RowSchema, Set<String>, byte[]> commonMetadata;
    private final SingleFile singleFile;

    /**
     * @param codecs gives the codecs that the files were written with
     * @param commonMetadata gives a Parquet file without rows that has the schema of the files of a row schema, without the columns of
     *     the given names
     */
    public DatasetVersionDirectory(
            Store store,
            DatasetSettings settings,
            DatasetCodecs codecs,
            BiFunction<RowSchema, Set<String>, byte[]> commonMetadata) {
        this.store = store;
        this.settings = settings;
        this.commonMetadata = commonMetadata;
        this.singleFile = new SingleFile(store, codecs);
    }

    @Override
    public String name(Version version) {
        return version.directory(settings.name());
    }

    @Override
    public void assemble(Generation generation, Version version, List<Manifest> states) throws IOException {
        String directory = name(version) + "/";
        DatasetLayout layout = generation.datasetLayout();
        List<DatasetManifest> manifests = DatasetManifest.of(states);
        RowSchema rows = manifests.get(0).rowSchema();
        long bytes;
        if (layout.singleFile()) {
            String path = directory + DatasetProperties.singleFile(settings.name());
            // Links are made again at little cost; all rows are not.
            if (store.read(directory + OF_VERSION).isPresent() && singleFile.exists(path)) {
                return;
            }
            bytes = singleFile.write(rows, manifests, path);
        } else {
            for (DatasetManifest manifest : manifests) {
                for (FolderFile file : manifest.files()) {
                    store.linkOrCopy(file.file(), directory + file.path());
                }
            }
            bytes = manifests.stream().mapToLong(Manifest::bytes).sum();
        }
        store.replace(directory + COMMON_METADATA, commonMetadata.apply(rows, layout.leftOut()));
        int files = layout.singleFile()
                ? 1
                : manifests.stream().mapToInt(Manifest::fileCount).sum();
        store.replace(
                directory + OF_VERSION,
                properties(version, layout, manifests, files, bytes).toBytes());
    }

    /** Only what all names lead to is what readers see: one of them may have been written by a process that did not come further. */
    @Override
    public String pointed() throws IOException {
        Optional<byte[]> text = store.read(POINTER);
        if (text.isEmpty()) {
            return "";
        }
        String version = DatasetProperties.parse(POINTER, text.get()).text(VERSION);
        boolean isElsewhere = store.aliased(CURRENT)
                .filter(current -> !current.equals(version))
                .isPresent();
        String file = DatasetProperties.singleFile(settings.name());
        String path = version + "/" + file;
        return isElsewhere || (singleFile.exists(path) && !singleFile.isPublished(path, file)) ? "" : version;
    }

    @Override
    public void point(Version version) throws IOException {
        String directory = name(version);
        String file = DatasetProperties.singleFile(settings.name());
        if (singleFile.exists(directory + "/" + file)) {
            singleFile.publish(directory + "/" + file, file);
        }
        store.alias(CURRENT, directory);
        store.replace(POINTER, new DatasetProperties(Map.of(VERSION, directory)).toBytes());
    }

    private DatasetProperties properties(
            Version version, DatasetLayout layout, List<DatasetManifest> manifests, int files, long bytes) {
        Manifest.requireAgreement(version, manifests);
        DatasetManifest any = manifests.get(0);
        Map<String, String> values = new TreeMap<>();
        values.put("name", settings.name());
        values.put("builder", settings.builder());
        values.put("created", version.created().toString());
        values.put("generation", Integer.toString(version.generation()));
        values.put("version", Long.toString(version.number()));
        values.put("position", version.cut().toString());
        values.put("position_time", any.cutTime().toString());
        values.put("topic_offsets", Manifest.topicOffsets(manifests));
        values.put("rows_in", Long.toString(any.rowsIn()));
        Manifest.work(manifests).ifPresent(work -> values.put("work", work.properties()));
        if (!any.rejects().isEmpty()) {
            values.put(
                    "rejects",
                    any.rejects().entrySet().stream()
                            .map(reject -> reject.getKey() + "=" + reject.getValue())
                            .collect(Collectors.joining(" ")));
        }
        values.put(
                "rows",
                Long.toString(manifests.stream().mapToLong(Manifest::rows).sum()));
        if (!layout.hasSky()) {
            values.put("order", "hash of the key");
        }
        values.put("files", Integer.toString(files));
        values.put("bytes", Long.toString(bytes));
        return new DatasetProperties(values);
    }
}
