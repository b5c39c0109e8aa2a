package io.skyroll.sinks.parquet;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.wire.AvroCursor;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Type;

/** A column of single values. */
final class FlatColumn implements RowColumn {
    private final boolean nullable;
    private final RowLevels levels;
    private final PlainValues values;
    private final ChunkEncoder chunk;

    FlatColumn(Column column, Type type) {
        nullable = column.nullable();
        levels = new RowLevels(nullable);
        values = PlainValues.of(column.type());
        chunk = new ChunkEncoder(List.of(column.name()), type, levels, values);
    }

    @Override
    public void append(AvroCursor row) {
        boolean hasValue = !nullable || row.readPresent();
        levels.add(hasValue);
        if (hasValue) {
            values.append(row);
        }
    }

    @Override
    public void write(PageOutput pages, Dictionary dictionary, List<ColumnChunk> chunks) throws IOException {
        chunks.add(chunk.write(pages, dictionary));
    }
}
