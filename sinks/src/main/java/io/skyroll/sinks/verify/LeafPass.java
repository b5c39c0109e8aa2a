package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.MessageType;

/** Reads the leaves of a catalog once, of each row its HEALPix cell and its coordinates. Owned by one thread. */
final class LeafPass {
    private final PublishedCatalog catalog;
    /** Asked for each row. */
    private final int keyOrder;

    private final Optional<MessageType> common;
    private final CellTally tally;
    private final boolean isMargin;
    private final Check leaves;
    private final Check schema;
    private final Check pixels;
    private final Check keys;
    private final Check order;
    private int files;
    private int groups;
    private long rows;
    private long keysCompared;

    /**
     * @param schema compares the leaves' columns
     * @param common the schema of {@code dataset/_common_metadata}; empty if that cannot be read
     * @param tally counts the rows
     */
    LeafPass(PublishedCatalog catalog, Checks checks, Check schema, Optional<MessageType> common, CellTally tally) {
        this.catalog = catalog;
        this.keyOrder = catalog.keyOrder();
        this.common = common;
        this.tally = tally;
        this.isMargin = catalog.type().equals("margin");
        this.leaves = checks.begin(catalog.directory(), Kind.LEAVES);
        this.schema = schema;
        this.pixels = checks.begin(catalog.directory(), Kind.PIXELS);
        this.keys = checks.begin(catalog.directory(), Kind.KEYS);
        this.order = checks.begin(catalog.directory(), Kind.ORDER);
    }

    /** Reads a leaf. */
    void read(CatalogFile leaf) {
        String path = catalog.path(leaf.path());
        files++;
        leaves.attempt(path, () -> {
            try (TableFile table = TableFile.open(catalog.store(), path)) {
                SchemaDifference.of(common.orElse(table.schema()), table.schema())
                        .ifPresent(difference -> schema.found(path, "%s", difference));
                long declared = rows;
                if (table.schema().containsField(catalog.keyColumn())) {
                    read(path, leaf.pixel().orElseThrow(), table);
                } else {
                    keys.found(path, "it has no column %s", catalog.keyColumn());
                    rows += table.rows();
                }
                if (rows == declared) {
                    leaves.found(path, "it has no rows");
                }
                groups += table.groupCount();
            }
        });
    }

    /** Tells what was looked at; gives the number of rows. */
    long finish() {
        leaves.saw("%,d files, %,d row groups, %,d rows", files, groups, rows);
        schema.saw(common.isPresent() ? "%,d leaves against _common_metadata" : "nothing to compare with", files);
        pixels.saw("%,d rows %s", rows, isMargin ? "outside of their pixels" : "in their leaves' pixels");
        keys.saw("%,d rows against their coordinates", keysCompared);
        order.saw(isMargin ? "a margin has none" : "%,d rows by %s", rows, catalog.keyColumn());
        return rows;
    }

    private void read(String path, Pixel pixel, TableFile table) throws IOException {
        List<String> columns = new ArrayList<>(List.of(catalog.keyColumn()));
        String ra = catalog.properties().text("hats_col_ra");
        String dec = catalog.properties().text("hats_col_dec");
        boolean hasPlace = isFlat(table.schema(), ra) && isFlat(table.schema(), dec) && !ra.equals(dec);
        if (hasPlace) {
            columns.add(ra);
            columns.add(dec);
        }
        long last = Long.MIN_VALUE;
        for (int group = 0; group < table.groupCount(); group++) {
            TableRows row = table.rows(group, columns);
            while (row.next()) {
                last = check(new Place(path, group, row), pixel, last, hasPlace);
                rows++;
            }
        }
    }

    private static boolean isFlat(MessageType schema, String column) {
        return schema.containsField(column) && schema.getType(column).isPrimitive();
    }

    private long check(Place place, Pixel pixel, long last, boolean hasPlace) {
        TableRows row = place.row;
        int shift = 2 * (Healpix.MAX_ORDER - keyOrder);
        long key = row.isNull(0) ? -1 : row.integer(0);
        if (key < 0 || key >= Healpix.pixelCount(keyOrder)) {
            keys.found(place.path, "%s: %s is %s", place, catalog.keyColumn(), row.isNull(0) ? "null" : key);
            return last;
        }
        long key29 = key << shift;
        tally.add(key29);
        boolean isWithin = keyOrder < pixel.order() ? pixel.first29() >>> shift == key : pixel.contains(key29);
        if (isWithin == isMargin) {
            pixels.found(
                    place.path,
                    isMargin
                            ? "%s: %d lies in the pixel %d of order %d"
                            : "%s: %d does not lie in the pixel %d of order %d",
                    place,
                    key,
                    pixel.npix(),
                    pixel.order());
        }
        if (!isMargin && key < last) {
            order.found(place.path, "%s: %d follows %d", place, key, last);
        }
        if (hasPlace) {
            checkKey(place, key);
        }
        return key;
    }

    private void checkKey(Place place, long key) {
        TableRows row = place.row;
        keysCompared++;
        if (row.isNull(1) || row.isNull(2)) {
            keys.found(place.path, "%s: a coordinate is null", place);
            return;
        }
        double ra = row.number(1);
        double dec = row.number(2);
        if (!KeyRule.holds(keyOrder, key, ra, dec)) {
            boolean isPlace = Double.isFinite(ra) && Math.abs(dec) <= 90;
            keys.found(
                    place.path,
                    "%s: %s is %d, its coordinates (%s, %s) give %s",
                    place,
                    catalog.keyColumn(),
                    key,
                    ra,
                    dec,
                    isPlace ? Healpix.pixel(keyOrder, ra, dec) : "none");
        }
    }

    /** Where a row is; told only when something is wrong with it. */
    private record Place(String path, int group, TableRows row) {
        @Override
        public String toString() {
            return "row %d of row group %d".formatted(row.row(), group);
        }
    }
}
