package io.skyroll.sinks.merge;

import io.skyroll.sinks.memtable.SortedRows;

/** Unpublished rows and deletions of a range of the sky, in leaf order. Starts at the first one. */
final class PendingCursor {
    private final SortedRows rows;
    private final int end;
    private int index;

    /** From the first row at or after one HEALPix-29 value up to those before another. */
    PendingCursor(SortedRows rows, long first, long afterLast) {
        this.rows = rows;
        this.index = rows.firstAtOrAfter(first);
        this.end = rows.firstAtOrAfter(afterLast);
    }

    boolean isAtEnd() {
        return index == end;
    }

    void advance() {
        index++;
    }

    int index() {
        return index;
    }

    long healpix() {
        return rows.healpix(index);
    }
}
