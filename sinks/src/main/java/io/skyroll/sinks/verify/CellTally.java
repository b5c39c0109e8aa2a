package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;

/** Rows per cell of one order, counted while leaves are read. Takes 8 bytes per cell of the sky. Owned by one thread. */
final class CellTally {
    /** 100 MB. Finer maps are compared in cells of this order. */
    static final int MAX_ORDER = 10;

    private final int order;
    private final long[] rows;

    CellTally(int order) {
        this.order = order;
        this.rows = new long[Math.toIntExact(Healpix.pixelCount(order))];
    }

    int order() {
        return order;
    }

    void add(long healpix29) {
        rows[(int) (healpix29 >>> (2 * (Healpix.MAX_ORDER - order)))]++;
    }

    /** Rows in a cell of this or a lower order. */
    long rows(int ofOrder, long cell) {
        int shift = 2 * (order - ofOrder);
        long sum = 0;
        for (long i = cell << shift; i < (cell + 1) << shift; i++) {
            sum += rows[(int) i];
        }
        return sum;
    }
}
