package io.skyroll.sinks.publish;

import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.merge.EvolvedLeaves;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.merge.MergedLeaves;
import io.skyroll.sinks.merge.PartitionMerge;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Writes leaves with a codec, into the pool. Thread-safe. */
public final class LeafManifestWriter implements ManifestWriter {
    private final Store store;
    private final SchemaRegistry registry;
    private final Function<RowSchema, LeafCodec> codecs;
    private final Supplier<String> uniqueNames;

    /**
     * @param codecs gives the codec for a row schema
     * @param uniqueNames gives names that no process ever gives twice
     */
    public LeafManifestWriter(
            Store store, SchemaRegistry registry, Function<RowSchema, LeafCodec> codecs, Supplier<String> uniqueNames) {
        this.store = store;
        this.registry = registry;
        this.codecs = codecs;
        this.uniqueNames = uniqueNames;
    }

    @Override
    public Manifest write(Generation generation, Step step, int partition, Optional<Manifest> base, Frozen frozen)
            throws IOException {
        StepRows rows = StepRows.of(generation, base, frozen, registry);
        Optional<SkyManifest> former = rows.base().map(SkyManifest::of);
        PoolNames pool = new PoolNames(generation.number(), step.number(), partition, uniqueNames);
        SkyLayout layout = generation.skyLayout();
        RowOrder order = new RowOrder(rows.schema());
        PartitionMerge merge = new PartitionMerge(
                store, codecs.apply(rows.schema()), order, layout.rule(), layout.groupRows(), layout.border(), pool);
        List<Leaf> published = former.map(SkyManifest::leaves).orElse(List.of());
        List<Leaf> leaves = published;
        long evolvedBytes = 0;
        Optional<RowEvolution> evolution = rows.evolution();
        if (evolution.isPresent()) {
            LeafCodec earlier = codecs.apply(rows.base().orElseThrow().rowSchema());
            leaves =
                    new EvolvedLeaves(store, earlier, codecs.apply(rows.schema()), evolution.get(), pool).of(published);
            evolvedBytes = leaves.stream().mapToLong(Leaf::bytesWithBorder).sum();
        }
        MergedLeaves merged;
        try (PendingRows pending = PendingRows.of(frozen.segments(), order)) {
            merged = merge.merge(leaves, counts(former, layout), pending);
        }
        String countsFile = pool.counts();
        try (StoreOutput output = store.create(countsFile)) {
            output.write(merged.counts().encode());
            output.commit();
        }
        return new SkyManifest(
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
                merged.counts().total(),
                countsFile,
                merged.maxima().rows(),
                Optional.of(StepWork.of(
                        frozen, merged.work().andWritten(evolvedBytes), files(published), files(merged.leaves()))),
                merged.leaves());
    }

    private static List<String> files(List<Leaf> leaves) {
        return leaves.stream().map(Leaf::file).toList();
    }

    private CellCounts counts(Optional<SkyManifest> base, SkyLayout layout) throws IOException {
        if (base.isEmpty()) {
            return CellCounts.empty(layout.highestOrder());
        }
        String file = base.get().countsFile();
        return CellCounts.decode(store.read(file).orElseThrow(() -> new NoSuchFileException(store.uri(file))));
    }
}
