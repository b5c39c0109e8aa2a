package io.skyroll.sinks.catalog;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.parquet.DatasetFile;

/**
 * A leaf of a version, under the name that it has there.
 *
 * @param pixel what it is called
 * @param file its path in the store
 * @param rows number of rows
 * @param groups number of row groups
 */
public record CatalogLeaf(Pixel pixel, String file, long rows, int groups) {

    /** The leaf as a file of the catalog's dataset. */
    DatasetFile inDataset() {
        return new DatasetFile(file, CatalogLayout.inDataset(CatalogLayout.leafPath(pixel)), rows, groups);
    }
}
