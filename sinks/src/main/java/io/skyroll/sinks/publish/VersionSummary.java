package io.skyroll.sinks.publish;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a version holds, added up from its manifests.
 *
 * @param rowsIn rows read from the source for it
 * @param rejects rows rejected, by rule
 * @param rows rows in it
 * @param files number of leaves, or of a dataset's files
 * @param bytes size of these
 * @param cutTime when the source was in the state that it shows
 */
public record VersionSummary(
        long rowsIn, Map<String, Long> rejects, long rows, int files, long bytes, Instant cutTime) {
    public VersionSummary {
        rejects = java.util.Collections.unmodifiableMap(new TreeMap<>(rejects));
    }

    /** Adds up the manifests of a committed version. */
    public static VersionSummary of(Chain chain, Version version) throws IOException {
        int partitions =
                chain.generation(version.generation()).orElseThrow().layout().partitions();
        VersionSummary sum = new VersionSummary(0, Map.of(), 0, 0, 0, Instant.EPOCH);
        for (int partition = 0; partition < partitions; partition++) {
            Manifest manifest = chain.manifest(version.generation(), version.number(), partition)
                    .orElseThrow(() -> new NoSuchFileException("a manifest of " + version));
            sum = new VersionSummary(
                    manifest.rowsIn(),
                    manifest.rejects(),
                    sum.rows + manifest.rows(),
                    sum.files + manifest.fileCount(),
                    sum.bytes + manifest.bytes(),
                    manifest.cutTime());
        }
        return sum;
    }
}
