package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;

/**
 * Which HEALPix cells a position may have. On a cell's edge implementations disagree within rounding, and which of them the writer used
 * is not known: any cell within a hundred-thousandth of the width of one of order 29 will do.
 */
final class KeyRule {
    /** Cells of order 29 are 1.1e-7 degrees wide; a coordinate near 360 is rounded to 6e-14. */
    private static final double EDGE_DEGREES = 1e-12;

    private static final int[] STEPS = {-1, 0, 1};

    private KeyRule() {}

    /**
     * Whether a cell is a position's.
     *
     * @param ra any number of degrees
     * @param dec in degrees
     */
    static boolean holds(int order, long cell, double ra, double dec) {
        if (!Double.isFinite(ra) || !(Math.abs(dec) <= 90)) {
            return false;
        }
        return Healpix.pixel(order, ra, dec) == cell || isAcrossEdge(order, cell, ra, dec);
    }

    private static boolean isAcrossEdge(int order, long cell, double ra, double dec) {
        for (int east : STEPS) {
            for (int north : STEPS) {
                double nearDec = Math.max(-90, Math.min(90, dec + north * EDGE_DEGREES));
                if (Healpix.pixel(order, ra + east * EDGE_DEGREES, nearDec) == cell) {
                    return true;
                }
            }
        }
        return false;
    }
}
