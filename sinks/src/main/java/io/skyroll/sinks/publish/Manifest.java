package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.RowSchema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * One partition's state at a step, changed or not: all that is needed to assemble a version from it and to go on reading after it. Which of
 * the kinds a stored one is of, its keys tell.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(SkyManifest.class), @JsonSubTypes.Type(DatasetManifest.class)})
public sealed interface Manifest permits SkyManifest, DatasetManifest {

    /** The generation's number, from 1. */
    int generation();

    /** The step's number. */
    long step();

    /** The partition of the sky topic, from 0. */
    int partition();

    /** The step's cut. */
    Position cut();

    /** When the source was in the cut's state. */
    Instant cutTime();

    /** The source system. */
    String system();

    /** The offset of the earliest record, row or control, that belongs after the cut. */
    long restartOffset();

    /** The registry's id of the rows' schema. */
    int schemaId();

    /** The rows' Avro schema. */
    String schema();

    /** Rows read from the source by all partitions since the newest reset. */
    long rowsIn();

    /** Rows rejected by all partitions since then, by rule. */
    Map<String, Long> rejects();

    /** Rows of this partition. */
    long rows();

    /** Number of the files that hold these. */
    int fileCount();

    /** Size of these files. */
    long bytes();

    /** What the step took of this partition; empty in manifests of before that was counted. */
    Optional<StepWork> work();

    /** Paths of all files in the pool that the state consists of. */
    Set<String> poolFiles();

    /** The rows' columns and key. */
    default RowSchema rowSchema() {
        return RowSchema.parse(new Schema.Parser().parse(schema()));
    }

    /** From where on each partition of the sky topic is read after a version: partition=offset, by partition. */
    static String topicOffsets(List<? extends Manifest> manifests) {
        return manifests.stream()
                .sorted(Comparator.comparingInt(Manifest::partition))
                .map(manifest -> "%d=%d".formatted(manifest.partition(), manifest.restartOffset()))
                .collect(Collectors.joining(" "));
    }

    /** What a version took of all its partitions; empty if that was not counted. */
    static Optional<StepWork> work(List<? extends Manifest> manifests) {
        return manifests.stream().allMatch(manifest -> manifest.work().isPresent())
                ? manifests.stream()
                        .flatMap(manifest -> manifest.work().stream())
                        .reduce(StepWork::plus)
                : Optional.empty();
    }

    /**
     * Refuses manifests of a version that say different things about all partitions.
     *
     * @throws SkyrollException when they do
     */
    static void requireAgreement(Version version, List<? extends Manifest> manifests) {
        Manifest any = manifests.get(0);
        for (Manifest manifest : manifests) {
            if (manifest.schemaId() != any.schemaId()
                    || manifest.rowsIn() != any.rowsIn()
                    || !manifest.rejects().equals(any.rejects())) {
                throw SkyrollException.defect(
                        "version %d: partitions %d and %d disagree on the row schema or on the number of rows read or rejected"
                                .formatted(version.number(), any.partition(), manifest.partition()));
            }
        }
    }
}
