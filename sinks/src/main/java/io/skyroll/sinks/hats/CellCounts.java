package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How many rows lie in each HEALPix cell (NESTED) of a catalog's highest order: a sparse histogram of one topic partition or of
 * the whole sky, from which leaves, names and the point map follow. Immutable; takes 16 bytes per cell that has rows.
 */
public final class CellCounts {

    private final int order;
    /** The cells that have rows, ascending. */
    private final long[] cells;
    /** Rows in the cells before each index; one element more than there are cells, so that the last is the total. */
    private final long[] rowsBefore;

    private CellCounts(int order, long[] cells, long[] rowsBefore) {
        this.order = order;
        this.cells = cells;
        this.rowsBefore = rowsBefore;
    }

    /**
     * Starts a histogram.
     *
     * @param order order of the cells, 0 to 29
     */
    public static Builder builder(int order) {
        return new Builder(order, 16);
    }

    /** A histogram without rows. */
    public static CellCounts empty(int order) {
        return builder(order).build();
    }

    /**
     * Puts the counts of disjoint stretches of the sky together.
     *
     * @param parts in any sequence; a cell between another part's first and last belongs to that part
     * @throws IllegalArgumentException if two parts overlap or have another order
     */
    public static CellCounts concat(int order, List<CellCounts> parts) {
        List<CellCounts> ascending = parts.stream()
                .filter(part -> part.size() > 0)
                .sorted(Comparator.comparingLong(part -> part.cell(0)))
                .toList();
        Builder all =
                new Builder(order, ascending.stream().mapToInt(CellCounts::size).reduce(0, Math::addExact));
        for (CellCounts part : ascending) {
            if (part.order != order) {
                throw new IllegalArgumentException("order must be %d: %d".formatted(order, part.order));
            }
            if (all.size > 0 && part.cell(0) <= all.cells[all.size - 1]) {
                throw new IllegalArgumentException(
                        "cell %d/%d is within the stretches of two parts".formatted(order, part.cell(0)));
            }
            for (int i = 0; i < part.size(); i++) {
                all.add(part.cell(i), part.count(i));
            }
        }
        return all.build();
    }

    /** Reads what {@link #encode} wrote. A {@code DEFECT} if the bytes are damaged or of an unknown version. */
    public static CellCounts decode(byte[] encoded) {
        return CellCountsCodec.decode(encoded);
    }

    /** A compact form with a version and a checksum; equal histograms have equal bytes. */
    public byte[] encode() {
        return CellCountsCodec.encode(this);
    }

    /** Order of the cells. */
    public int order() {
        return order;
    }

    /** Number of cells that have rows. */
    public int size() {
        return cells.length;
    }

    /** The cell at an index from 0; cells ascend. */
    public long cell(int index) {
        return cells[index];
    }

    /** Rows in the cell at an index, from 1. */
    public long count(int index) {
        return rowsBefore[index + 1] - rowsBefore[index];
    }

    /** Rows in all cells. */
    public long total() {
        return rowsBefore[cells.length];
    }

    /** Rows in a cell of this or a lower order. */
    public long sum(Pixel pixel) {
        if (pixel.order() > order) {
            throw new IllegalArgumentException("order must be in [0, %d]: %d".formatted(order, pixel.order()));
        }
        return sum(pixel.first29(), pixel.end29());
    }

    /**
     * Rows whose HEALPix-29 value is in a range that begins and ends with a cell.
     *
     * @param first29 first value, inclusive
     * @param end29 end of the range, exclusive
     */
    public long sum(long first29, long end29) {
        int shift = 2 * (Healpix.MAX_ORDER - order);
        long first = first29 >>> shift;
        long end = end29 >>> shift;
        if (first29 < 0 || first29 > end29 || first << shift != first29 || end << shift != end29) {
            throw new IllegalArgumentException(
                    "range must begin and end with a cell of order %d: [%d, %d)".formatted(order, first29, end29));
        }
        return rowsBefore[indexOf(end)] - rowsBefore[indexOf(first)];
    }

    /** These rows and more. */
    public CellCounts plus(CellCounts added) {
        return merge(added, 1);
    }

    /**
     * These rows without some.
     *
     * @throws IllegalStateException if a cell has fewer rows than are removed
     */
    public CellCounts minus(CellCounts removed) {
        return merge(removed, -1);
    }

    /** The same rows in the larger cells of a lower order. */
    public CellCounts degrade(int lowerOrder) {
        if (lowerOrder > order) {
            throw new IllegalArgumentException("order must be in [0, %d]: %d".formatted(order, lowerOrder));
        }
        Builder degraded = builder(lowerOrder);
        for (int i = 0; i < cells.length; i++) {
            degraded.add(cells[i] >>> (2 * (order - lowerOrder)), count(i));
        }
        return degraded.build();
    }

    /** Index of the first cell with rows that is not before the given one. */
    int indexOf(long cell) {
        int found = Arrays.binarySearch(cells, cell);
        return found >= 0 ? found : -found - 1;
    }

    /** Rows in the cells before an index, which may be {@link #size}. */
    long rowsBefore(int index) {
        return rowsBefore[index];
    }

    private CellCounts merge(CellCounts other, int sign) {
        if (other.order != order) {
            throw new IllegalArgumentException("order must be %d: %d".formatted(order, other.order));
        }
        Builder merged = new Builder(order, Math.addExact(cells.length, other.cells.length));
        int mine = 0;
        int theirs = 0;
        while (mine < cells.length || theirs < other.cells.length) {
            long cell = Math.min(
                    mine < cells.length ? cells[mine] : Long.MAX_VALUE,
                    theirs < other.cells.length ? other.cells[theirs] : Long.MAX_VALUE);
            long before = mine < cells.length && cells[mine] == cell ? count(mine++) : 0;
            long change = theirs < other.cells.length && other.cells[theirs] == cell ? other.count(theirs++) : 0;
            long after = Math.addExact(before, sign * change);
            if (after < 0) {
                throw new IllegalStateException(
                        "cell %d/%d has %d rows, so %d cannot be removed".formatted(order, cell, before, change));
            }
            if (after > 0) {
                merged.add(cell, after);
            }
        }
        return merged.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CellCounts that
                && order == that.order
                && Arrays.equals(cells, that.cells)
                && Arrays.equals(rowsBefore, that.rowsBefore);
    }

    @Override
    public int hashCode() {
        return (Arrays.hashCode(cells) * 31 + Arrays.hashCode(rowsBefore)) * 31 + order;
    }

    @Override
    public String toString() {
        return "CellCounts[order=%d, cells=%d, rows=%d]".formatted(order, size(), total());
    }

    /** Collects counts in the sequence of the cells. Owned by one thread; of no use after {@link #build}. */
    public static final class Builder {
        private final int order;
        private final long cellCount;
        private long[] cells;
        private long[] rowsBefore;
        private int size;

        private Builder(int order, int capacity) {
            this.order = order;
            this.cellCount = Healpix.pixelCount(order);
            this.cells = new long[capacity];
            this.rowsBefore = new long[capacity + 1];
        }

        /**
         * Adds rows to a cell, which is the last one or a later one.
         *
         * @param count number of rows, from 1
         */
        public Builder add(long cell, long count) {
            if (cell < 0 || cell >= cellCount) {
                throw new IllegalArgumentException(
                        "cell must be in [0, %d) at order %d: %d".formatted(cellCount, order, cell));
            }
            if (count < 1) {
                throw new IllegalArgumentException(
                        "count of cell %d/%d must be at least 1: %d".formatted(order, cell, count));
            }
            long last = size == 0 ? -1 : cells[size - 1];
            if (cell < last) {
                throw new IllegalArgumentException("cells must ascend: %d after %d".formatted(cell, last));
            }
            if (cell > last) {
                append(cell);
            }
            rowsBefore[size] = Math.addExact(rowsBefore[size], count);
            return this;
        }

        /** Adds one row by its HEALPix-29 value; values come in ascending order. */
        public Builder addHealpix29(long value) {
            return add(Healpix.parent(Healpix.MAX_ORDER, value, order), 1);
        }

        public CellCounts build() {
            return new CellCounts(order, Arrays.copyOf(cells, size), Arrays.copyOf(rowsBefore, size + 1));
        }

        private void append(long cell) {
            if (size == cells.length) {
                int capacity = Math.max(16, Math.addExact(size, size >> 1));
                cells = Arrays.copyOf(cells, capacity);
                rowsBefore = Arrays.copyOf(rowsBefore, capacity + 1);
            }
            cells[size] = cell;
            rowsBefore[size + 1] = rowsBefore[size];
            size++;
        }
    }
}
