package io.skyroll.sinks.verify;

import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import java.util.List;
import java.util.Set;

/** Looks for files that do not belong into a catalog: some readers take whatever they find for a leaf. */
final class FilesCheck {
    static final String METADATA = "dataset/_metadata";
    static final String STATISTICS = "per_partition_statistics.parquet";

    /** Besides maps and leaves; also those that other writers put there and readers pass over. */
    private static final Set<String> KNOWN = Set.of(
            CatalogLayout.HATS_PROPERTIES,
            CatalogLayout.PROPERTIES,
            CatalogLayout.PARTITION_INFO,
            CatalogLayout.COMMON_METADATA,
            METADATA,
            STATISTICS,
            CatalogLayout.THUMBNAIL,
            "dataset/data_thumbnail.parquet",
            "partition_join_info.csv",
            "provenance_info.json");

    private FilesCheck() {}

    static void check(PublishedCatalog catalog, List<CatalogFile> files, Check check) {
        for (CatalogFile file : files) {
            if (!file.isLeaf() && !KNOWN.contains(file.path()) && !MapsCheck.isMap(file.path())) {
                check.found(catalog.path(file.path()), "it does not belong here");
            }
        }
        check.saw("%,d files", files.size());
    }
}
