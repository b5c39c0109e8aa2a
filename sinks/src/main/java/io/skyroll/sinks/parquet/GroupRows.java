package io.skyroll.sinks.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.sinks.leaf.RowCursor;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/** The rows of a row group, put together again from its columns as Avro binary. Owned by one thread. */
final class GroupRows implements RowCursor {
    private final ToLongFunction<AvroBuffer> places;
    private final List<Consumer<AvroBuffer>> columns;
    private final AvroBuffer row = new AvroBuffer(1 << 10);
    private long rowsLeft;
    private long cell;

    /**
     * @param bytes of the whole row group, as they stand in the file
     * @param zstd used until the last row
     */
    GroupRows(RowSchema rows, MessageType schema, LeafForm form, RowGroup group, byte[] bytes, ZstdDecompressCtx zstd) {
        this.rowsLeft = group.getNum_rows();
        Iterator<ColumnReader> readers = IntStream.range(0, group.getColumnsSize())
                .mapToObj(column -> reader(schema, group, column, bytes, zstd))
                .iterator();
        this.places = places(rows, form, readers);
        this.columns = rows.columns().stream()
                .map(column -> column(column, form, readers))
                .toList();
    }

    /** Gives the place of a row that was put together; of each row in turn. */
    private static ToLongFunction<AvroBuffer> places(RowSchema rows, LeafForm form, Iterator<ColumnReader> readers) {
        if (!form.hasSky()) {
            KeyPlace places = new KeyPlace(rows);
            return row -> places.of(row.bytes(), 0);
        }
        ColumnReader cells = readers.next();
        return row -> {
            long next = cells.getLong();
            cells.consume();
            return next;
        };
    }

    private static Consumer<AvroBuffer> column(Column column, LeafForm form, Iterator<ColumnReader> readers) {
        if (form.isConstant(column.name())) {
            byte[] value = form.constant(column.name());
            return target -> target.write(value, 0, value.length);
        }
        return AvroColumn.of(column, readers)::write;
    }

    private static ColumnReader reader(
            MessageType schema, RowGroup group, int column, byte[] bytes, ZstdDecompressCtx zstd) {
        ColumnDescriptor descriptor = schema.getColumns().get(column);
        ColumnMetaData chunk = group.getColumns().get(column).getMeta_data();
        int start = Math.toIntExact(ChunkPages.start(chunk) - group.getFile_offset());
        ChunkPages pages = new ChunkPages(bytes, start, descriptor.getPrimitiveType(), chunk, zstd);
        // The converter and the writer's version serve record assembly and old bugs: neither is needed here.
        return new ColumnReaderImpl(descriptor, pages, new PrimitiveConverter() {}, null);
    }

    @Override
    public boolean next() {
        if (rowsLeft == 0) {
            return false;
        }
        rowsLeft--;
        row.clear();
        for (Consumer<AvroBuffer> column : columns) {
            column.accept(row);
        }
        cell = places.applyAsLong(row);
        return true;
    }

    @Override
    public long healpix() {
        return cell;
    }

    @Override
    public byte[] bytes() {
        return row.bytes();
    }

    @Override
    public int start() {
        return 0;
    }

    @Override
    public int end() {
        return row.size();
    }
}
