package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.merge.Leaf;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A partition of a HATS catalog at a step.
 *
 * @param generation from 1
 * @param step the step's number
 * @param partition the partition of the sky topic, from 0
 * @param cut the step's cut
 * @param cutTime when the source was in the cut's state
 * @param system the source system
 * @param restartOffset the offset of the earliest record, row or control, that belongs after the cut
 * @param schemaId the registry's id of the rows' schema
 * @param schema the rows' Avro schema
 * @param rowsIn rows read from the source by all partitions since the newest reset
 * @param rejects rows rejected by all partitions since then, by rule
 * @param rows rows of this partition's leaves
 * @param countsFile path of the partition's {@link io.skyroll.sinks.hats.CellCounts} in the pool
 * @param maxPerOrder the largest number of rows in a cell, by order from the lowest to the highest
 * @param work what the step took; empty in manifests of before that was counted
 * @param leaves in sky order
 */
public record SkyManifest(
        @JsonProperty("generation") int generation,
        @JsonProperty("step") long step,
        @JsonProperty("partition") int partition,
        @JsonProperty("cut") Position cut,
        @JsonProperty("cut_time") Instant cutTime,
        @JsonProperty("system") String system,
        @JsonProperty("restart_offset") long restartOffset,
        @JsonProperty("schema_id") int schemaId,
        @JsonProperty("schema") String schema,
        @JsonProperty("rows_in") long rowsIn,
        @JsonProperty("rejects") Map<String, Long> rejects,
        @JsonProperty("rows") long rows,
        @JsonProperty("counts_file") String countsFile,
        @JsonProperty("max_per_order") List<Long> maxPerOrder,
        @JsonProperty("work") Optional<StepWork> work,
        @JsonProperty("leaves") List<Leaf> leaves)
        implements Manifest {

    public SkyManifest {
        rejects = Collections.unmodifiableMap(new TreeMap<>(rejects));
        maxPerOrder = List.copyOf(maxPerOrder);
        leaves = List.copyOf(leaves);
    }

    /**
     * The manifests of a HATS catalog.
     *
     * @throws SkyrollException when one is of a dataset
     */
    public static List<SkyManifest> of(List<Manifest> manifests) {
        return manifests.stream().map(SkyManifest::of).toList();
    }

    static SkyManifest of(Manifest manifest) {
        if (manifest instanceof SkyManifest sky) {
            return sky;
        }
        throw SkyrollException.defect("the manifest of partition %d for step %d lists files of a dataset, not leaves"
                .formatted(manifest.partition(), manifest.step()));
    }

    @Override
    public int fileCount() {
        return leaves.size();
    }

    @Override
    public long bytes() {
        return leaves.stream().mapToLong(Leaf::bytes).sum();
    }

    @Override
    public Set<String> poolFiles() {
        Set<String> files = new HashSet<>();
        files.add(countsFile);
        for (Leaf leaf : leaves) {
            files.add(leaf.file());
            leaf.border().map(Border::file).ifPresent(files::add);
        }
        return files;
    }
}
