package io.skyroll.sinks.parquet;

import io.skyroll.sinks.leaf.RowCursor;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;

/** The places of a row group's rows on their way to Parquet. Owned by one thread; reused from row group to row group. */
interface PlaceColumn {

    /** Takes the place of the cursor's row. */
    void append(RowCursor row);

    /** Writes what was collected, if it is a column of the file, before the other columns. */
    void write(PageOutput pages, Dictionary dictionary, List<ColumnChunk> chunks) throws IOException;

    /** Notes in the row group, which has all of its columns, how it is sorted and where; and forgets what was collected. */
    void describe(RowGroup group);
}
