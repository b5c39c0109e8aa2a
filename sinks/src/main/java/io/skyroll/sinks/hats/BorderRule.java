package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;

/**
 * Which rows of a leaf may belong to the margin of another: those whose cell of the margin's order has a neighbour outside the leaf. A
 * margin file of a pixel holds the rows outside it whose cell of that order has a neighbour inside it (as {@code hats-import} makes
 * them), and whatever the leaf is called, the pixel of its name holds the leaf's branch. So rows that are not at the border of the
 * branch are in no margin.
 *
 * @param marginOrder 1 to 29, above the order of every leaf; 0 when there are no margins, and so no row is at a border
 */
public record BorderRule(int marginOrder) {
    /** In a NESTED number the bits of one coordinate within the cell; those of the other stand one to the left. */
    private static final long X_BITS = 0x5555_5555_5555_5555L;

    /** What {@code hats-import} widens the threshold by before it looks for cells of that size. */
    private static final double WIDENING = 1.6;

    private static final double ARCSEC_PER_DEGREE = 3600;

    public BorderRule {
        if (marginOrder < 0 || marginOrder > Healpix.MAX_ORDER) {
            throw new IllegalArgumentException(
                    "margin order must be in [0, %d]: %d".formatted(Healpix.MAX_ORDER, marginOrder));
        }
    }

    /**
     * The order whose cells are as wide as a margin, by the formula of {@code hats.pixel_math.margin}, which decides what a margin
     * holds.
     *
     * @param thresholdArcsec the width, in arc seconds; 0 for no margins
     * @return 0 to 29
     */
    public static int orderOf(double thresholdArcsec) {
        if (thresholdArcsec == 0) {
            return 0;
        }
        double widthOfOrder0 = Math.sqrt(Math.PI / 3);
        double width = Math.toRadians(WIDENING * thresholdArcsec / ARCSEC_PER_DEGREE);
        int order = (int) (Math.log(widthOfOrder0 / width) / Math.log(2));
        return Math.max(0, Math.min(Healpix.MAX_ORDER, order));
    }

    /**
     * Whether a row is at the border.
     *
     * @param branch the smallest cell that holds the leaf's rows, of an order below the margin's
     * @param healpix29 the row's cell, in {@code branch}
     */
    public boolean isAtBorder(Pixel branch, long healpix29) {
        return marginOrder > 0 && isAtEdge(branch, marginOrder, healpix29);
    }

    /**
     * Whether a part of a leaf can hold rows at the border.
     *
     * @param part a cell in {@code branch}, or around it
     */
    public boolean reaches(Pixel branch, Pixel part) {
        return marginOrder > 0
                && (part.order() <= branch.order()
                        || isAtEdge(branch, Math.min(part.order(), marginOrder), part.first29()));
    }

    /**
     * Whether a row is in the margin of a pixel.
     *
     * @param pixel of an order below the margin's
     * @param healpix29 the row's cell, outside the pixel
     */
    public boolean isInMargin(Pixel pixel, long healpix29) {
        long cell = Healpix.parent(Healpix.MAX_ORDER, healpix29, marginOrder);
        long first = Healpix.firstChild(pixel.order(), pixel.npix(), marginOrder);
        long end = Healpix.endChild(pixel.order(), pixel.npix(), marginOrder);
        long[] neighbours = new long[Healpix.MAX_NEIGHBOURS];
        int count = Healpix.neighbours(marginOrder, cell, neighbours);
        for (int i = 0; i < count; i++) {
            if (neighbours[i] >= first && neighbours[i] < end) {
                return true;
            }
        }
        return false;
    }

    /** A cell is at an edge of a larger one when one of its coordinates in it is the smallest or the largest. */
    private static boolean isAtEdge(Pixel branch, int order, long healpix29) {
        long within = (1L << (2 * (order - branch.order()))) - 1;
        long cell = Healpix.parent(Healpix.MAX_ORDER, healpix29, order) & within;
        long xBits = X_BITS & within;
        long yBits = xBits << 1;
        long x = cell & xBits;
        long y = cell & yBits;
        return x == 0 || x == xBits || y == 0 || y == yBits;
    }
}
