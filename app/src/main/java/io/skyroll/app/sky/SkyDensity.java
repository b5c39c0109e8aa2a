package io.skyroll.app.sky;

import io.skyroll.healpix.Healpix;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.SkyMap;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** How many rows of a catalog are in each HEALPix cell of one order. */
public final class SkyDensity {
    /** Square degrees of the sky. */
    private static final double SKY = 4 * Math.PI * Math.pow(180 / Math.PI, 2);

    /** Cells of a quarter of a degree, a pixel or two of the picture. */
    private static final int MAX_ORDER = 8;

    private final int order;
    private final long[] rows;

    /**
     * Takes counts.
     *
     * @param rows per cell; not copied
     */
    SkyDensity(int order, long[] rows) {
        this.order = order;
        this.rows = rows;
    }

    /**
     * Counts a catalog's rows, from its point map or, where it has none, from its leaves.
     *
     * @throws SkyrollException when the map is damaged
     */
    public static SkyDensity of(PublishedCatalog catalog) throws IOException {
        boolean hasMap = catalog.store().list(catalog.directory()).stream()
                .anyMatch(entry -> entry.name().equals(CatalogLayout.POINT_MAP));
        return hasMap ? ofMap(catalog) : ofLeaves(catalog);
    }

    private static SkyDensity ofMap(PublishedCatalog catalog) throws IOException {
        try (SkyMap map = SkyMap.open(catalog.store(), catalog.path(CatalogLayout.POINT_MAP))) {
            int order = Math.min(map.order(), MAX_ORDER);
            long[] rows = new long[Math.toIntExact(Healpix.pixelCount(order))];
            int shift = 2 * (map.order() - order);
            map.forEach((cell, count) -> rows[(int) (cell >>> shift)] += count);
            return new SkyDensity(order, rows).readable();
        }
    }

    private static SkyDensity ofLeaves(PublishedCatalog catalog) throws IOException {
        int order = Math.min(catalog.keyOrder(), MAX_ORDER);
        int shift = 2 * (catalog.keyOrder() - order);
        long[] rows = new long[Math.toIntExact(Healpix.pixelCount(order))];
        for (CatalogFile leaf : catalog.leaves()) {
            try (TableFile table = TableFile.open(catalog.store(), catalog.path(leaf.path()))) {
                for (int group = 0; group < table.groupCount(); group++) {
                    for (TableRows row = table.rows(group, List.of(catalog.keyColumn())); row.next(); ) {
                        rows[(int) (row.integer(0) >>> shift)]++;
                    }
                }
            }
        }
        return new SkyDensity(order, rows).readable();
    }

    /** Larger cells, until those that have rows have several: a map of single rows is one of dots. */
    private SkyDensity readable() {
        SkyDensity density = this;
        while (density.order > 3 && density.meanOfFilled() < 4) {
            long[] larger = new long[density.rows.length / 4];
            for (int cell = 0; cell < density.rows.length; cell++) {
                larger[cell / 4] += density.rows[cell];
            }
            density = new SkyDensity(density.order - 1, larger);
        }
        return density;
    }

    private double meanOfFilled() {
        long filled = Arrays.stream(rows).filter(count -> count > 0).count();
        return filled == 0 ? Double.MAX_VALUE : (double) rows() / filled;
    }

    /** Order of the cells. */
    public int order() {
        return order;
    }

    /** All rows. */
    public long rows() {
        return Arrays.stream(rows).sum();
    }

    /** Rows per square degree at a position, averaged over a cell. */
    public double at(double ra, double dec) {
        return density(rows[(int) Healpix.pixel(order, ra, dec)]);
    }

    /** The smallest density above 0; 0 if there are no rows. */
    public double lowest() {
        return density(Arrays.stream(rows).filter(count -> count > 0).min().orElse(0));
    }

    /** The largest density. */
    public double highest() {
        return density(Arrays.stream(rows).max().orElse(0));
    }

    private double density(long count) {
        return count * Healpix.pixelCount(order) / SKY;
    }
}
