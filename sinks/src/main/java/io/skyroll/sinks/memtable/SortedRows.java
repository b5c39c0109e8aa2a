package io.skyroll.sinks.memtable;

import io.skyroll.schemas.position.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Rows and deletions that are in memory, in leaf order, one per identity: of several for one key, that with the newest position.
 * Immutable, usable by any thread.
 */
final class SortedRows {
    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 1 << DIGIT_BITS;

    private final List<Segment.Source> sources = new ArrayList<>();
    private long[] healpix;
    private long[] places;
    private int size;

    private SortedRows(int capacity) {
        healpix = new long[capacity];
        places = new long[capacity];
    }

    /** Sorts the rows of segments that nothing is added to any more. */
    static SortedRows of(List<Segment> segments, RowOrder order) {
        SortedRows rows =
                new SortedRows(segments.stream().mapToInt(Segment::rowsInMemory).sum());
        segments.forEach(rows::append);
        rows.sortByHealpix();
        rows.settleTies(order);
        return rows;
    }

    int size() {
        return size;
    }

    /** The HEALPix-29 value of a row; ascending in the index. */
    long healpix(int index) {
        return healpix[index];
    }

    boolean isDelete(int index) {
        return source(index).isDelete();
    }

    /** The array that holds a row, or the key of a deletion. */
    byte[] bytes(int index) {
        return source(index).bytes();
    }

    /** Where the row, or the key of a deletion, starts in its array. */
    int start(int index) {
        return (int) places[index];
    }

    /** The index of the first row whose HEALPix-29 value is at least the given one; the size when there is none. */
    int firstAtOrAfter(long cell) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (healpix[middle] < cell) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Those from one HEALPix-29 value on up to another (exclusive). */
    PendingCursor in(long first, long afterLast, RowOrder order) {
        return new Range(firstAtOrAfter(first) - 1, firstAtOrAfter(afterLast), order);
    }

    private Segment.Source source(int index) {
        return sources.get((int) (places[index] >>> 32));
    }

    private Position position(int index) {
        return source(index).position();
    }

    private void append(Segment segment) {
        long firstSource = (long) sources.size() << 32;
        sources.addAll(segment.sources());
        for (int row = 0; row < segment.rowsInMemory(); row++) {
            healpix[size] = segment.healpix(row);
            places[size++] = segment.place(row) + firstSource;
        }
    }

    /** Least significant digit first, so that rows of one cell stay in the order of their arrival. */
    private void sortByHealpix() {
        long[] cells = new long[size];
        long[] moved = new long[size];
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
            int[] next = new int[DIGITS + 1];
            for (int i = 0; i < size; i++) {
                next[digit(healpix[i], shift) + 1]++;
            }
            if (size == 0 || next[digit(healpix[0], shift) + 1] == size) {
                continue;
            }
            for (int d = 0; d < DIGITS; d++) {
                next[d + 1] += next[d];
            }
            for (int i = 0; i < size; i++) {
                int target = next[digit(healpix[i], shift)]++;
                cells[target] = healpix[i];
                moved[target] = places[i];
            }
            long[] spare = healpix;
            healpix = cells;
            cells = spare;
            spare = places;
            places = moved;
            moved = spare;
        }
    }

    private static int digit(long cell, int shift) {
        return (int) (cell >>> shift) & DIGITS - 1;
    }

    /** Orders rows of one cell by key and keeps the newest of each key. */
    private void settleTies(RowOrder order) {
        int kept = 0;
        for (int first = 0; first < size; ) {
            int end = first + 1;
            while (end < size && healpix[end] == healpix[first]) {
                end++;
            }
            if (end - first > 1) {
                kept = settle(first, end, kept, order);
            } else {
                keep(places[first], first, kept++);
            }
            first = end;
        }
        healpix = shrink(healpix, kept);
        places = shrink(places, kept);
        size = kept;
    }

    private int settle(int first, int end, int keptBefore, RowOrder order) {
        List<Integer> tied = new ArrayList<>(end - first);
        for (int i = first; i < end; i++) {
            tied.add(i);
        }
        Collections.sort(tied, (one, other) -> {
            int byKey = order.compare(this, one, other);
            return byKey != 0 ? byKey : position(one).compareTo(position(other));
        });
        long[] sorted = new long[tied.size()];
        int count = 0;
        for (int t = 0; t < tied.size(); t++) {
            boolean newerFollows =
                    order.isIdentity() && t + 1 < tied.size() && order.compare(this, tied.get(t), tied.get(t + 1)) == 0;
            if (!newerFollows) {
                sorted[count++] = places[tied.get(t)];
            }
        }
        for (int i = 0; i < count; i++) {
            keep(sorted[i], first, keptBefore + i);
        }
        return keptBefore + count;
    }

    private void keep(long place, int cellOf, int target) {
        healpix[target] = healpix[cellOf];
        places[target] = place;
    }

    private static long[] shrink(long[] values, int length) {
        return values.length == length ? values : Arrays.copyOf(values, length);
    }

    private final class Range implements PendingCursor {
        private final int afterLast;
        private final RowOrder order;
        private int index;

        Range(int before, int afterLast, RowOrder order) {
            this.index = before;
            this.afterLast = afterLast;
            this.order = order;
        }

        @Override
        public boolean next() {
            return ++index < afterLast;
        }

        @Override
        public long healpix() {
            return healpix[index];
        }

        @Override
        public boolean isDelete() {
            return SortedRows.this.isDelete(index);
        }

        @Override
        public Position position() {
            return SortedRows.this.position(index);
        }

        @Override
        public byte[] bytes() {
            return SortedRows.this.bytes(index);
        }

        @Override
        public int start() {
            return SortedRows.this.start(index);
        }

        @Override
        public int end() {
            return isDelete() ? bytes().length : order.end(bytes(), start());
        }
    }
}
