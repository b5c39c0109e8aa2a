package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.parquet.schema.MessageType;

/**
 * Looks for the rows of {@code data_thumbnail.parquet} among those of the leaves. Which rows it has is up to its writer; those that are
 * known take the first one of each of some leaves. Owned by one thread.
 */
final class ThumbnailCheck {
    private final PublishedCatalog catalog;
    private final List<CatalogFile> leaves;
    private final Check check;
    private final String path;
    /** Where the rows are that were not found yet, by their hashes. */
    private final Map<Long, Long> wanted = new HashMap<>();

    /** The cells of the rows, of order 29. */
    private final TreeSet<Long> cells = new TreeSet<>();

    ThumbnailCheck(PublishedCatalog catalog, List<CatalogFile> leaves, Check check) {
        this.catalog = catalog;
        this.leaves = leaves;
        this.check = check;
        this.path = catalog.path(CatalogLayout.THUMBNAIL);
    }

    /** @param common the leaves' schema; empty if it cannot be read */
    void compare(Optional<MessageType> common) {
        check.attempt(path, () -> {
            try (TableFile table = TableFile.open(catalog.store(), path)) {
                SchemaDifference.of(common.orElse(table.schema()), table.schema())
                        .ifPresent(difference -> check.found(path, "%s", difference));
                read(table);
                check.saw("%,d rows against those of %,d leaves", table.rows(), leaves.size());
            }
        });
        for (CatalogFile leaf : leaves) {
            find(leaf, true);
        }
        for (CatalogFile leaf : leaves) {
            find(leaf, false);
        }
        wanted.values().stream().sorted().forEach(row -> check.found(path, "row %d: no leaf has it", row));
    }

    private void read(TableFile table) throws IOException {
        int key = table.schema().getPaths().stream()
                .map(column -> column[0])
                .toList()
                .indexOf(catalog.keyColumn());
        long number = 0;
        for (int group = 0; group < table.groupCount(); group++) {
            for (TableRows row = table.rows(group); row.next(); number++) {
                if (key >= 0 && !row.isNull(key)) {
                    cells.add(row.integer(key) << (2 * (Healpix.MAX_ORDER - catalog.keyOrder())));
                }
                wanted.putIfAbsent(row.hash(), number);
            }
        }
    }

    private void find(CatalogFile leaf, boolean isFirstRowEnough) {
        if (wanted.isEmpty() || !mayHave(leaf.pixel().orElseThrow())) {
            return;
        }
        String file = catalog.path(leaf.path());
        check.attempt(file, () -> {
            try (TableFile table = TableFile.open(catalog.store(), file)) {
                for (int group = 0; group < table.groupCount(); group++) {
                    for (TableRows row = table.rows(group); row.next(); ) {
                        wanted.remove(row.hash());
                        if (isFirstRowEnough) {
                            return;
                        }
                    }
                }
            }
        });
    }

    /** Rows of a margin lie outside of its leaves' pixels. */
    private boolean mayHave(Pixel pixel) {
        int shift = 2 * (Healpix.MAX_ORDER - catalog.keyOrder());
        Long next = cells.ceiling(pixel.first29() >>> shift << shift);
        return catalog.type().equals("margin") || (next != null && next < pixel.end29());
    }
}
