package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.leaf.LeafWork;
import io.skyroll.sinks.memtable.Segment;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What publishing a step took: of a partition, or of all together.
 *
 * @param changes rows and deletions that came since the last step; of several for one key, each counts
 * @param changeBytes their size as they came from Kafka, without headers
 * @param groupsDecoded published row groups that were decoded, since changes fall into them
 * @param groupsCopied published row groups that were copied undecoded into new files
 * @param bytesCopied size of the latter
 * @param bytesWritten size of the files that were written, leaves' border files among them, and what was copied
 * @param filesWritten leaves, or files of a dataset, that were written
 * @param filesKept those that were not, since nothing in them changed
 */
public record StepWork(
        @JsonProperty("changes") long changes,
        @JsonProperty("change_bytes") long changeBytes,
        @JsonProperty("groups_decoded") long groupsDecoded,
        @JsonProperty("groups_copied") long groupsCopied,
        @JsonProperty("bytes_copied") long bytesCopied,
        @JsonProperty("bytes_written") long bytesWritten,
        @JsonProperty("files_written") long filesWritten,
        @JsonProperty("files_kept") long filesKept) {
    /**
     * The work of a partition.
     *
     * @param former paths of the files before
     * @param now paths of the files now
     */
    static StepWork of(Frozen frozen, LeafWork merge, Collection<String> former, Collection<String> now) {
        Set<String> kept = new HashSet<>(now);
        kept.retainAll(new HashSet<>(former));
        return new StepWork(
                frozen.segments().stream().mapToLong(Segment::rows).sum(),
                frozen.segments().stream().mapToLong(Segment::cameBytes).sum(),
                merge.groupsDecoded(),
                merge.groupsCopied(),
                merge.bytesCopied(),
                merge.bytesWritten(),
                now.size() - kept.size(),
                kept.size());
    }

    /** The work of both. */
    StepWork plus(StepWork other) {
        return new StepWork(
                changes + other.changes,
                changeBytes + other.changeBytes,
                groupsDecoded + other.groupsDecoded,
                groupsCopied + other.groupsCopied,
                bytesCopied + other.bytesCopied,
                bytesWritten + other.bytesWritten,
                filesWritten + other.filesWritten,
                filesKept + other.filesKept);
    }

    /** As properties of a version have it: name=number, and how many bytes were written for each byte that came. */
    String properties() {
        return "changes=%d change_bytes=%d groups_decoded=%d groups_copied=%d bytes_copied=%d bytes_written=%d files_written=%d files_kept=%d%s"
                .formatted(
                        changes,
                        changeBytes,
                        groupsDecoded,
                        groupsCopied,
                        bytesCopied,
                        bytesWritten,
                        filesWritten,
                        filesKept,
                        changeBytes == 0
                                ? ""
                                : String.format(Locale.ROOT, " write_amplification=%.1f", amplification()));
    }

    /** In a line for people. */
    public String text() {
        return "%,d changes; row groups: %,d decoded, %,d copied (%,d bytes); files: %,d written (%,d bytes), %,d kept%s"
                .formatted(
                        changes,
                        groupsDecoded,
                        groupsCopied,
                        bytesCopied,
                        filesWritten,
                        bytesWritten,
                        filesKept,
                        changeBytes == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT, "; %.1f bytes written for each that came", amplification()));
    }

    private double amplification() {
        return (double) bytesWritten / changeBytes;
    }
}
