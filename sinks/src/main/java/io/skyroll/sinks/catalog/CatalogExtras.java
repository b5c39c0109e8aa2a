package io.skyroll.sinks.catalog;

import io.skyroll.sinks.hats.Skymaps;
import io.skyroll.sinks.parquet.IndexFormat;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which files a catalog has that HATS leaves open.
 *
 * @param metadata whether {@code dataset/_metadata} is written; by itself, while it stays small
 * @param statistics whether {@code per_partition_statistics.parquet} is written
 * @param thumbnailRows the most rows of {@code data_thumbnail.parquet}; 0 if there is none
 * @param indexes columns that index catalogs are made for, in the order in which readers are told of them
 * @param skymaps which skymaps are written, as far as the counts of the catalog's highest order allow
 * @param sparseMaps whether maps leave out the cells without rows; by itself, if most of the cells have none
 */
public record CatalogExtras(
        Choice metadata,
        boolean statistics,
        int thumbnailRows,
        List<String> indexes,
        Skymaps skymaps,
        Choice sparseMaps) {
    private static final Pattern INDEXED = Pattern.compile("[A-Za-z0-9_]+");

    /** None of them. */
    public static final CatalogExtras NONE =
            new CatalogExtras(Choice.FALSE, false, 0, List.of(), Skymaps.NONE, Choice.FALSE);

    /** What is written unless configured. */
    public static final CatalogExtras DEFAULTS =
            new CatalogExtras(Choice.AUTO, false, 0, List.of(), Skymaps.NONE, Choice.FALSE);

    public CatalogExtras {
        if (thumbnailRows < 0) {
            throw new IllegalArgumentException("thumbnail_rows must not be below 0: %d".formatted(thumbnailRows));
        }
        indexes = List.copyOf(indexes);
        if (!indexes.stream().allMatch(CatalogExtras::canBeIndexed) || new HashSet<>(indexes).size() < indexes.size()) {
            throw new IllegalArgumentException("cannot be indexed, or is named twice: %s".formatted(indexes));
        }
    }

    /** Whether an index may be made for a column of this name: its letters go into the name of a directory, and into lists. */
    public static boolean canBeIndexed(String column) {
        return INDEXED.matcher(column).matches() && !IndexFormat.PIXEL_COLUMNS.contains(column);
    }
}
