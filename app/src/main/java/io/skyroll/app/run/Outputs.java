package io.skyroll.app.run;

import io.skyroll.app.build.Build;
import io.skyroll.app.config.OutputConfig;
import io.skyroll.app.config.PipelineConfig.CatalogConfig;
import io.skyroll.app.config.PipelineConfig.SkyConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.sinks.consume.Output;
import io.skyroll.sinks.dataset.FileRule;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.hats.DataProduct;
import io.skyroll.sinks.publish.CatalogSettings;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.publish.DatasetSettings;
import io.skyroll.sinks.publish.SkyLayout;
import java.util.List;

/** Makes of a catalog's section what its sink needs. */
final class Outputs {
    /** Of the heap, for the row groups that a thread gathers at once: there are two threads for each table. */
    private static final int HEAP_SHARE = 16;
    /** So large rows of a row group, as Avro, are enough for readers. */
    private static final long GROUP_BYTES = 32 << 20;
    /** As many as fit into the memory for them, in the forms that they go through. */
    private static final int LEAST_GROUPS = 3;

    private Outputs() {}

    static Output of(TableConfig table, int partitions) {
        CatalogConfig catalog = table.catalog();
        long memory = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        long groupBytes = Math.min(GROUP_BYTES, memory / LEAST_GROUPS);
        OutputConfig output = catalog.output();
        if (output instanceof OutputConfig.Parquet parquet) {
            FileRule files = new FileRule(
                    catalog.rowGroupRows(), groupBytes, parquet.fileBytes(), parquet.fileRows(), parquet.fileAge());
            return dataset(catalog, files, memory, layout(table, partitions, parquet.folders(), false));
        }
        if (output instanceof OutputConfig.Hats hats) {
            return hats(table, hats, partitions);
        }
        FileRule files = FileRule.oneFile(catalog.rowGroupRows(), groupBytes);
        return dataset(catalog, files, memory, layout(table, partitions, List.of(), true));
    }

    private static DatasetLayout layout(
            TableConfig table, int partitions, List<FolderRule> folders, boolean singleFile) {
        return table.sky().isPresent()
                ? new DatasetLayout.OnSky(partitions, folders, singleFile)
                : new DatasetLayout.ByKey(partitions, folders, singleFile);
    }

    private static Output dataset(CatalogConfig catalog, FileRule files, long memory, DatasetLayout layout) {
        return new Output.Dataset(
                new DatasetSettings(catalog.name(), builder(), catalog.retainVersions(), files, memory), layout);
    }

    private static Output hats(TableConfig table, OutputConfig.Hats hats, int partitions) {
        CatalogConfig catalog = table.catalog();
        // The file was refused if a table without them was to become a HATS catalog.
        SkyConfig sky = table.sky().orElseThrow();
        return new Output.Hats(
                new CatalogSettings(
                        catalog.name(),
                        DataProduct.parse(hats.product()),
                        sky.raColumn(),
                        sky.decColumn(),
                        builder(),
                        catalog.retainVersions(),
                        hats.extras()),
                new SkyLayout(
                        partitions,
                        hats.lowestOrder(),
                        hats.highestOrder(),
                        hats.thresholdRows(),
                        hats.dropEmptySiblings(),
                        catalog.rowGroupRows(),
                        hats.marginThresholdArcsec()));
    }

    private static String builder() {
        return "skyroll v" + Build.version();
    }
}
