package io.skyroll.app.verify;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.dataset.Folders;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.publish.DatasetManifest;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.SkyManifest;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a version holds.
 *
 * @param version which it is
 * @param system identifier of the database that it was made from
 * @param schema the form of its rows
 * @param checksum of its rows
 */
record PublishedRows(Version version, String system, RowSchema schema, Checksum checksum) {
    /** How often a version may be removed while it is read. */
    private static final int ATTEMPTS = 10;

    /** Reads the newest version; when that is removed meanwhile, as old ones are, the one that is the newest then. */
    static PublishedRows newest(Store store) throws IOException {
        Chain chain = new Chain(store);
        Version version = newestVersion(store, chain);
        for (int attempt = 1; ; attempt++) {
            try {
                return read(store, chain, version);
            } catch (IOException | RuntimeException failure) {
                Version newer = newestVersion(store, chain);
                if (newer.equals(version)) {
                    throw failure;
                }
                if (attempt == ATTEMPTS) {
                    throw SkyrollException.unavailable(
                            "%s: each of %d versions was removed before it was read: raise catalog.retain_versions"
                                    .formatted(store.uri(""), ATTEMPTS),
                            failure);
                }
                version = newer;
            }
        }
    }

    static Version newestVersion(Store store, Chain chain) throws IOException {
        return chain.newestVersion()
                .orElseThrow(() -> SkyrollException.configuration(
                        "%s has no version yet that could be compared with the source".formatted(store.uri(""))));
    }

    private static PublishedRows read(Store store, Chain chain, Version version) throws IOException {
        Generation generation = chain.generation(version.generation()).orElseThrow();
        Checksum sum = new Checksum();
        Optional<Manifest> any = Optional.empty();
        for (int partition = 0; partition < generation.layout().partitions(); partition++) {
            int wanted = partition;
            Manifest manifest = chain.manifest(generation.number(), version.number(), partition)
                    .orElseThrow(() -> new NoSuchFileException("the manifest of partition %d".formatted(wanted)));
            for (Map.Entry<String, LeafCodec> file : files(generation, manifest).entrySet()) {
                try (LeafReader reader = file.getValue().open(store.open(file.getKey()))) {
                    add(reader, sum);
                }
            }
            any = Optional.of(manifest);
        }
        Manifest manifest = any.orElseThrow();
        return new PublishedRows(version, manifest.system(), manifest.rowSchema(), sum);
    }

    /** The files of a manifest, and what reads each. */
    private static Map<String, LeafCodec> files(Generation generation, Manifest manifest) {
        RowSchema rows = manifest.rowSchema();
        Map<String, LeafCodec> files = new LinkedHashMap<>();
        if (manifest instanceof SkyManifest sky) {
            LeafCodec leaves = new ParquetLeaves(rows);
            sky.leaves().forEach(leaf -> files.put(leaf.file(), leaves));
        } else if (manifest instanceof DatasetManifest dataset) {
            DatasetLayout layout = generation.datasetLayout();
            Folders folders = new Folders(rows, layout.folders());
            dataset.files()
                    .forEach(file -> files.put(
                            file.file(), ParquetLeaves.ofDataset(rows, folders.constants(file.in()), layout.hasSky())));
        }
        return files;
    }

    private static void add(LeafReader leaf, Checksum sum) {
        for (int group = 0; group < leaf.groups().size(); group++) {
            for (RowCursor rows = leaf.rows(group); rows.next(); ) {
                sum.add(rows.bytes(), rows.start(), rows.end());
            }
        }
    }
}
