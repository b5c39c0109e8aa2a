package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroBuffer;

/**
 * Which entries of a Parquet column have a value: its definition levels, and its repetition levels if it is inside a list. Source: the
 * Parquet format's "Nested Encoding" and "Run Length Encoding / Bit-Packing Hybrid". Owned by one thread; reused from row group to row
 * group.
 */
interface Levels {

    /** Number of entries so far: one per row and one per further element of a list. */
    int entries();

    /**
     * Where the page ends (exclusive) that starts at an entry: where a row ends, after about the wanted number of entries, and before more
     * than needed.
     */
    int pageEnd(int start, int wanted);

    /** Number of values in a range of entries. */
    int values(int from, int to);

    /** Writes the levels of a range of entries, each kind behind its size in 4 bytes. */
    void write(int from, int to, AvroBuffer page);

    /** Forgets all entries. */
    void clear();

    /** Writes a number as unsigned LEB128. */
    static void writeVarint(int value, AvroBuffer page) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            page.writeByte(rest | 0x80);
            rest >>>= 7;
        }
        page.writeByte(rest);
    }

    /** Puts the number of bytes that were written behind a place for it into that place. */
    static void setSize(AvroBuffer page, int sizePlace) {
        PlainValues.INT.set(page.bytes(), sizePlace, page.size() - sizePlace - Integer.BYTES);
    }
}
