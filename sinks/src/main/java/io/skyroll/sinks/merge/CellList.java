package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CellCounts;
import java.util.Arrays;

/** HEALPix-29 values of rows, ascending, one for each row. */
final class CellList {
    private static final int INITIAL_CAPACITY = 64;

    private long[] cells = new long[INITIAL_CAPACITY];
    private int size;

    /** Adds a value not below the last one. */
    void add(long cell) {
        if (size == cells.length) {
            cells = Arrays.copyOf(cells, size * 2);
        }
        cells[size++] = cell;
    }

    /** How many of them lie in a cell. */
    long in(Pixel cell) {
        return (long) firstAtOrAfter(cell.end29()) - firstAtOrAfter(cell.first29());
    }

    void countIn(CellCounts.Builder counts) {
        for (int i = 0; i < size; i++) {
            counts.addHealpix29(cells[i]);
        }
    }

    private int firstAtOrAfter(long cell) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cells[middle] < cell) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
