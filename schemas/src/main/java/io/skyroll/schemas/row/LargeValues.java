package io.skyroll.schemas.row;

import io.skyroll.schemas.row.ColumnType.Kind;
import io.skyroll.schemas.wire.AvroBuffer;
import java.util.List;

/**
 * Which rows can have values that PostgreSQL stores out of line, and what these values are. The server does that to the values of a row
 * that is larger than a quarter of a page ({@code TOAST_TUPLE_TARGET}), the largest first, until the row is smaller. How large the row is
 * there is not known here, so it is estimated from above. Owned by one thread.
 *
 * <p>Source: <a href="https://www.postgresql.org/docs/18/storage-toast.html">PostgreSQL's documentation, 66.2 TOAST</a>.
 */
public final class LargeValues {
    /** The target for pages of 8 KiB, in bytes. */
    private static final int TARGET_BYTES = 2032;
    /** A tuple's header and its alignment, in bytes. */
    private static final int HEADER_BYTES = 32;
    /** By how much a value may be longer in the table than in Avro. */
    private static final int MAX_FACTOR = 16;
    /** The second branch of a union, as an Avro long. */
    private static final int PRESENT = 2;

    private final List<Column> columns;
    private final RowPlan plan;
    private final boolean[] isLarge;
    private final boolean isAnyLarge;
    private final int fixedBytes;
    private final int[] starts;
    private final int[] ends;

    public LargeValues(RowSchema rows) {
        columns = rows.columns();
        plan = new RowPlan(rows);
        isLarge = new boolean[columns.size()];
        starts = new int[columns.size()];
        ends = new int[columns.size()];
        int bytes = HEADER_BYTES + columns.size() / Byte.SIZE;
        boolean any = false;
        for (int column = 0; column < isLarge.length; column++) {
            Column described = columns.get(column);
            isLarge[column] =
                    factor(described.type().kind()) > 0 && !rows.keyColumns().contains(described.name());
            any |= isLarge[column];
            bytes += base(described.type().kind());
        }
        isAnyLarge = any;
        fixedBytes = bytes;
    }

    /** What a value takes at least to be counted with, its alignment included: {@code name} has 64 bytes whatever is in it. */
    private static int base(Kind kind) {
        return switch (kind) {
            case BOOLEAN, INT16, INT32, FLOAT32, DATE -> 2 * Integer.BYTES;
            case INT64, FLOAT64, TIMESTAMP, TIMESTAMP_UTC, TIME, UUID -> 2 * Long.BYTES;
            case STRING, BYTES, DECIMAL, JSON, TEXT_FORM, LIST, RECORD -> 64;
        };
    }

    /** By how much a value may be longer in the table than in Avro; 0 for types of a fixed size. */
    private static int factor(Kind kind) {
        return switch (kind) {
            case BOOLEAN, INT16, INT32, INT64, FLOAT32, FLOAT64, DATE, TIMESTAMP, TIMESTAMP_UTC, TIME, UUID -> 0;
                // The server's encoding may take more than UTF-8 does.
            case STRING, BYTES -> 2;
                // Small numbers and short texts have a header or eight bytes each in a table.
            case DECIMAL, JSON, TEXT_FORM, LIST, RECORD -> MAX_FACTOR;
        };
    }

    /** Whether rows can have large values at all. */
    public boolean areThere() {
        return isAnyLarge;
    }

    /**
     * Whether a row may have values that are stored out of line: false only if it has none.
     *
     * @param row Avro binary, from a start to an end (exclusive)
     */
    public boolean mayBeIn(byte[] row, int start, int end) {
        // Most rows are small.
        if (fixedBytes + (long) MAX_FACTOR * (end - start) <= TARGET_BYTES) {
            return false;
        }
        int unusedEnd = plan.locate(row, start, starts, ends);
        long bytes = fixedBytes;
        for (int column = 0; column < isLarge.length; column++) {
            if (starts[column] != RowPlan.NULL) {
                bytes += (long) factor(columns.get(column).type().kind()) * (ends[column] - starts[column]);
            }
        }
        return bytes > TARGET_BYTES;
    }

    /** Writes a row with its key and its large values, the others null. */
    public void write(byte[] row, int start, AvroBuffer target) {
        int unusedEnd = plan.locate(row, start, starts, ends);
        for (int column = 0; column < isLarge.length; column++) {
            boolean isNullable = columns.get(column).nullable();
            if (starts[column] == RowPlan.NULL || (isNullable && !isLarge[column])) {
                target.writeByte(0);
                continue;
            }
            if (isNullable) {
                target.writeByte(PRESENT);
            }
            target.write(row, starts[column], ends[column] - starts[column]);
        }
    }
}
