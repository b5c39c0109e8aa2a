package io.skyroll.sinks.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/** Compresses pages and writes them with their headers. Owned by one thread. */
final class PageOutput implements AutoCloseable {
    private final HashedOutput output;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private byte[] compressed = new byte[0];
    private long uncompressedBytes;

    PageOutput(HashedOutput output, int zstdLevel) {
        this.output = output;
        zstd.setLevel(zstdLevel);
    }

    long position() {
        return output.position();
    }

    /** Size of all pages so far before compression, in bytes, their headers included as the format counts them. */
    long uncompressedBytes() {
        return uncompressedBytes;
    }

    void writeDictionaryPage(byte[] page, int length, int values) throws IOException {
        PageHeader head = compress(PageType.DICTIONARY_PAGE, page, length);
        head.setDictionary_page_header(new DictionaryPageHeader(values, Encoding.PLAIN));
        write(head);
    }

    void writeDataPage(byte[] page, int length, int rows, Encoding encoding) throws IOException {
        PageHeader head = compress(PageType.DATA_PAGE, page, length);
        head.setData_page_header(new DataPageHeader(rows, encoding, Encoding.RLE, Encoding.RLE));
        write(head);
    }

    private PageHeader compress(PageType type, byte[] page, int length) {
        int bound = Math.toIntExact(Zstd.compressBound(length));
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int size = zstd.compressByteArray(compressed, 0, compressed.length, page, 0, length);
        return new PageHeader(type, length, size);
    }

    private void write(PageHeader head) throws IOException {
        header.reset();
        Util.writePageHeader(head, header);
        output.write(header.toByteArray());
        output.write(compressed, 0, head.getCompressed_page_size());
        uncompressedBytes += header.size() + head.getUncompressed_page_size();
    }

    @Override
    public void close() {
        zstd.close();
    }
}
