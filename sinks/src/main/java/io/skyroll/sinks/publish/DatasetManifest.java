package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.dataset.FolderFile;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A partition of a dataset at a step.
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
 * @param work what the step took; empty in manifests of before that was counted
 * @param files by folder, those of a folder in the order in which they were begun
 */
public record DatasetManifest(
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
        @JsonProperty("work") Optional<StepWork> work,
        @JsonProperty("files") List<FolderFile> files)
        implements Manifest {

    public DatasetManifest {
        rejects = Collections.unmodifiableMap(new TreeMap<>(rejects));
        files = List.copyOf(files);
    }

    /**
     * The manifests of a dataset.
     *
     * @throws SkyrollException when one is of a HATS catalog
     */
    public static List<DatasetManifest> of(List<Manifest> manifests) {
        return manifests.stream().map(DatasetManifest::of).toList();
    }

    static DatasetManifest of(Manifest manifest) {
        if (manifest instanceof DatasetManifest dataset) {
            return dataset;
        }
        throw SkyrollException.defect("the manifest of partition %d for step %d lists leaves, not files of a dataset"
                .formatted(manifest.partition(), manifest.step()));
    }

    @Override
    public long rows() {
        return files.stream().mapToLong(FolderFile::rows).sum();
    }

    @Override
    public int fileCount() {
        return files.size();
    }

    @Override
    public long bytes() {
        return files.stream().mapToLong(FolderFile::bytes).sum();
    }

    @Override
    public Set<String> poolFiles() {
        return files.stream().map(FolderFile::file).collect(Collectors.toUnmodifiableSet());
    }
}
