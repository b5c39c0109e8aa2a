package io.skyroll.sinks.parquet;

import io.skyroll.sinks.storage.StoreInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;

/** Copies column chunks of other files as bytes. Owned by one thread. */
final class ChunkCopy {
    private static final int COPY_BYTES = 1 << 20;

    private final HashedOutput output;

    ChunkCopy(HashedOutput output) {
        this.output = output;
    }

    /** Copies a stretch of a file. */
    void bytes(StoreInput input, long start, long length) throws IOException {
        byte[] piece = new byte[(int) Math.min(COPY_BYTES, length)];
        for (long done = 0; done < length; done += piece.length) {
            int part = (int) Math.min(piece.length, length - done);
            input.readFully(start + done, piece, 0, part);
            output.write(piece, 0, part);
        }
    }

    /**
     * Copies a chunk.
     *
     * @param column name of the row's column that it belongs to from now on
     */
    ColumnChunk chunk(StoreInput input, ColumnChunk source, String column) throws IOException {
        ColumnChunk copied = source.deepCopy();
        ColumnMetaData described = copied.getMeta_data();
        long start = described.isSetDictionary_page_offset()
                ? described.getDictionary_page_offset()
                : described.getData_page_offset();
        shift(copied, output.position() - start);
        List<String> path = new ArrayList<>(described.getPath_in_schema());
        path.set(0, column);
        described.setPath_in_schema(path);
        bytes(input, start, described.getTotal_compressed_size());
        return copied;
    }

    /** Moves a chunk's description to where the chunk is now. */
    static void shift(ColumnChunk chunk, long shift) {
        ColumnMetaData column = chunk.getMeta_data();
        column.setData_page_offset(column.getData_page_offset() + shift);
        if (column.isSetDictionary_page_offset()) {
            column.setDictionary_page_offset(column.getDictionary_page_offset() + shift);
        }
    }
}
