package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;

/**
 * Collects one column of a row group, then writes it as a column chunk: one encoding for the whole chunk, data pages of version
 * 1, definition levels as one run per page. Owned by one thread; reused from row group to row group.
 */
final class ColumnEncoder {
    /** The limits that parquet-java has too. Large values make a page end earlier, by their mean size. */
    private static final int MAX_PAGE_ROWS = 20_000;

    private static final int MEAN_PAGE_BYTES = 1 << 20;

    private final String name;
    private final Type type;
    private final boolean nullable;
    private final PlainValues values;
    private final AvroBuffer page = new AvroBuffer(1 << 12);

    /** One bit per row, least significant first, as bit-packed definition levels have them; only where nulls can be. */
    private byte[] present = new byte[0];

    private int rows;

    ColumnEncoder(String name, Type type, boolean nullable, PlainValues values) {
        this.name = name;
        this.type = type;
        this.nullable = nullable;
        this.values = values;
    }

    /** Takes the row's value over, which is at the cursor, and moves the cursor behind it. */
    void append(AvroCursor row) {
        if (nullable) {
            int place = rows >>> 3;
            if (place == present.length) {
                present = Arrays.copyOf(present, Math.max(1 << 10, place * 2));
            }
            if (row.readPresent()) {
                present[place] |= (byte) (1 << (rows & 7));
                values.append(row);
            }
        } else {
            values.append(row);
        }
        endRow();
    }

    /** Counts a row whose value the caller has added. */
    void endRow() {
        rows++;
    }

    /** Writes what was collected, and forgets it. */
    ColumnChunk write(PageOutput pages, Dictionary dictionary) throws IOException {
        long start = pages.position();
        long uncompressedBefore = pages.uncompressedBytes();
        boolean encoded = dictionary.build(values);
        if (encoded) {
            pages.writeDictionaryPage(
                    dictionary.page().bytes(), dictionary.page().size(), dictionary.size());
        }
        long dataStart = pages.position();
        Encoding encoding = encoded ? Encoding.RLE_DICTIONARY : Encoding.PLAIN;
        int dataPages = 0;
        int value = 0;
        int valueStart = 0;
        int pageRows = pageRows();
        for (int row = 0; row < rows; row += pageRows, dataPages++) {
            int end = Math.min(rows, row + pageRows);
            int pageValues = presentValues(row, end);
            page.clear();
            writeDefinitionLevels(row, end, pageValues);
            if (encoded) {
                writeCodes(dictionary, value, value + pageValues);
            } else {
                int valueEnd = values.skip(valueStart, pageValues);
                writePlain(valueStart, valueEnd);
                valueStart = valueEnd;
            }
            value += pageValues;
            pages.writeDataPage(page.bytes(), page.size(), end - row, encoding);
        }

        List<Encoding> encodings = new ArrayList<>(List.of(Encoding.PLAIN, Encoding.RLE));
        List<PageEncodingStats> counts = new ArrayList<>();
        if (encoded) {
            encodings.add(Encoding.RLE_DICTIONARY);
            counts.add(new PageEncodingStats(PageType.DICTIONARY_PAGE, Encoding.PLAIN, 1));
        }
        counts.add(new PageEncodingStats(PageType.DATA_PAGE, encoding, dataPages));
        ColumnMetaData metaData = new ColumnMetaData(
                type,
                encodings,
                List.of(name),
                CompressionCodec.ZSTD,
                rows,
                pages.uncompressedBytes() - uncompressedBefore,
                pages.position() - start,
                dataStart);
        if (encoded) {
            metaData.setDictionary_page_offset(start);
        }
        metaData.setStatistics(statistics());
        metaData.setEncoding_stats(counts);
        clear();
        // The format wants 0 here: the field once meant a copy of the metadata beside the chunk.
        return new ColumnChunk(0).setMeta_data(metaData);
    }

    private Statistics statistics() {
        Statistics statistics = new Statistics().setNull_count(rows - values.count());
        if (values.count() > 0) {
            values.describe(statistics);
        }
        return statistics;
    }

    private void clear() {
        Arrays.fill(present, (byte) 0);
        values.clear();
        rows = 0;
    }

    /** A multiple of eight, so that a page's definition levels start with a byte. */
    private int pageRows() {
        long byBytes = (long) rows * MEAN_PAGE_BYTES / Math.max(1, values.plain.size());
        return (int) Math.max(Byte.SIZE, Math.min(MAX_PAGE_ROWS, byBytes) & -Byte.SIZE);
    }

    private int presentValues(int row, int end) {
        if (!nullable) {
            return end - row;
        }
        int count = 0;
        for (int place = row >>> 3; place < (end + 7) >>> 3; place++) {
            count += Integer.bitCount(present[place] & 0xFF);
        }
        return count;
    }

    /** In the hybrid of run lengths and bit packing, behind its size in 4 bytes. */
    private void writeDefinitionLevels(int row, int end, int pageValues) {
        int pageRows = end - row;
        int sizePlace = page.size();
        page.writeFloatBits(0);
        if (pageValues == pageRows || pageValues == 0) {
            writeVarint(pageRows << 1);
            page.writeByte(pageValues == 0 ? 0 : 1);
        } else {
            int bytes = (pageRows + 7) >>> 3;
            writeVarint((bytes << 1) | 1);
            page.write(present, row >>> 3, bytes);
        }
        PlainValues.INT.set(page.bytes(), sizePlace, page.size() - sizePlace - Integer.BYTES);
    }

    private void writePlain(int start, int end) {
        if (type != Type.BOOLEAN) {
            page.write(values.plain.bytes(), start, end - start);
            return;
        }
        byte[] bytes = values.plain.bytes();
        for (int p = start; p < end; p += Byte.SIZE) {
            int packed = 0;
            for (int bit = 0; bit < Math.min(Byte.SIZE, end - p); bit++) {
                packed |= bytes[p + bit] << bit;
            }
            page.writeByte(packed);
        }
    }

    /** Bits of a code, then the codes bit-packed in one run of groups of eight. */
    private void writeCodes(Dictionary dictionary, int from, int to) {
        int bits = dictionary.codeBits();
        page.writeByte(bits);
        if (from == to) {
            return;
        }
        int groups = (to - from + 7) >>> 3;
        writeVarint((groups << 1) | 1);
        page.reserve(groups * bits + Long.BYTES);
        long pending = 0;
        int pendingBits = 0;
        for (int value = from; value < from + groups * Byte.SIZE; value++) {
            pending |= (value < to ? (long) dictionary.code(value) : 0L) << pendingBits;
            pendingBits += bits;
            while (pendingBits >= Byte.SIZE) {
                page.writeByte((int) pending);
                pending >>>= Byte.SIZE;
                pendingBits -= Byte.SIZE;
            }
        }
    }

    private void writeVarint(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            page.writeByte(rest | 0x80);
            rest >>>= 7;
        }
        page.writeByte(rest);
    }
}
