package io.skyroll.sinks.merge;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** HEALPix-29 values of rows, ascending, one for each row; none when there are too many. */
final class CellList {
    private static final int INITIAL_CAPACITY = 64;

    private final int most;
    private long[] cells = new long[INITIAL_CAPACITY];
    private int size;
    private boolean isComplete = true;

    /** @param most how many values are kept */
    CellList(int most) {
        this.most = most;
    }

    /** Adds a value not below the last one. */
    void add(long cell) {
        if (size == most) {
            isComplete = false;
            return;
        }
        if (size == cells.length) {
            cells = Arrays.copyOf(cells, size * 2);
        }
        cells[size++] = cell;
    }

    int size() {
        return size;
    }

    /** Whether all values that were added are kept. */
    boolean isComplete() {
        return isComplete;
    }

    /** Gives those from one value on up to another (exclusive). */
    void forEachIn(long first, long afterLast, LongConsumer taker) {
        for (int i = firstAtOrAfter(first); i < size && cells[i] < afterLast; i++) {
            taker.accept(cells[i]);
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
