package io.skyroll.sinks.publish;

import io.skyroll.sinks.merge.Leaf;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a version holds, added up from its manifests.
 *
 * @param rowsIn rows read from the source for it
 * @param rejects rows rejected, by rule
 * @param rows rows in its leaves
 * @param leaves number of leaf files
 * @param bytes size of all leaf files
 */
public record VersionSummary(long rowsIn, Map<String, Long> rejects, long rows, int leaves, long bytes) {
    public VersionSummary {
        rejects = java.util.Collections.unmodifiableMap(new TreeMap<>(rejects));
    }

    /** Adds up the manifests of a committed version. */
    public static VersionSummary of(Chain chain, Version version) throws IOException {
        int partitions =
                chain.generation(version.generation()).orElseThrow().layout().partitions();
        VersionSummary sum = new VersionSummary(0, Map.of(), 0, 0, 0);
        for (int partition = 0; partition < partitions; partition++) {
            Manifest manifest = chain.manifest(version.generation(), version.number(), partition)
                    .orElseThrow(() -> new NoSuchFileException("a manifest of " + version));
            sum = new VersionSummary(
                    manifest.rowsIn(),
                    manifest.rejects(),
                    sum.rows + manifest.rows(),
                    sum.leaves + manifest.leaves().size(),
                    sum.bytes
                            + manifest.leaves().stream().mapToLong(Leaf::bytes).sum());
        }
        return sum;
    }
}
