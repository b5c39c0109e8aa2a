package io.skyroll.sinks.publish;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a version holds, added up from its manifests.
 *
 * @param rowsIn rows read from the source for it
 * @param rejects rows rejected, by rule
 * @param rows rows in it
 * @param files number of leaves, or of a dataset's files
 * @param bytes size of these
 * @param work what it took to publish it; empty if that was not counted
 * @param cutTime when the source was in the state that it shows
 */
public record VersionSummary(
        long rowsIn,
        Map<String, Long> rejects,
        long rows,
        int files,
        long bytes,
        Optional<StepWork> work,
        Instant cutTime) {
    public VersionSummary {
        rejects = java.util.Collections.unmodifiableMap(new TreeMap<>(rejects));
    }

    /** Adds up the manifests of a committed version. */
    public static VersionSummary of(Chain chain, Version version) throws IOException {
        int partitions =
                chain.generation(version.generation()).orElseThrow().layout().partitions();
        List<Manifest> manifests = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            manifests.add(chain.manifest(version.generation(), version.number(), partition)
                    .orElseThrow(() -> new NoSuchFileException("a manifest of " + version)));
        }
        Manifest any = manifests.get(0);
        return new VersionSummary(
                any.rowsIn(),
                any.rejects(),
                manifests.stream().mapToLong(Manifest::rows).sum(),
                manifests.stream().mapToInt(Manifest::fileCount).sum(),
                manifests.stream().mapToLong(Manifest::bytes).sum(),
                Manifest.work(manifests),
                any.cutTime());
    }
}
