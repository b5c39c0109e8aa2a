package io.skyroll.sinks.catalog;

import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.PointMap;
import io.skyroll.sinks.hats.Skymaps;
import io.skyroll.sinks.parquet.DatasetFile;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.parquet.StatisticsFile;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the files beside the leaves of a version that are made from them. Equal leaves give equal files, so several processes may write
 * them at once.
 */
public final class SideFiles {
    /**
     * Above this size {@code dataset/_metadata} costs readers more than it saves them: some fetch it whole at every open. Few readers need it
     * at all.
     */
    private static final long MAX_METADATA_BYTES = 16 << 20;

    private static final Logger log = LoggerFactory.getLogger(SideFiles.class);

    private final Store store;
    private final CatalogExtras extras;

    public SideFiles(Store store, CatalogExtras extras) {
        this.store = store;
        this.extras = extras;
    }

    /**
     * Writes the files that were chosen.
     *
     * @param directory the version's, relative to the collection
     * @param schema of the rows
     * @param leaves in any order
     */
    public void write(String directory, RowSchema schema, List<CatalogLeaf> leaves) throws IOException {
        List<CatalogLeaf> inSkyOrder =
                leaves.stream().sorted(Comparator.comparing(CatalogLeaf::pixel)).toList();
        writeMetadata(directory, schema, inSkyOrder);
        if (extras.statistics()) {
            writeStatistics(directory, schema, inSkyOrder);
        }
        if (extras.thumbnailRows() > 0) {
            new Thumbnail(store, new ParquetLeaves(schema))
                    .write(directory + "/" + CatalogLayout.THUMBNAIL, inSkyOrder, extras.thumbnailRows());
        }
    }

    /**
     * Writes the point map and the skymaps that were chosen.
     *
     * @param directory the version's, relative to the collection
     * @param sky rows of the whole catalog
     * @return the skymaps that it has now
     */
    public Skymaps writeMaps(String directory, CellCounts sky) throws IOException {
        writeMap(directory + "/" + CatalogLayout.POINT_MAP, sky, PointMap.defaultOrder(sky.order()));
        Skymaps skymaps = extras.skymaps().upTo(sky.order());
        if (skymaps.order().isPresent()) {
            writeMap(
                    directory + "/" + CatalogLayout.SKYMAP, sky, skymaps.order().get());
        }
        for (int order : skymaps.altOrders()) {
            writeMap(directory + "/" + CatalogLayout.skymapPath(order), sky, order);
        }
        return skymaps;
    }

    private void writeMap(String path, CellCounts sky, int order) throws IOException {
        boolean isSparse = extras.sparseMaps().orElse(PointMap.isSparse(sky, order));
        StoredFile.write(store, path, output -> {
            if (isSparse) {
                PointMap.writeSparse(sky, order, output);
            } else {
                PointMap.write(sky, order, output);
            }
        });
    }

    private void writeStatistics(String directory, RowSchema schema, List<CatalogLeaf> leaves) throws IOException {
        try (StoreOutput output = store.create(directory + "/" + CatalogLayout.STATISTICS);
                StatisticsFile statistics = new StatisticsFile(schema, output)) {
            for (CatalogLeaf leaf : leaves) {
                statistics.add(store, leaf.file(), leaf.pixel());
            }
            statistics.finish();
        }
    }

    private void writeMetadata(String directory, RowSchema schema, List<CatalogLeaf> leaves) throws IOException {
        if (extras.metadata() == Choice.FALSE) {
            return;
        }
        ParquetLeaves format = new ParquetLeaves(schema);
        List<DatasetFile> files = leaves.stream().map(CatalogLeaf::inDataset).toList();
        long bytes = format.estimateMetadataBytes(files);
        if (!extras.metadata().orElse(bytes <= MAX_METADATA_BYTES)) {
            log.atDebug()
                    .addKeyValue("directory", directory)
                    .addKeyValue("bytes", bytes)
                    .log("dataset/_metadata would be too large and is left out");
            return;
        }
        StoredFile.write(
                store, directory + "/" + CatalogLayout.METADATA, output -> format.writeMetadata(store, files, output));
    }
}
