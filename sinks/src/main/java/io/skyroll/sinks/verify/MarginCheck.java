package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.row.RowHash;
import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a margin catalog anew from the leaves of its main catalog, and compares the two row for row. A row belongs to the margin of a
 * pixel when it is not in it, and a neighbour of its cell is; cells are of the order that the threshold asks for.
 */
final class MarginCheck {
    private final PublishedCatalog main;
    private final List<CatalogFile> mainLeaves;
    private final PublishedCatalog margin;
    private final List<CatalogFile> marginLeaves;
    private final Check check;
    private final SkyOwners owners;

    MarginCheck(
            PublishedCatalog main,
            List<CatalogFile> mainLeaves,
            PublishedCatalog margin,
            List<CatalogFile> marginLeaves,
            Check check) {
        this.main = main;
        this.mainLeaves = mainLeaves;
        this.margin = margin;
        this.marginLeaves = marginLeaves;
        this.check = check;
        this.owners = new SkyOwners(mainLeaves.stream()
                .map(leaf -> leaf.pixel().orElseThrow())
                .distinct()
                .toList());
    }

    void compare() {
        String path = margin.properties().path();
        check.attempt(path, () -> {
            double threshold = threshold();
            int order = BorderRule.orderOf(threshold);
            int highest = mainLeaves.stream()
                    .mapToInt(leaf -> leaf.pixel().orElseThrow().order())
                    .max()
                    .orElse(0);
            if (order <= highest) {
                check.found(path, "a margin of %s arcsec is wider than half a pixel of order %d", threshold, highest);
            } else {
                compare(threshold, order);
            }
        });
    }

    private double threshold() {
        double threshold = Double.parseDouble(margin.properties().text("hats_margin_threshold"));
        if (!(threshold > 0)) {
            throw new IllegalArgumentException("hats_margin_threshold must be above 0: " + threshold);
        }
        return threshold;
    }

    private void compare(double threshold, int order) throws IOException {
        HashComparison.Rows expected = taker -> expected(order, taker);
        HashComparison difference = HashComparison.ofBags(expected, this::actual);
        name(difference.extra(), this::actual, "it does not belong here, or not so often");
        name(difference.missing(), expected, "it is missing here");
        check.count(difference.extraCount() - difference.extra().size());
        check.count(difference.missingCount() - difference.missing().size());
        check.saw("made anew from the main catalog's rows, %s arcsec, cells of order %d", threshold, order);
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
        left.forEach(hash -> check.found(margin.directory(), "%s", what));
    }

    private void actual(HashComparison.Taker taker) throws IOException {
        for (CatalogFile leaf : marginLeaves) {
            long pixel = number(leaf.pixel().orElseThrow());
            String path = margin.path(leaf.path());
            try (TableFile table = TableFile.open(margin.store(), path)) {
                long number = 0;
                for (int group = 0; group < table.groupCount(); group++) {
                    for (TableRows row = table.rows(group); row.next(); number++) {
                        taker.take(RowHash.combine(row.hash(), pixel), path, new Place(path, number));
                    }
                }
            }
        }
    }

    /** Every row goes with the pixel that has it in its margin; the file named is the one that it should be in. */
    private void expected(int order, HashComparison.Taker taker) throws IOException {
        for (CatalogFile leaf : mainLeaves) {
            String path = main.path(leaf.path());
            try (TableFile table = TableFile.open(main.store(), path)) {
                long before = 0;
                for (int group = 0; group < table.groupCount(); group++) {
                    if (hasBorder(table, group, leaf, order)) {
                        expected(table, group, leaf.pixel().orElseThrow(), order, new Place(path, before), taker);
                    }
                    before += table.groups().get(group).getRowCount();
                }
            }
        }
    }

    private boolean hasBorder(TableFile table, int group, CatalogFile leaf, int order) throws IOException {
        BorderRule rule = new BorderRule(order);
        Pixel pixel = leaf.pixel().orElseThrow();
        for (TableRows row = table.rows(group, List.of(main.keyColumn())); row.next(); ) {
            if (rule.isAtBorder(pixel, key29(row, 0))) {
                return true;
            }
        }
        return false;
    }

    private void expected(TableFile table, int group, Pixel pixel, int order, Place place, HashComparison.Taker taker)
            throws IOException {
        BorderRule rule = new BorderRule(order);
        int keyColumn = keyColumn(table);
        for (TableRows row = table.rows(group); row.next(); ) {
            long key = key29(row, keyColumn);
            if (rule.isAtBorder(pixel, key)) {
                Set<Pixel> targets = owners.around(order, Healpix.parent(Healpix.MAX_ORDER, key, order));
                targets.remove(pixel);
                long hash = targets.isEmpty() ? 0 : row.hash();
                Place here = new Place(place.path, place.row + row.row());
                targets.forEach(target -> taker.take(
                        RowHash.combine(hash, number(target)), margin.path(CatalogLayout.leafPath(target)), here));
            }
        }
    }

    private int keyColumn(TableFile table) {
        List<String[]> paths = table.schema().getPaths();
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i)[0].equals(main.keyColumn())) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no column %s".formatted(main.keyColumn()));
    }

    private long key29(TableRows row, int column) {
        return row.integer(column) << (2 * (Healpix.MAX_ORDER - main.keyOrder()));
    }

    /** A number of its own for each pixel. */
    private static long number(Pixel pixel) {
        return Healpix.pixelCount(pixel.order()) + pixel.npix();
    }

    /** Where a row is, from 0 in its file. */
    private record Place(String path, long row) {
        @Override
        public String toString() {
            return "row %d of %s".formatted(row, path);
        }
    }
}
