package io.skyroll.sinks.parquet;

import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/** Writes one Parquet file of rows that are given value by value. Owned by one thread. After an exception it can only be closed. */
final class TableWriter implements AutoCloseable {
    private final FileMetaData metaData;
    private final HashedOutput output;
    private final PageOutput pages;
    private final List<FlatColumn> columns = new ArrayList<>();
    private final Dictionary dictionary = new Dictionary();
    private final List<RowGroup> groups = new ArrayList<>();
    private int groupRows;

    /**
     * @param empty the metadata of such a file without rows
     * @param values collects the values of each column, in the order of the schema
     */
    TableWriter(FileMetaData empty, List<PlainValues> values, StoreOutput output) throws IOException {
        this.metaData = empty.deepCopy();
        this.output = new HashedOutput(output);
        this.pages = new PageOutput(this.output, ParquetLeaves.DEFAULT_ZSTD_LEVEL);
        for (int i = 0; i < values.size(); i++) {
            // The root of the schema comes first.
            String name = metaData.getSchema().get(i + 1).getName();
            Type type = metaData.getSchema().get(i + 1).getType();
            columns.add(new FlatColumn(name, type, true, values.get(i)));
        }
        this.output.write(LeafFooter.MAGIC);
    }

    /**
     * Sets the next row's value of a column.
     *
     * @param plain in PLAIN encoding, that of a text without its length; null for none
     */
    void set(int column, byte @Nullable [] plain) {
        columns.get(column).append(plain);
    }

    /** Ends the row, all of whose values are set. */
    void endRow() {
        groupRows++;
    }

    /** Number of rows of the row group that is being made. */
    int groupRows() {
        return groupRows;
    }

    /** Writes the row group, if it has rows. */
    void endGroup() throws IOException {
        if (groupRows == 0) {
            return;
        }
        long start = pages.position();
        long uncompressedBefore = pages.uncompressedBytes();
        List<ColumnChunk> chunks = new ArrayList<>();
        for (FlatColumn column : columns) {
            column.write(pages, dictionary, chunks);
        }
        groups.add(new RowGroup(chunks, pages.uncompressedBytes() - uncompressedBefore, groupRows)
                .setFile_offset(start)
                .setTotal_compressed_size(pages.position() - start));
        groupRows = 0;
    }

    /** Writes what is left and commits the file. */
    LeafFile finish() throws IOException {
        endGroup();
        long rows = groups.stream().mapToLong(RowGroup::getNum_rows).sum();
        output.write(LeafFooter.toBytes(metaData.setRow_groups(groups).setNum_rows(rows)));
        return new LeafFile(rows, output.position(), output.commit(), groups.size());
    }

    @Override
    public void close() throws IOException {
        try (pages) {
            output.close();
        }
    }
}
