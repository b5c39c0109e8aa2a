package io.skyroll.sinks.hats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;

/** {@code dataset/_common_metadata}: a Parquet file without row groups, from which readers take the catalog's schema. */
public final class CommonMetadata {
    private CommonMetadata() {}

    /**
     * The bytes of the file; the same for the same arguments.
     *
     * @param schema exactly that of the leaves: names, sequence, types and nullability
     */
    public static byte[] bytes(MessageType schema) {
        MemoryFile file = new MemoryFile();
        try (ParquetFileWriter writer = new ParquetFileWriter(
                file,
                schema,
                ParquetFileWriter.Mode.CREATE,
                ParquetWriter.DEFAULT_BLOCK_SIZE,
                0,
                null,
                ParquetProperties.builder().build())) {
            writer.start();
            writer.end(Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen: the file is in memory", e);
        }
        return file.bytes.toByteArray();
    }

    /** A Parquet output that stays in memory. */
    private static final class MemoryFile implements OutputFile {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new PositionOutputStream() {
                @Override
                public long getPos() {
                    return bytes.size();
                }

                @Override
                public void write(int value) {
                    bytes.write(value);
                }

                @Override
                public void write(byte[] source, int offset, int length) {
                    bytes.write(source, offset, length);
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
