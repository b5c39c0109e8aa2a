package io.skyroll.sinks.parquet;

import io.skyroll.schemas.wire.AvroBuffer;
import java.io.IOException;
import java.util.ArrayList;
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
 * Collects one Parquet column of a row group, then writes it as a column chunk: one encoding for the whole chunk, data pages of version
 * 1. Owned by one thread; reused from row group to row group.
 */
final class ChunkEncoder {
    /** The limits that parquet-java has too. Large values make a page end earlier, by their mean size. */
    private static final int MAX_PAGE_ENTRIES = 20_000;

    private static final int MEAN_PAGE_BYTES = 1 << 20;

    private final List<String> path;
    private final Type type;
    private final Levels levels;
    private final PlainValues values;
    private final AvroBuffer page = new AvroBuffer(1 << 12);

    /**
     * @param path names from the row down to the column
     * @param levels which entries have a value; the caller adds to it
     * @param values those values; the caller adds to it
     */
    ChunkEncoder(List<String> path, Type type, Levels levels, PlainValues values) {
        this.path = path;
        this.type = type;
        this.levels = levels;
        this.values = values;
    }

    /** Writes what was collected, and forgets it. */
    ColumnChunk write(PageOutput pages, Dictionary dictionary) throws IOException {
        long chunkStart = pages.position();
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
        int pageEntries = pageEntries();
        for (int start = 0, end; start < levels.entries(); start = end, dataPages++) {
            end = levels.pageEnd(start, pageEntries);
            int pageValues = levels.values(start, end);
            page.clear();
            levels.write(start, end, page);
            if (encoded) {
                writeCodes(dictionary, value, value + pageValues);
            } else {
                int valueEnd = values.skip(valueStart, pageValues);
                writePlain(valueStart, valueEnd);
                valueStart = valueEnd;
            }
            value += pageValues;
            pages.writeDataPage(page.bytes(), page.size(), end - start, encoding);
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
                path,
                CompressionCodec.ZSTD,
                levels.entries(),
                pages.uncompressedBytes() - uncompressedBefore,
                pages.position() - chunkStart,
                dataStart);
        if (encoded) {
            metaData.setDictionary_page_offset(chunkStart);
        }
        metaData.setStatistics(statistics());
        metaData.setEncoding_stats(counts);
        clear();
        // The format wants 0 here: the field once meant a copy of the metadata beside the chunk.
        return new ColumnChunk(0).setMeta_data(metaData);
    }

    private Statistics statistics() {
        Statistics statistics = new Statistics().setNull_count(levels.entries() - values.count());
        if (values.count() > 0) {
            values.describe(statistics);
        }
        return statistics;
    }

    private void clear() {
        levels.clear();
        values.clear();
    }

    private int pageEntries() {
        long byBytes = (long) levels.entries() * MEAN_PAGE_BYTES / Math.max(1, values.plain.size());
        return (int) Math.min(MAX_PAGE_ENTRIES, byBytes);
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
        Levels.writeVarint((groups << 1) | 1, page);
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
}
