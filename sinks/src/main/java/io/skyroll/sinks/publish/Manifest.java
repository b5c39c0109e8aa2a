package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.merge.Leaf;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * One partition's state at a step, changed or not: all that is needed to assemble a version from it and to go on reading after it.
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
 * @param leaves in sky order
 */
public record Manifest(
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
        @JsonProperty("leaves") List<Leaf> leaves) {

    public Manifest {
        rejects = Collections.unmodifiableMap(new TreeMap<>(rejects));
        maxPerOrder = List.copyOf(maxPerOrder);
        leaves = List.copyOf(leaves);
    }

    /** The rows' columns and key. */
    public RowSchema rowSchema() {
        return RowSchema.parse(new Schema.Parser().parse(schema));
    }

    /** Paths of all files in the pool that the state consists of. */
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
