package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.storage.StoreInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;

/** What stands at the end of a Parquet file: the metadata in Thrift, its size in 4 bytes, and the magic bytes. */
final class LeafFooter {
    static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /** In the form that readers parse for known bugs. Without our release: a new one must not change every leaf. */
    static final String CREATED_BY = "skyroll version 1";

    private static final int END_BYTES = Integer.BYTES + 4;

    /** Holds most footers whole, so that one request to an object store is enough. */
    private static final int GUESS_BYTES = 64 << 10;

    private LeafFooter() {}

    /** The metadata of a file with these row groups. No key-value metadata: strings and numbers need none. */
    static FileMetaData describe(MessageType schema, List<RowGroup> groups) {
        ParquetMetadata empty = new ParquetMetadata(
                new org.apache.parquet.hadoop.metadata.FileMetaData(schema, Map.of(), CREATED_BY), List.of());
        return new ParquetMetadataConverter()
                .toParquetMetadata(1, empty)
                .setRow_groups(groups)
                .setNum_rows(groups.stream().mapToLong(RowGroup::getNum_rows).sum());
    }

    static byte[] toBytes(FileMetaData metaData) throws IOException {
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        write(metaData, footer);
        return footer.toByteArray();
    }

    /** Writes the end of a file piece by piece. */
    static void write(FileMetaData metaData, OutputStream output) throws IOException {
        CountedOutput counted = new CountedOutput(output);
        Util.writeFileMetaData(metaData, counted);
        if (counted.bytes > Integer.MAX_VALUE) {
            throw SkyrollException.defect("a footer of %d bytes is too large for Parquet".formatted(counted.bytes));
        }
        output.write(PlainValues.littleEndian(counted.bytes, Integer.BYTES));
        output.write(MAGIC);
    }

    /**
     * Reads the footer of a file that this package wrote.
     *
     * @param expected the metadata of a file with the schema that the file must have
     * @param file what to call the file in messages
     */
    static FileMetaData read(StoreInput input, FileMetaData expected, String file) throws IOException {
        FileMetaData metaData = read(input);
        if (!CREATED_BY.equals(metaData.getCreated_by())) {
            throw SkyrollException.defect("a leaf file of %s was written by someone else: expected '%s', found '%s'"
                    .formatted(file, CREATED_BY, metaData.getCreated_by()));
        }
        if (!metaData.getSchema().equals(expected.getSchema())) {
            throw SkyrollException.defect("a leaf file of %s has another schema: expected %s, found %s"
                    .formatted(file, expected.getSchema(), metaData.getSchema()));
        }
        return metaData;
    }

    static FileMetaData read(StoreInput input) throws IOException {
        int tail = (int) Math.min(input.length(), GUESS_BYTES);
        byte[] bytes = read(input, tail);
        if (tail < MAGIC.length + END_BYTES
                || !Arrays.equals(bytes, tail - MAGIC.length, tail, MAGIC, 0, MAGIC.length)) {
            throw SkyrollException.defect(
                    "not a Parquet file, or a torn one: %d bytes without the closing PAR1".formatted(input.length()));
        }
        int size = (int) PlainValues.INT.get(bytes, tail - END_BYTES);
        if (size < 0 || size > input.length() - MAGIC.length - END_BYTES) {
            throw SkyrollException.defect(
                    "a Parquet file of %d bytes cannot have a footer of %d".formatted(input.length(), size));
        }
        if (size + END_BYTES > tail) {
            bytes = read(input, size + END_BYTES);
        }
        ByteArrayInputStream footer = new ByteArrayInputStream(bytes, bytes.length - size - END_BYTES, size);
        try {
            return Util.readFileMetaData(footer);
        } catch (IOException broken) {
            throw SkyrollException.defect("the footer of a Parquet file is broken", broken);
        }
    }

    private static byte[] read(StoreInput input, int last) throws IOException {
        byte[] bytes = new byte[last];
        input.readFully(input.length() - last, bytes, 0, last);
        return bytes;
    }

    /** Counts what it passes on. */
    private static final class CountedOutput extends FilterOutputStream {
        private long bytes;

        CountedOutput(OutputStream output) {
            super(output);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            bytes++;
        }

        @Override
        public void write(byte[] content, int offset, int length) throws IOException {
            out.write(content, offset, length);
            bytes += length;
        }
    }
}
