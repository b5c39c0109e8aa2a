package io.skyroll.sinks.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/** Hands the pages of a column chunk to parquet-java's decoders, each decompressed when it is its turn. Owned by one thread. */
final class ChunkPages implements PageReader {
    private final byte[] bytes;
    private final ByteArrayInputStream left;
    private final int end;
    private final PrimitiveType type;
    private final ColumnMetaData chunk;
    private final ZstdDecompressCtx zstd;

    /**
     * @param bytes that the chunk is in, such as those of its row group
     * @param start of the chunk in them
     */
    ChunkPages(byte[] bytes, int start, PrimitiveType type, ColumnMetaData chunk, ZstdDecompressCtx zstd) {
        int length = Math.toIntExact(chunk.getTotal_compressed_size());
        this.bytes = bytes;
        this.left = new ByteArrayInputStream(bytes, start, length);
        this.end = start + length;
        this.type = type;
        this.chunk = chunk;
        this.zstd = zstd;
    }

    /** Where a chunk starts in its file. */
    static long start(ColumnMetaData chunk) {
        return chunk.isSetDictionary_page_offset() ? chunk.getDictionary_page_offset() : chunk.getData_page_offset();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
        if (!chunk.isSetDictionary_page_offset()) {
            return null;
        }
        PageHeader header = readHeader();
        int entries = header.getDictionary_page_header().getNum_values();
        return new DictionaryPage(readContent(header), entries, Encoding.PLAIN);
    }

    @Override
    public long getTotalValueCount() {
        return chunk.getNum_values();
    }

    @Override
    public @Nullable DataPage readPage() {
        if (left.available() == 0) {
            return null;
        }
        PageHeader header = readHeader();
        DataPageHeader data = header.getData_page_header();
        return new DataPageV1(
                readContent(header),
                data.getNum_values(),
                header.getUncompressed_page_size(),
                Statistics.createStats(type),
                Encoding.RLE,
                Encoding.RLE,
                Encoding.valueOf(data.getEncoding().name()));
    }

    private PageHeader readHeader() {
        try {
            return Util.readPageHeader(left);
        } catch (IOException failure) {
            throw SkyrollException.defect(broken("no page header"), failure);
        }
    }

    private BytesInput readContent(PageHeader header) {
        byte[] content = new byte[header.getUncompressed_page_size()];
        int start = end - left.available();
        int length = header.getCompressed_page_size();
        try {
            int size = zstd.decompressByteArray(content, 0, content.length, bytes, start, length);
            if (size != content.length) {
                throw SkyrollException.defect(broken("a page has %d bytes, not %d".formatted(size, content.length)));
            }
        } catch (ZstdException notZstd) {
            throw SkyrollException.defect(broken("a page does not decompress"), notZstd);
        }
        left.skip(length);
        return BytesInput.from(content);
    }

    private String broken(String what) {
        return "a leaf file is broken in the column %s: %s".formatted(type, what);
    }
}
