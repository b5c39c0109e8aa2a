package io.skyroll.sinks.memtable;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file of rows and deletions in leaf order, one per identity, and what is known of it without a look into it: where its blocks are,
 * what they start with, and their checksums. That takes 28 bytes of memory for a block, of 128 KiB before compression. Immutable.
 */
final class Run {
    private final SpillDirectory directory;
    private final Path file;
    private final long bytes;
    private final long[] firstHealpix;
    private final long[] offsets;
    private final int[] lengths;
    private final int[] checksums;

    private Run(SpillDirectory directory, Path file, Builder blocks) {
        this.directory = directory;
        this.file = file;
        this.bytes = blocks.position;
        this.firstHealpix = Arrays.copyOf(blocks.firstHealpix, blocks.size);
        this.offsets = Arrays.copyOf(blocks.offsets, blocks.size);
        this.lengths = Arrays.copyOf(blocks.lengths, blocks.size);
        this.checksums = Arrays.copyOf(blocks.checksums, blocks.size);
    }

    SpillDirectory directory() {
        return directory;
    }

    Path file() {
        return file;
    }

    /** Size of the file. */
    long bytes() {
        return bytes;
    }

    int blocks() {
        return lengths.length;
    }

    /** The block at which to begin to look for rows at or behind a HEALPix-29 value. */
    int blockBefore(long healpix) {
        int low = 0;
        int high = firstHealpix.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (firstHealpix[middle] < healpix) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        // A block may end with the value that the next one starts with.
        return Math.max(0, low - 1);
    }

    /** The HEALPix-29 value of a block's first row. */
    long firstHealpix(int block) {
        return firstHealpix[block];
    }

    /** Where a block starts in the file. */
    long offset(int block) {
        return offsets[block];
    }

    /** A block's size in the file. */
    int length(int block) {
        return lengths[block];
    }

    /** The CRC-32C of a block's bytes in the file. */
    int checksum(int block) {
        return checksums[block];
    }

    /** Gives the file's space back. */
    void delete() {
        directory.delete(this);
    }

    /** Notes blocks as they are written. Owned by one thread. */
    static final class Builder {
        private static final int INITIAL_BLOCKS = 16;

        private long[] firstHealpix = new long[INITIAL_BLOCKS];
        private long[] offsets = new long[INITIAL_BLOCKS];
        private int[] lengths = new int[INITIAL_BLOCKS];
        private int[] checksums = new int[INITIAL_BLOCKS];
        private int size;
        private long position;

        void add(long first, int length, int checksum) {
            if (size == lengths.length) {
                firstHealpix = Arrays.copyOf(firstHealpix, size * 2);
                offsets = Arrays.copyOf(offsets, size * 2);
                lengths = Arrays.copyOf(lengths, size * 2);
                checksums = Arrays.copyOf(checksums, size * 2);
            }
            firstHealpix[size] = first;
            offsets[size] = position;
            lengths[size] = length;
            checksums[size++] = checksum;
            position += length;
        }

        Run build(SpillDirectory directory, Path file) {
            return new Run(directory, file, this);
        }
    }
}
