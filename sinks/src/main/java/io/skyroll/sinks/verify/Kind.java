package io.skyroll.sinks.verify;

import java.util.Locale;

/** What a catalog is checked for. */
public enum Kind {
    /** {@code collection.properties} can be read by readers, and what it names is there. */
    COLLECTION,
    /** Both properties files are equal, have the keys that readers require, and agree with the catalog. */
    PROPERTIES,
    /** {@code partition_info.csv} lists the leaves on disk, each once, and none within another. */
    PARTITIONS,
    /** No file is in the catalog that does not belong there. */
    FILES,
    /** Every leaf can be read, and has rows. */
    LEAVES,
    /** Every leaf has the columns of {@code dataset/_common_metadata}. */
    SCHEMA,
    /** {@code hats_nrows} is the number of rows. */
    ROWS,
    /** Every row lies in its leaf's pixel; in a margin, outside of it. */
    PIXELS,
    /** The HEALPix column is what the coordinates give. */
    KEYS,
    /** The rows of a leaf ascend by the HEALPix column. */
    ORDER,
    /** The maps count the rows of every cell. */
    MAPS,
    /** {@code dataset/_metadata} has the row groups of the leaves. */
    METADATA,
    /** {@code per_partition_statistics.parquet} says what the leaves' footers say. */
    STATISTICS,
    /** {@code data_thumbnail.parquet} has rows of the catalog, whole. */
    THUMBNAIL,
    /** A margin has the rows that it must have, and no other. */
    MARGIN,
    /** An index leads from every value to the pixels that have it. */
    INDEX,
    /** Every row of a dataset lies in the folder that its values name. */
    FOLDERS,
    /** No two rows of a dataset have the same key. */
    UNIQUE,
    /** Skyroll's chain of generations, steps, manifests and versions holds, with the files that it names. */
    CHAIN;

    /** The name in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
