package io.skyroll.sinks.parquet;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.wire.AvroCursor;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Type;

/**
 * A column of the rows on its way to Parquet, where one that is nested becomes several. Owned by one thread; reused from row group to row
 * group.
 */
interface RowColumn {

    /**
     * The form that fits the column's type.
     *
     * @param types Parquet's physical types of the file's columns; those of this column are taken from it
     */
    static RowColumn of(Column column, LeafForm form, Iterator<Type> types) {
        if (form.isConstant(column.name())) {
            return new ConstantColumn(column.name(), form.constant(column.name()));
        }
        return column.type().isNested() ? new NestedColumn(column, types) : new FlatColumn(column, types.next());
    }

    /** Takes the row's value over, which is at the cursor, and moves the cursor behind it. */
    void append(AvroCursor row);

    /** Writes what was collected, and forgets it. */
    void write(PageOutput pages, Dictionary dictionary, List<ColumnChunk> chunks) throws IOException;
}
