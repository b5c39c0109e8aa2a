package io.skyroll.sinks.leaf;

import io.skyroll.schemas.wire.AvroBuffer;
import java.util.Arrays;

/** Copies of rows, in the order they came. Owned by one thread. */
public final class RowBuffer {
    private static final int INITIAL_ROWS = 64;
    private static final int INITIAL_BYTES = 1 << 13;

    private final AvroBuffer bytes = new AvroBuffer(INITIAL_BYTES);
    private long[] healpix = new long[INITIAL_ROWS];
    private int[] ends = new int[INITIAL_ROWS];
    private int size;

    /** Adds a copy of the cursor's current row. */
    public void add(RowCursor row) {
        add(row.healpix(), row.bytes(), row.start(), row.end());
    }

    /**
     * Adds a copy of a row.
     *
     * @param cell the row's HEALPix cell at order 29
     * @param row an array that holds the row's Avro binary
     * @param start where it starts
     * @param end where it ends (exclusive)
     */
    public void add(long cell, byte[] row, int start, int end) {
        if (size == healpix.length) {
            healpix = Arrays.copyOf(healpix, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        bytes.write(row, start, end - start);
        healpix[size] = cell;
        ends[size++] = bytes.size();
    }

    public int size() {
        return size;
    }

    /** Size of the rows' Avro binary. */
    public int bytes() {
        return bytes.size();
    }

    public void clear() {
        bytes.clear();
        size = 0;
    }

    /** All rows, as long as none is added or dropped. */
    public RowCursor rows() {
        return new Rows();
    }

    private final class Rows implements RowCursor {
        private int row = -1;

        @Override
        public boolean next() {
            return ++row < size;
        }

        @Override
        public long healpix() {
            return healpix[row];
        }

        @Override
        public byte[] bytes() {
            return bytes.bytes();
        }

        @Override
        public int start() {
            return row == 0 ? 0 : ends[row - 1];
        }

        @Override
        public int end() {
            return ends[row];
        }
    }
}
