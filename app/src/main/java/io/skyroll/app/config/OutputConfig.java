package io.skyroll.app.config;

import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.dataset.FolderRule;
import java.time.Duration;
import java.util.List;

/** What a table becomes: the part of a catalog's section that belongs to its type. */
public sealed interface OutputConfig {

    /** The type's name in pipeline files. */
    String type();

    /** The sky is divided among topic partitions by cells of this order. */
    int lowestOrder();

    /**
     * A HATS collection.
     *
     * @param product object or source
     * @param thresholdRows the most rows of a leaf
     * @param lowestOrder no leaf is larger than a cell of this order
     * @param highestOrder no leaf is smaller than a cell of this order
     * @param dropEmptySiblings whether leaves are named by the smallest cell that holds their rows
     * @param marginThresholdArcsec how far the margins of leaves reach, in arc seconds; 0 for none
     * @param extras which files it has that HATS leaves open
     */
    record Hats(
            String product,
            long thresholdRows,
            int lowestOrder,
            int highestOrder,
            boolean dropEmptySiblings,
            double marginThresholdArcsec,
            CatalogExtras extras)
            implements OutputConfig {
        static final String TYPE = "hats";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * Parquet files in folders.
     *
     * @param folders what these are named by, the outermost first; none for no folders
     * @param fileBytes how large a file should become
     * @param fileRows the most rows of a file
     * @param fileAge how long a file is added to; zero for no such limit
     * @param lowestOrder the smallest order with a cell for each topic partition
     */
    record Parquet(List<FolderRule> folders, long fileBytes, long fileRows, Duration fileAge, int lowestOrder)
            implements OutputConfig {
        static final String TYPE = "parquet";

        public Parquet {
            folders = List.copyOf(folders);
        }

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * One Parquet file.
     *
     * @param lowestOrder the smallest order with a cell for each topic partition
     */
    record SingleFile(int lowestOrder) implements OutputConfig {
        static final String TYPE = "file";

        @Override
        public String type() {
            return TYPE;
        }
    }
}
