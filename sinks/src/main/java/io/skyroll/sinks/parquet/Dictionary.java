package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroBuffer;
import java.util.Arrays;

/**
 * The distinct values of a column in a row group, numbered by first occurrence. Whether one is made depends on nothing but the
 * values, so that the same rows always give the same bytes. Owned by one thread; reused from row group to row group.
 */
final class Dictionary {
    /** Values looked at before a dictionary is built: enough to tell some thousand distinct values from all distinct. */
    private static final int SAMPLE = 1 << 12;

    /** A dictionary is built when its sample holds every distinct value this often on average. */
    private static final int MIN_OCCURRENCES = 2;

    /** Codes of 16 bits and more save little, and readers keep the whole dictionary in memory. */
    private static final int MAX_ENTRIES = 1 << 15;

    private static final int MAX_BYTES = 1 << 20;

    private static final int MAX_SLOTS = MAX_ENTRIES << 1;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final int[] codeOfSlot = new int[MAX_SLOTS];
    private final int[] firstOfCode = new int[MAX_ENTRIES];
    private final AvroBuffer page = new AvroBuffer(SAMPLE);
    private int[] codes = new int[0];
    /** As many as the values need; few values are not to pay for the clearing of all. */
    private int slots = MAX_SLOTS;

    private int size;

    /** Makes the dictionary of a column's values. Answers whether it pays; if not, there is none. */
    boolean build(PlainValues values) {
        return values.mayRepeat() && repeats(values) && encode(values);
    }

    /** Number of distinct values. */
    int size() {
        return size;
    }

    /** Bits of a code. One at least: some readers take none for a broken page. */
    int codeBits() {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(size - 1));
    }

    /** The code of a value, by its index. */
    int code(int value) {
        return codes[value];
    }

    /** The distinct values in PLAIN encoding, in the order of their codes. */
    AvroBuffer page() {
        return page;
    }

    private boolean repeats(PlainValues values) {
        clear(values.count());
        int step = Math.max(1, values.count() / SAMPLE);
        int sampled = 0;
        int p = 0;
        for (int i = 0; i < values.count(); i += step) {
            intern(values, p);
            sampled++;
            p = i + step < values.count() ? values.skip(p, step) : p;
        }
        return size > 0 && (long) size * MIN_OCCURRENCES <= sampled;
    }

    private boolean encode(PlainValues values) {
        clear(values.count());
        if (codes.length < values.count()) {
            codes = new int[values.count()];
        }
        byte[] bytes = values.plain.bytes();
        int p = 0;
        for (int i = 0; i < values.count(); i++) {
            int known = size;
            codes[i] = intern(values, p);
            int next = values.skip(p, 1);
            if (size > known) {
                page.write(bytes, p, next - p);
                if (size == MAX_ENTRIES || page.size() > MAX_BYTES) {
                    return false;
                }
            }
            p = next;
        }
        return true;
    }

    private void clear(int values) {
        slots = Integer.highestOneBit(Math.min(values, MAX_ENTRIES - 1) | 1) << 2;
        Arrays.fill(codeOfSlot, 0, slots, 0);
        page.clear();
        size = 0;
    }

    /** Finds the code of the value at a place, giving it the next one if it is new. */
    private int intern(PlainValues values, int start) {
        byte[] bytes = values.plain.bytes();
        int length = values.skip(start, 1) - start;
        int slot = (int) (hash(bytes, start, length) >>> (Long.SIZE - Integer.numberOfTrailingZeros(slots)));
        while (codeOfSlot[slot] != 0) {
            int code = codeOfSlot[slot] - 1;
            int first = firstOfCode[code];
            if (Arrays.equals(bytes, start, start + length, bytes, first, Math.min(first + length, bytes.length))) {
                return code;
            }
            slot = (slot + 1) & (slots - 1);
        }
        firstOfCode[size] = start;
        codeOfSlot[slot] = ++size;
        return size - 1;
    }

    private static long hash(byte[] bytes, int start, int length) {
        int end = start + length;
        int p = start;
        long hash = length;
        for (; p + Long.BYTES <= end; p += Long.BYTES) {
            hash = (hash ^ (long) PlainValues.LONG.get(bytes, p)) * MIX;
            hash ^= hash >>> 32;
        }
        if (p + Integer.BYTES <= end) {
            hash = (hash ^ (int) PlainValues.INT.get(bytes, p)) * MIX;
            hash ^= hash >>> 32;
            p += Integer.BYTES;
        }
        for (; p < end; p++) {
            hash = (hash ^ bytes[p]) * MIX;
        }
        return hash * MIX;
    }
}
