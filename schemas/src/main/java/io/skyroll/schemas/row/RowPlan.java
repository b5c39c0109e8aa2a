package io.skyroll.schemas.row;

import io.skyroll.schemas.wire.AvroBuffer;

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
    private static final byte NULLABLE = 8;

    private final byte[] encodings;
    private final int[] keyColumns;

    public RowPlan(RowSchema schema) {
        encodings = new byte[schema.columns().size()];
        for (int i = 0; i < encodings.length; i++) {
            Column column = schema.columns().get(i);
            encodings[i] = (byte) (encoding(column.type()) | (column.nullable() ? NULLABLE : 0));
        }
        keyColumns = schema.keyColumns().stream().mapToInt(schema::indexOf).toArray();
    }

    public int columnCount() {
        return encodings.length;
    }

    /** Where the row that starts at a place ends (exclusive). */
    public int end(byte[] bytes, int start) {
        int p = start;
        for (byte encoding : encodings) {
            if ((encoding & NULLABLE) != 0 && bytes[p++] == 0) {
                continue;
            }
            p = skip(encoding & ~NULLABLE, bytes, p);
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
            p = skip(encoding & ~NULLABLE, bytes, p);
        }
        return p;
    }

    /**
     * Writes the bytes that identify the row, which are also the Avro binary of its key record.
     *
     * @param offsets of the same row, from {@link #locate}
     */
    public void writeKey(byte[] bytes, int[] offsets, AvroBuffer target) {
        for (int column : keyColumns) {
            int start = offsets[column];
            target.write(bytes, start, skip(encodings[column] & ~NULLABLE, bytes, start) - start);
        }
    }

    private static int skip(int encoding, byte[] bytes, int start) {
        return switch (encoding) {
            case VARINT -> skipVarint(bytes, start);
            case FIXED_1 -> start + 1;
            case FIXED_4 -> start + Integer.BYTES;
            case FIXED_8 -> start + Long.BYTES;
            default -> skipWithLength(bytes, start);
        };
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
            case INT16, INT32, INT64, DATE, TIMESTAMP, TIMESTAMP_UTC -> VARINT;
            case FLOAT32 -> FIXED_4;
            case FLOAT64 -> FIXED_8;
            case STRING, DECIMAL -> LENGTH;
        };
    }
}
