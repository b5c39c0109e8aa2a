package io.skyroll.sinks.verify;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares two sets of rows, or bags of them, that may be larger than memory: by a hash of each row, in as many passes as it takes to
 * hold a slice of them at a time. Owned by one thread.
 */
final class HashComparison {
    /** Hashes of one side that are held at once: 64 MB. */
    private static final int MAX_HELD = 1 << 23;

    /** More slices are of no use: what does not fit then is one row many times over. */
    private static final int MAX_BITS = 20;

    private final boolean isDistinct;
    private final int maxHeld;
    private final Set<Long> missing = new TreeSet<>();
    private final Set<Long> extra = new TreeSet<>();
    private long missingCount;
    private long extraCount;

    private HashComparison(boolean isDistinct, int maxHeld) {
        this.isDistinct = isDistinct;
        this.maxHeld = maxHeld;
    }

    /** Rows, read anew by every call. */
    interface Rows {
        void forEach(Taker taker) throws IOException;
    }

    /** Takes a row's hash, the file that a finding about it names, and where exactly it is. */
    interface Taker {
        void take(long hash, String file, Object place);
    }

    /** Compares sets: how often a row comes does not matter. */
    static HashComparison ofSets(Rows expected, Rows actual) throws IOException {
        return compare(true, MAX_HELD, expected, actual);
    }

    /** Compares bags. */
    static HashComparison ofBags(Rows expected, Rows actual) throws IOException {
        return compare(false, MAX_HELD, expected, actual);
    }

    static HashComparison compare(boolean isDistinct, int maxHeld, Rows expected, Rows actual) throws IOException {
        for (int bits = 0; bits <= MAX_BITS; bits++) {
            HashComparison comparison = new HashComparison(isDistinct, maxHeld);
            if (comparison.compare(bits, expected, actual)) {
                return comparison;
            }
        }
        throw new IllegalStateException("more than %d equal rows".formatted(maxHeld));
    }

    /** How many expected rows are not there. */
    long missingCount() {
        return missingCount;
    }

    /** How many rows are there that are not expected. */
    long extraCount() {
        return extraCount;
    }

    /** Some of the missing rows. */
    Set<Long> missing() {
        return missing;
    }

    /** Some of the rows too many. */
    Set<Long> extra() {
        return extra;
    }

    private boolean compare(int bits, Rows expected, Rows actual) throws IOException {
        for (long slice = 0; slice < 1L << bits; slice++) {
            Hashes wanted = new Hashes(isDistinct, bits, slice, maxHeld);
            expected.forEach((hash, file, place) -> wanted.add(hash));
            Hashes found = new Hashes(isDistinct, bits, slice, maxHeld);
            actual.forEach((hash, file, place) -> found.add(hash));
            if (wanted.isOverfull || found.isOverfull) {
                return false;
            }
            merge(wanted.sorted(), found.sorted());
        }
        return true;
    }

    private void merge(long[] wanted, long[] found) {
        int w = 0;
        int f = 0;
        while (w < wanted.length || f < found.length) {
            if (f == found.length || (w < wanted.length && wanted[w] < found[f])) {
                missingCount++;
                keep(missing, wanted[w++]);
            } else if (w == wanted.length || found[f] < wanted[w]) {
                extraCount++;
                keep(extra, found[f++]);
            } else {
                w++;
                f++;
            }
        }
    }

    private static void keep(Set<Long> kept, long hash) {
        if (kept.size() < Check.SHOWN) {
            kept.add(hash);
        }
    }

    /** The hashes of one slice: those that begin with its bits. */
    private static final class Hashes {
        private final boolean isDistinct;
        private final int bits;
        private final long slice;
        private final int maxHeld;
        private long[] hashes = new long[1 << 10];
        private int size;
        private boolean isOverfull;

        Hashes(boolean isDistinct, int bits, long slice, int maxHeld) {
            this.isDistinct = isDistinct;
            this.bits = bits;
            this.slice = slice;
            this.maxHeld = maxHeld;
        }

        void add(long hash) {
            if (isOverfull || (bits > 0 && hash >>> (Long.SIZE - bits) != slice)) {
                return;
            }
            if (size == maxHeld && !hasRoomAgain()) {
                isOverfull = true;
                return;
            }
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.min(maxHeld, 2 * size));
            }
            hashes[size++] = hash;
        }

        long[] sorted() {
            Arrays.sort(hashes, 0, size);
            if (isDistinct) {
                dropDoubles();
            }
            return Arrays.copyOf(hashes, size);
        }

        /** Whether half of the room is free when each hash is kept once. */
        private boolean hasRoomAgain() {
            if (!isDistinct) {
                return false;
            }
            Arrays.sort(hashes, 0, size);
            dropDoubles();
            return size <= maxHeld / 2;
        }

        private void dropDoubles() {
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (i == 0 || hashes[i] != hashes[i - 1]) {
                    hashes[kept++] = hashes[i];
                }
            }
            size = kept;
        }
    }
}
