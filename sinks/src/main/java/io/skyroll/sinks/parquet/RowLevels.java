package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroBuffer;
import java.util.Arrays;

/** Levels of a column that is not inside another one: an entry is a row, and has a value or has none. */
final class RowLevels implements Levels {
    private final boolean nullable;

    /** One bit per row, least significant first, as bit-packed definition levels have them; only where nulls can be. */
    private byte[] present = new byte[0];

    private int rows;

    RowLevels(boolean nullable) {
        this.nullable = nullable;
    }

    /** Adds a row. */
    void add(boolean hasValue) {
        if (nullable) {
            int place = rows >>> 3;
            if (place == present.length) {
                present = Arrays.copyOf(present, Math.max(1 << 10, place * 2));
            }
            if (hasValue) {
                present[place] |= (byte) (1 << (rows & 7));
            }
        }
        rows++;
    }

    @Override
    public int entries() {
        return rows;
    }

    /** A multiple of eight, so that a page's levels start with a byte. */
    @Override
    public int pageEnd(int start, int wanted) {
        return Math.min(rows, start + Math.max(Byte.SIZE, wanted & -Byte.SIZE));
    }

    @Override
    public int values(int from, int to) {
        if (!nullable) {
            return to - from;
        }
        int count = 0;
        for (int place = from >>> 3; place < (to + 7) >>> 3; place++) {
            count += Integer.bitCount(present[place] & 0xFF);
        }
        return count;
    }

    /** As one run: of equal levels where all are, else of bits. */
    @Override
    public void write(int from, int to, AvroBuffer page) {
        int pageRows = to - from;
        int pageValues = values(from, to);
        int sizePlace = page.size();
        page.writeFloatBits(0);
        if (pageValues == pageRows || pageValues == 0) {
            Levels.writeVarint(pageRows << 1, page);
            page.writeByte(pageValues == 0 ? 0 : 1);
        } else {
            int bytes = (pageRows + 7) >>> 3;
            Levels.writeVarint((bytes << 1) | 1, page);
            page.write(present, from >>> 3, bytes);
        }
        Levels.setSize(page, sizePlace);
    }

    @Override
    public void clear() {
        Arrays.fill(present, (byte) 0);
        rows = 0;
    }
}
