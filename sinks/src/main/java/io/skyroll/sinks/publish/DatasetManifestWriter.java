package io.skyroll.sinks.publish;

import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.dataset.DatasetFiles;
import io.skyroll.sinks.dataset.DatasetMerge;
import io.skyroll.sinks.dataset.FolderFile;
import io.skyroll.sinks.dataset.Folders;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Adds rows to the files of a dataset, in the pool. Thread-safe. */
public final class DatasetManifestWriter implements ManifestWriter {
    private final Store store;
    private final SchemaRegistry registry;
    private final DatasetSettings settings;
    private final DatasetCodecs codecs;
    private final Supplier<String> uniqueNames;

    /** @param uniqueNames gives names that no process ever gives twice */
    public DatasetManifestWriter(
            Store store,
            SchemaRegistry registry,
            DatasetSettings settings,
            DatasetCodecs codecs,
            Supplier<String> uniqueNames) {
        this.store = store;
        this.registry = registry;
        this.settings = settings;
        this.codecs = codecs;
        this.uniqueNames = uniqueNames;
    }

    @Override
    public Manifest write(Generation generation, Step step, int partition, Optional<Manifest> base, Frozen frozen)
            throws IOException {
        StepRows rows = StepRows.of(generation, base, frozen, registry);
        RowSchema schema = rows.schema();
        PoolNames pool = new PoolNames(generation.number(), step.number(), partition, uniqueNames);
        DatasetFiles files = files(generation, schema, pool);
        RowOrder order = new RowOrder(schema);
        DatasetMerge merge = new DatasetMerge(files, order, settings.files(), settings.memoryBytes());
        List<FolderFile> published =
                rows.base().map(DatasetManifest::of).map(DatasetManifest::files).orElse(List.of());
        List<FolderFile> former = published;
        Optional<RowEvolution> evolution = rows.evolution();
        if (evolution.isPresent()) {
            DatasetFiles earlier = files(generation, rows.base().orElseThrow().rowSchema(), pool);
            former = files.evolved(earlier, published, evolution.get());
        }
        List<FolderFile> merged;
        try (PendingRows pending = PendingRows.of(frozen.segments(), order)) {
            merged = merge.merge(former, pending, frozen.cutTime());
        }
        return new DatasetManifest(
                generation.number(),
                step.number(),
                partition,
                frozen.cut(),
                frozen.cutTime(),
                frozen.system(),
                frozen.restartOffset(),
                frozen.schemaId(),
                rows.avro().toString(),
                rows.rowsIn(),
                rows.rejects(),
                Optional.of(StepWork.of(frozen, files.work(), paths(published), paths(merged))),
                merged);
    }

    private DatasetFiles files(Generation generation, RowSchema schema, PoolNames pool) {
        return new DatasetFiles(
                store,
                new Folders(schema, generation.datasetLayout().folders()),
                constants -> codecs.codec(schema, constants),
                pool::leaf);
    }

    private static List<String> paths(List<FolderFile> files) {
        return files.stream().map(FolderFile::file).toList();
    }
}
