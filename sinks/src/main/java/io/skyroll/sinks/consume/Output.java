package io.skyroll.sinks.consume;

import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.publish.CatalogSettings;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.publish.DatasetManifestWriter;
import io.skyroll.sinks.publish.DatasetSettings;
import io.skyroll.sinks.publish.DatasetVersionDirectory;
import io.skyroll.sinks.publish.HatsVersionDirectory;
import io.skyroll.sinks.publish.Layout;
import io.skyroll.sinks.publish.LeafManifestWriter;
import io.skyroll.sinks.publish.ManifestWriter;
import io.skyroll.sinks.publish.SkyLayout;
import io.skyroll.sinks.publish.VersionDirectory;
import io.skyroll.sinks.storage.Store;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** What a sink makes of rows. */
public sealed interface Output {

    /** What version directories' names begin with. */
    String name();

    /** How many of the newest versions are kept. */
    int retainedVersions();

    /** How rows are divided into files. */
    Layout layout();

    /** What writes the files of a partition. */
    ManifestWriter writer(Store store, SchemaRegistry registry, Supplier<String> uniqueNames);

    /**
     * What puts versions together.
     *
     * @param scratch a local directory for what is too large for memory
     */
    VersionDirectory directory(Store store, Path scratch);

    /** A HATS catalog. */
    record Hats(CatalogSettings settings, SkyLayout layout) implements Output {
        @Override
        public String name() {
            return settings.name();
        }

        @Override
        public int retainedVersions() {
            return settings.retainedVersions();
        }

        @Override
        public ManifestWriter writer(Store store, SchemaRegistry registry, Supplier<String> uniqueNames) {
            return new LeafManifestWriter(store, registry, ParquetLeaves::new, uniqueNames);
        }

        @Override
        public VersionDirectory directory(Store store, Path scratch) {
            return new HatsVersionDirectory(
                    store, settings, scratch, schema -> new ParquetLeaves(schema).commonMetadata());
        }
    }

    /** Parquet files in folders, or one. */
    record Dataset(DatasetSettings settings, DatasetLayout layout) implements Output {
        @Override
        public String name() {
            return settings.name();
        }

        @Override
        public int retainedVersions() {
            return settings.retainedVersions();
        }

        @Override
        public ManifestWriter writer(Store store, SchemaRegistry registry, Supplier<String> uniqueNames) {
            return new DatasetManifestWriter(store, registry, settings, this::codec, uniqueNames);
        }

        @Override
        public VersionDirectory directory(Store store, Path scratch) {
            return new DatasetVersionDirectory(
                    store,
                    settings,
                    this::codec,
                    (rows, leftOut) -> ParquetLeaves.commonMetadata(rows, leftOut, layout.hasSky()));
        }

        private LeafCodec codec(RowSchema rows, Map<String, byte[]> constants) {
            return ParquetLeaves.ofDataset(rows, constants, layout.hasSky());
        }
    }
}
