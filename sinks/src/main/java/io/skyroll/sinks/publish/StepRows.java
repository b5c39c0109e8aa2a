package io.skyroll.sinks.publish;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.intake.Frozen;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * The rows that a partition has to publish for a step, found to go with those that it has published.
 *
 * @param base the manifest to go on from; empty when there is none, or when a reset has made its rows void
 * @param frozen what came since
 * @param avro the schema of all rows
 * @param schema the same as columns and key
 */
record StepRows(Optional<Manifest> base, Frozen frozen, Schema avro, RowSchema schema) {

    /**
     * Looks at the schemas of what was frozen.
     *
     * @param base the newest manifest
     * @throws SkyrollException when not all of these rows have one schema
     */
    static StepRows of(Generation generation, Optional<Manifest> base, Frozen frozen, SchemaRegistry registry) {
        Optional<Manifest> valid = frozen.reset().isPresent() ? Optional.empty() : base;
        Schema avro = registry.schema(frozen.schemaId());
        verifyRows(frozen, avro, generation, registry);
        return new StepRows(valid, frozen, avro, RowSchema.parse(avro));
    }

    /**
     * What turns the base's rows into these; empty when they have one schema, or there is no base.
     *
     * @throws SkyrollException when nothing does
     */
    Optional<RowEvolution> evolution() {
        return base.filter(manifest -> manifest.schemaId() != frozen.schemaId())
                .map(manifest -> RowEvolution.between(new Schema.Parser().parse(manifest.schema()), avro));
    }

    /** Rows read from the source by all partitions since the newest reset. */
    long rowsIn() {
        return base.map(Manifest::rowsIn).orElse(0L) + frozen.rowsIn();
    }

    /** Rows rejected by all partitions since then, by rule. */
    Map<String, Long> rejects() {
        Map<String, Long> sum = new TreeMap<>(base.map(Manifest::rejects).orElse(Map.of()));
        frozen.rejects().forEach((rule, count) -> sum.merge(rule, count, Long::sum));
        return sum;
    }

    /** Rows of another schema would be taken for something else. */
    private static void verifyRows(Frozen frozen, Schema expected, Generation generation, SchemaRegistry registry) {
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
}
