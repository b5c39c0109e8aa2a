package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.wire.AvroCursor;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;

/** A column that is not in the file, since all rows have the same value. */
final class ConstantColumn implements RowColumn {
    private final String name;
    private final byte[] value;

    /** @param value in Avro binary, with the branch of a nullable column */
    ConstantColumn(String name, byte[] value) {
        this.name = name;
        this.value = value;
    }

    @Override
    public void append(AvroCursor row) {
        int start = row.position();
        int end = start + value.length;
        if (end > row.bytes().length || !Arrays.equals(row.bytes(), start, end, value, 0, value.length)) {
            throw SkyrollException.defect(
                    "a row has another value in the column %s than the folder that it was to be written to"
                            .formatted(name));
        }
        row.position(end);
    }

    @Override
    public void write(PageOutput pages, Dictionary dictionary, List<ColumnChunk> chunks) {
        // The folder's name says it.
    }
}
