package io.skyroll.app.verify;

import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.Stages;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.TableReading;
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
import io.skyroll.streams.row.RowCheck;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the newest version of a table's catalog with the table as it is now: the number of rows and their checksum. Rows that the
 * pipeline rejects are not counted. Writes nothing, and needs no Kafka.
 *
 * @param outcome what came of it
 * @param text the same in words, with both positions
 */
public record SourceComparison(Outcome outcome, String text) {

    /** What a comparison can say. */
    public enum Outcome {
        EQUAL,
        /** They differ, and the database has not moved on since the version. */
        DIFFERENT,
        /** They differ, and the database has moved on since, so that the version may have been right. */
        MOVED_ON
    }

    /**
     * Compares.
     *
     * @param store of the table's collection
     * @throws SkyrollException when the database does not answer, or there is no version yet
     */
    public static SourceComparison of(Store store, TableConfig table, TableRequest request, Connections connections)
            throws IOException {
        Chain chain = new Chain(store);
        Version version = chain.newestVersion()
                .orElseThrow(() -> SkyrollException.configuration(
                        "%s has no version yet that could be compared with the source".formatted(store.uri(""))));
        Generation generation = chain.generation(version.generation()).orElseThrow();
        Published published = published(store, chain, generation, version);
        try (TableReading source = TableReading.open(connections, request)) {
            boolean hasMovedOn = !source.system().equals(published.system)
                    || source.lsn() != version.cut().lsn();
            if (!source.rows().equals(published.schema)) {
                return new SourceComparison(
                        hasMovedOn ? Outcome.MOVED_ON : Outcome.DIFFERENT,
                        text(
                                version,
                                published,
                                source,
                                "differs: the table's columns or its key are others than the version's"));
            }
            Checksum now = checksum(source, Stages.rowCheck(table, source.rows()));
            return new SourceComparison(
                    outcome(now.equalTo(published.checksum), hasMovedOn),
                    text(version, published, source, now + words(now.equalTo(published.checksum), hasMovedOn)));
        }
    }

    private static Outcome outcome(boolean isEqual, boolean hasMovedOn) {
        return isEqual ? Outcome.EQUAL : hasMovedOn ? Outcome.MOVED_ON : Outcome.DIFFERENT;
    }

    private static String words(boolean isEqual, boolean hasMovedOn) {
        return isEqual ? ": equal" : hasMovedOn ? ": differs, the source has changed since" : ": differs";
    }

    private static String text(Version version, Published published, TableReading source, String now) {
        return "source%n  version %d at %s, of system %s: %s%n  %s at %X/%X, of system %s: %s%n"
                .formatted(
                        version.number(),
                        version.cut(),
                        published.system,
                        published.checksum,
                        source.name().qualified(),
                        source.lsn() >>> Integer.SIZE,
                        source.lsn() & 0xFFFF_FFFFL,
                        source.system(),
                        now);
    }

    private static Checksum checksum(TableReading source, RowCheck check) {
        Checksum sum = new Checksum();
        source.forEach((bytes, start, end) -> {
            if (check.cell(bytes, start) != RowCheck.REJECTED) {
                sum.add(bytes, start, end);
            }
        });
        return sum;
    }

    private static Published published(Store store, Chain chain, Generation generation, Version version)
            throws IOException {
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
        return new Published(manifest.system(), manifest.rowSchema(), sum);
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

    /** What a version holds. */
    private record Published(String system, RowSchema schema, Checksum checksum) {}
}
