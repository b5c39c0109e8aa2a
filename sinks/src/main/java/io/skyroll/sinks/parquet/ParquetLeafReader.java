package io.skyroll.sinks.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.StoreInput;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.schema.MessageType;

/** Reads one Parquet file that this package wrote. Owned by one thread. */
final class ParquetLeafReader implements LeafReader {
    private final RowSchema rows;
    private final MessageType schema;
    private final LeafForm form;
    private final StoreInput input;
    private final List<RowGroup> rowGroups;
    private final List<LeafGroup> groups;
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();

    private ParquetLeafReader(
            RowSchema rows, MessageType schema, LeafForm form, StoreInput input, List<RowGroup> rowGroups) {
        this.rows = rows;
        this.schema = schema;
        this.form = form;
        this.input = input;
        this.rowGroups = rowGroups;
        this.groups = rowGroups.stream()
                .map(group -> form.hasSky() ? SkyColumn.group(group) : KeyColumn.group(group))
                .toList();
    }

    static ParquetLeafReader open(
            RowSchema rows, MessageType schema, FileMetaData expected, LeafForm form, StoreInput input) {
        try {
            FileMetaData metaData = LeafFooter.read(input, expected, rows.name());
            return new ParquetLeafReader(rows, schema, form, input, metaData.getRow_groups());
        } catch (IOException failure) {
            throw cannotRead(failure);
        }
    }

    @Override
    public List<LeafGroup> groups() {
        return groups;
    }

    @Override
    public RowCursor rows(int group) {
        RowGroup rowGroup = rowGroups.get(group);
        byte[] bytes = new byte[Math.toIntExact(rowGroup.getTotal_compressed_size())];
        try {
            input.readFully(rowGroup.getFile_offset(), bytes, 0, bytes.length);
        } catch (IOException failure) {
            throw cannotRead(failure);
        }
        return new GroupRows(rows, schema, form, rowGroup, bytes, zstd);
    }

    MessageType schema() {
        return schema;
    }

    RowGroup group(int group) {
        return rowGroups.get(group);
    }

    StoreInput input() {
        return input;
    }

    /** Ends the cursors too. */
    @Override
    public void close() {
        try (zstd) {
            input.close();
        } catch (IOException failure) {
            throw cannotRead(failure);
        }
    }

    private static SkyrollException cannotRead(IOException failure) {
        return SkyrollException.unavailable("cannot read a leaf file: %s".formatted(failure.getMessage()), failure);
    }
}
