package io.skyroll.schemas.row;

import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks the bytes of a row without decoding them: finds where each column's value starts and where the row ends, and copies the
 * primary key out. Immutable, usable by any thread.
 */
public final class RowPlan {
    /** In offsets: the column is null. */
    public static final int NULL = -1;

    private static final byte VARINT = 0;
    private static final byte FIXED_1 = 1;
    private static final byte FIXED_4 = 2;
    private static final byte FIXED_8 = 3;
    private static final byte LENGTH = 4;
    private static final byte FIXED_16 = 5;
    private static final byte LIST = 6;
    private static final byte RECORD = 7;
    private static final byte NULLABLE = 8;

    private final byte[] encodings;
    private final int[] keyColumns;

    /** How to walk the fields of a record, or the element of a list; null for other columns. */
    private final @Nullable RowPlan[] nested;

    public RowPlan(RowSchema schema) {
        this(
                schema.columns(),
                schema.keyColumns().stream().mapToInt(schema::indexOf).toArray());
    }

    private RowPlan(List<Column> columns, int[] keyColumns) {
        this.keyColumns = keyColumns;
        encodings = new byte[columns.size()];
        nested = new RowPlan[columns.size()];
        for (int i = 0; i < encodings.length; i++) {
            Column column = columns.get(i);
            encodings[i] = (byte) (encoding(column.type()) | (column.nullable() ? NULLABLE : 0));
            if (column.type().isNested()) {
                nested[i] = new RowPlan(column.type().parts(), new int[0]);
            }
        }
    }

    public int columnCount() {
        return encodings.length;
    }

    /** Where the row that starts at a place ends (exclusive). */
    public int end(byte[] bytes, int start) {
        int p = start;
        byte[] plan = encodings;
        for (int i = 0; i < plan.length; i++) {
            if ((plan[i] & NULLABLE) != 0 && bytes[p++] == 0) {
                continue;
            }
            p = skip(i, bytes, p);
        }
        return p;
    }

    /**
     * Finds the start of every column's value.
     *
     * @param offsets filled with one place per column, behind the union branch, or {@link #NULL}
     * @return where the row ends (exclusive)
     */
    public int locate(byte[] bytes, int start, int[] offsets) {
        int p = start;
        byte[] plan = encodings;
        for (int i = 0; i < plan.length; i++) {
            int encoding = plan[i];
            if ((encoding & NULLABLE) != 0 && bytes[p++] == 0) {
                offsets[i] = NULL;
                continue;
            }
            offsets[i] = p;
            p = skip(i, bytes, p);
        }
        return p;
    }

    /**
     * Finds where every column's value starts and ends.
     *
     * @param starts filled as by {@link #locate(byte[], int, int[])}
     * @param ends filled with the end (exclusive) of each value that is not null
     * @return where the row ends (exclusive)
     */
    int locate(byte[] bytes, int start, int[] starts, int[] ends) {
        int end = locate(bytes, start, starts);
        for (int column = 0; column < starts.length; column++) {
            if (starts[column] != NULL) {
                ends[column] = skip(column, bytes, starts[column]);
            }
        }
        return end;
    }

    /**
     * Writes the bytes that identify the row, which are also the Avro binary of its key record.
     *
     * @param offsets of the same row, from {@link #locate}
     */
    public void writeKey(byte[] bytes, int[] offsets, AvroBuffer target) {
        for (int column : keyColumns) {
            int start = offsets[column];
            target.write(bytes, start, skip(column, bytes, start) - start);
        }
    }

    private int skip(int column, byte[] bytes, int start) {
        return switch (encodings[column] & ~NULLABLE) {
            case VARINT -> skipVarint(bytes, start);
            case FIXED_1 -> start + 1;
            case FIXED_4 -> start + Integer.BYTES;
            case FIXED_8 -> start + Long.BYTES;
            case LENGTH -> skipWithLength(bytes, start);
            case FIXED_16 -> start + 2 * Long.BYTES;
            case LIST -> skipList(nestedPlan(column), bytes, start);
            default -> nestedPlan(column).end(bytes, start);
        };
    }

    private RowPlan nestedPlan(int column) {
        return Objects.requireNonNull(nested[column]);
    }

    /** Blocks of elements, each behind its count, or behind its negated count and its size in bytes; a count of 0 ends the list. */
    private static int skipList(RowPlan element, byte[] bytes, int start) {
        AvroCursor cursor = new AvroCursor().at(bytes, start);
        for (long count = cursor.readLong(); count != 0; count = cursor.readLong()) {
            if (count < 0) {
                long size = cursor.readLong();
                cursor.position(Math.toIntExact(cursor.position() + size));
            } else {
                int p = cursor.position();
                for (long i = 0; i < count; i++) {
                    p = element.end(bytes, p);
                }
                cursor.position(p);
            }
        }
        return cursor.position();
    }

    private static int skipVarint(byte[] bytes, int start) {
        int p = start;
        while (bytes[p] < 0) {
            p++;
        }
        return p + 1;
    }

    private static int skipWithLength(byte[] bytes, int start) {
        int p = start;
        int b = bytes[p++];
        int raw = b & 0x7F;
        for (int shift = 7; b < 0; shift += 7) {
            b = bytes[p++];
            raw |= (b & 0x7F) << shift;
        }
        return p + (raw >>> 1);
    }

    private static int encoding(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> FIXED_1;
            case INT16, INT32, INT64, DATE, TIMESTAMP, TIMESTAMP_UTC, TIME -> VARINT;
            case FLOAT32 -> FIXED_4;
            case FLOAT64 -> FIXED_8;
            case STRING, DECIMAL, BYTES, JSON, TEXT_FORM -> LENGTH;
            case UUID -> FIXED_16;
            case LIST -> LIST;
            case RECORD -> RECORD;
        };
    }
}
