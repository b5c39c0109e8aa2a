package io.skyroll.sinks.parquet;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.wire.AvroCursor;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/** A column of single values. */
final class FlatColumn implements RowColumn {
    private final boolean nullable;
    private final RowLevels levels;
    private final PlainValues values;
    private final ChunkEncoder chunk;

    FlatColumn(Column column, Type type) {
        this(column.name(), type, column.nullable(), PlainValues.of(column.type()));
    }

    FlatColumn(String name, Type type, boolean nullable, PlainValues values) {
        this.nullable = nullable;
        this.levels = new RowLevels(nullable);
        this.values = values;
        this.chunk = new ChunkEncoder(List.of(name), type, levels, values);
    }

    @Override
    public void append(AvroCursor row) {
        boolean hasValue = !nullable || row.readPresent();
        levels.add(hasValue);
        if (hasValue) {
            values.append(row);
        }
    }

    /**
     * Takes the next row's value.
     *
     * @param plain in PLAIN encoding, that of a text without its length; null for none
     */
    void append(byte @Nullable [] plain) {
        levels.add(plain != null);
        if (plain != null) {
            values.append(plain);
        }
    }

    @Override
    public void write(PageOutput pages, Dictionary dictionary, List<ColumnChunk> chunks) throws IOException {
        chunks.add(chunk.write(pages, dictionary));
    }
}
