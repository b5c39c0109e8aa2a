package io.skyroll.sinks.publish;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.merge.MergedLeaves;
import io.skyroll.sinks.merge.PartitionMerge;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.Schema;

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
        Optional<Manifest> valid = frozen.reset().isPresent() ? Optional.empty() : base;
        valid.ifPresent(manifest -> verifyContinues(manifest, frozen, generation));
        Schema avro = registry.schema(frozen.schemaId());
        verifyRows(frozen, avro, generation);
        RowSchema schema = RowSchema.parse(avro);
        PoolNames pool = new PoolNames(generation.number(), step.number(), partition, uniqueNames);
        Layout layout = generation.layout();
        RowOrder order = new RowOrder(schema);
        PartitionMerge merge = new PartitionMerge(
                store, codecs.apply(schema), order, layout.rule(), layout.groupRows(), layout.border(), pool);
        List<Leaf> leaves = valid.map(Manifest::leaves).orElse(List.of());
        MergedLeaves merged;
        try (PendingRows pending = PendingRows.of(frozen.segments(), order)) {
            merged = merge.merge(leaves, counts(valid, layout), pending);
        }
        String countsFile = pool.counts();
        try (StoreOutput output = store.create(countsFile)) {
            output.write(merged.counts().encode());
            output.commit();
        }
        return new Manifest(
                generation.number(),
                step.number(),
                partition,
                frozen.cut(),
                frozen.cutTime(),
                frozen.system(),
                frozen.restartOffset(),
                frozen.schemaId(),
                avro.toString(),
                valid.map(Manifest::rowsIn).orElse(0L) + frozen.rowsIn(),
                sum(valid.map(Manifest::rejects).orElse(Map.of()), frozen.rejects()),
                merged.counts().total(),
                countsFile,
                merged.maxima().rows(),
                merged.leaves());
    }

    private CellCounts counts(Optional<Manifest> base, Layout layout) throws IOException {
        if (base.isEmpty()) {
            return CellCounts.empty(layout.highestOrder());
        }
        String file = base.get().countsFile();
        return CellCounts.decode(store.read(file).orElseThrow(() -> new NoSuchFileException(store.uri(file))));
    }

    private static void verifyContinues(Manifest base, Frozen frozen, Generation generation) {
        if (base.schemaId() != frozen.schemaId()) {
            throw SkyrollException.configuration(
                    "%s: the table's columns changed after the cut at %s; this version cannot change the columns of a published catalog in place: take a new snapshot"
                            .formatted(generation.topic(), base.cut()));
        }
    }

    /** Rows of another schema would be taken for something else. */
    private void verifyRows(Frozen frozen, Schema expected, Generation generation) {
        frozen.segments().stream()
                .flatMap(segment -> segment.schemaIds().stream())
                .distinct()
                .map(registry::schema)
                .map(schema -> schema.getType() == Schema.Type.ARRAY ? schema.getElementType() : schema)
                .filter(schema -> !schema.equals(expected))
                .findAny()
                .ifPresent(schema -> {
                    throw SkyrollException.configuration(
                            "%s: the table's columns changed before the cut at %s, and rows came with the former ones: take a new snapshot"
                                    .formatted(generation.topic(), frozen.cut()));
                });
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> sum = new TreeMap<>(one);
        other.forEach((rule, count) -> sum.merge(rule, count, Long::sum));
        return sum;
    }
}
