package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.row.RowHash;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.schema.MessageType;

/**
 * Compares an index catalog with the rows of its main catalog: it must have every value once at least with every pixel that has rows
 * with it, and no other. Nulls are in no index.
 */
final class IndexCheck {
    private static final Pattern PART = Pattern.compile("dataset/index/part\\.(\\d{1,9})\\.parquet");
    private static final String ORDER = "Norder";
    private static final String NPIX = "Npix";

    private final PublishedCatalog main;
    private final List<CatalogFile> mainLeaves;
    private final PublishedCatalog index;
    private final List<CatalogFile> parts;
    private final Check check;
    private final String column;

    /** @param files of the index */
    IndexCheck(
            PublishedCatalog main,
            List<CatalogFile> mainLeaves,
            PublishedCatalog index,
            List<CatalogFile> files,
            Check check) {
        this.main = main;
        this.mainLeaves = mainLeaves;
        this.index = index;
        this.parts = parts(files);
        this.check = check;
        this.column = index.properties().text("hats_index_column");
    }

    /** The files that hold an index, in their order. */
    static List<CatalogFile> parts(List<CatalogFile> files) {
        return files.stream()
                .filter(file -> isPart(file.path()))
                .sorted(Comparator.comparingInt(file -> number(file.path())))
                .toList();
    }

    static boolean isPart(String path) {
        return PART.matcher(path).matches();
    }

    private static int number(String path) {
        Matcher matcher = PART.matcher(path);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /**
     * Reads the parts as tables.
     *
     * @param files of the index
     * @param common the index's schema; empty if it cannot be read
     */
    static void checkParts(
            PublishedCatalog index, List<CatalogFile> files, Optional<MessageType> common, Check schema, Check rows) {
        List<CatalogFile> parts = parts(files);
        long[] sum = {0};
        for (CatalogFile part : parts) {
            String path = index.path(part.path());
            schema.attempt(path, () -> {
                try (TableFile table = TableFile.open(index.store(), path)) {
                    SchemaDifference.of(common.orElse(table.schema()), table.schema())
                            .ifPresent(difference -> schema.found(path, "%s", difference));
                    sum[0] += table.rows();
                }
            });
        }
        schema.saw("%,d parts against _common_metadata", parts.size());
        String said = index.properties().text("hats_nrows");
        if (!said.equals(Long.toString(sum[0]))) {
            rows.found(index.properties().path(), "hats_nrows must be %d: '%s'", sum[0], said);
        }
        rows.saw("%,d rows", sum[0]);
    }

    void compare() {
        check.attempt(index.directory(), () -> {
            HashComparison difference = HashComparison.ofSets(this::expected, this::actual);
            name(difference.extra(), this::actual, "the main catalog has no such row");
            name(difference.missing(), this::expected, "the index does not lead to it");
            check.count(difference.extraCount() - difference.extra().size());
            check.count(difference.missingCount() - difference.missing().size());
            check.saw("%s, %,d parts, against the main catalog's rows", column, parts.size());
        });
    }

    private void name(Set<Long> hashes, HashComparison.Rows rows, String what) throws IOException {
        Set<Long> left = new HashSet<>(hashes);
        if (!left.isEmpty()) {
            rows.forEach((hash, file, place) -> {
                if (left.remove(hash)) {
                    check.found(file, "%s: %s", place, what);
                }
            });
        }
    }

    private void expected(HashComparison.Taker taker) throws IOException {
        for (CatalogFile leaf : mainLeaves) {
            long pixel = number(leaf.pixel().orElseThrow());
            String path = main.path(leaf.path());
            try (TableFile table = TableFile.open(main.store(), path)) {
                for (int group = 0; group < table.groupCount(); group++) {
                    for (TableRows row = table.rows(group, List.of(column)); row.next(); ) {
                        if (!row.isNull(0)) {
                            taker.take(RowHash.combine(row.hash(0), pixel), path, new Place(group, row));
                        }
                    }
                }
            }
        }
    }

    private void actual(HashComparison.Taker taker) throws IOException {
        for (CatalogFile part : parts) {
            String path = index.path(part.path());
            try (TableFile table = TableFile.open(index.store(), path)) {
                for (int group = 0; group < table.groupCount(); group++) {
                    for (TableRows row = table.rows(group, List.of(column, ORDER, NPIX)); row.next(); ) {
                        if (!row.isNull(0)) {
                            long pixel = number((int) row.integer(1), row.integer(2));
                            taker.take(RowHash.combine(row.hash(0), pixel), path, new Place(group, row));
                        }
                    }
                }
            }
        }
    }

    private static long number(Pixel pixel) {
        return number(pixel.order(), pixel.npix());
    }

    /** A number of its own for each pixel; for what is none, that of no pixel. */
    private static long number(int order, long npix) {
        return order >= 0 && order <= Healpix.MAX_ORDER ? Healpix.pixelCount(order) + npix : -1;
    }

    /** Where a row is; told only when something is wrong with it. */
    private record Place(int group, TableRows row) {
        @Override
        public String toString() {
            return "row %d of row group %d".formatted(row.row(), group);
        }
    }
}
