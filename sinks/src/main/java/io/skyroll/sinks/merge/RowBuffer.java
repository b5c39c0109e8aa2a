package io.skyroll.sinks.merge;

import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.sinks.leaf.RowCursor;
import java.util.Arrays;

/** Copies of rows, in the order they came. Owned by one thread. */
final class RowBuffer {
    private static final int INITIAL_ROWS = 64;
    private static final int INITIAL_BYTES = 1 << 13;

    private final AvroBuffer bytes = new AvroBuffer(INITIAL_BYTES);
    private long[] healpix = new long[INITIAL_ROWS];
    private int[] ends = new int[INITIAL_ROWS];
    private int size;

    void add(RowCursor row) {
        if (size == healpix.length) {
            healpix = Arrays.copyOf(healpix, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        bytes.write(row.bytes(), row.start(), row.end() - row.start());
        healpix[size] = row.healpix();
        ends[size++] = bytes.size();
    }

    int size() {
        return size;
    }

    void clear() {
        bytes.clear();
        size = 0;
    }

    /** All rows, as long as none is added or dropped. */
    RowCursor rows() {
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
