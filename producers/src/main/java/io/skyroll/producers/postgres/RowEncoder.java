package io.skyroll.producers.postgres;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.util.List;
import java.util.function.Predicate;

/**
 * Turns PostgreSQL's binary fields into Avro binary, column by column, without an object per row. The fields are those of a COPY
 * in binary form, described in PostgreSQL's documentation of COPY under "Binary Format". Immutable, usable by any thread.
 */
public final class RowEncoder {
    /** Every column was written. */
    public static final int COMPLETE = -1;

    private static final byte LEFT_OUT = 0;
    private static final byte BOOLEAN = 1;
    private static final byte INT16 = 2;
    private static final byte INT32 = 3;
    private static final byte INT64 = 4;
    private static final byte FLOAT32 = 5;
    private static final byte FLOAT64 = 6;
    private static final byte CONTENT = 7;
    private static final byte DATE = 8;
    private static final byte TIMESTAMP = 9;
    private static final byte DECIMAL = 10;
    private static final byte OTHER = 11;
    private static final byte NULLABLE = 16;

    private final byte[] encodings;
    private final int[] precisions;
    private final int[] scales;
    private final List<Column> columns;
    private final List<FieldDecoder> decoders;

    private RowEncoder(RowSchema schema, List<FieldDecoder> decoders, Predicate<Column> wanted) {
        columns = schema.columns();
        this.decoders = List.copyOf(decoders);
        encodings = new byte[columns.size()];
        precisions =
                columns.stream().mapToInt(column -> column.type().precision()).toArray();
        scales = columns.stream().mapToInt(column -> column.type().scale()).toArray();
        for (int i = 0; i < encodings.length; i++) {
            Column column = columns.get(i);
            encodings[i] = wanted.test(column)
                    ? (byte) (encoding(decoders.get(i)) | (column.nullable() ? NULLABLE : 0))
                    : LEFT_OUT;
        }
    }

    /**
     * Encodes whole rows.
     *
     * @param decoders one per column
     */
    static RowEncoder ofRow(RowSchema schema, List<FieldDecoder> decoders) {
        return new RowEncoder(schema, decoders, column -> true);
    }

    /** Encodes only the columns of the primary key, for rows of which another column cannot be encoded. */
    static RowEncoder ofKey(RowSchema schema, List<FieldDecoder> decoders) {
        return new RowEncoder(schema, decoders, column -> schema.keyColumns().contains(column.name()));
    }

    /** Encodes a row that ends where the array does; else as {@link #encode(byte[], int, int, AvroBuffer, int[], Conversions)}. */
    public int encode(byte[] fields, int start, AvroBuffer target, int[] offsets, Conversions conversions) {
        return encode(fields, start, fields.length, target, offsets, conversions);
    }

    /**
     * Encodes a row.
     *
     * @param fields holds the row's fields: a length (4 bytes, -1 for null) and a value each
     * @param start where the first field's length stands
     * @param end where the row ends (exclusive)
     * @param offsets filled with where each column's value starts in the target, or {@link RowPlan#NULL}
     * @param conversions told of what was done to values that Avro has no form for
     * @return {@link #COMPLETE}, or the index of a column whose value cannot be represented; the target then holds a part
     *     of a row
     */
    public int encode(byte[] fields, int start, int end, AvroBuffer target, int[] offsets, Conversions conversions) {
        byte[] plan = encodings;
        int p = start;
        for (int i = 0; i < plan.length; i++) {
            int length = BinaryFields.int32(fields, p);
            p += Integer.BYTES;
            int encoding = plan[i];
            if (length < 0) {
                if ((encoding & NULLABLE) != 0) {
                    target.writeByte(0);
                } else if (encoding != LEFT_OUT) {
                    return i;
                }
                offsets[i] = RowPlan.NULL;
                continue;
            }
            if ((encoding & NULLABLE) != 0) {
                // The second branch of a union, as an Avro long.
                target.writeByte(2);
            }
            offsets[i] = target.size();
            if (!write(encoding & ~NULLABLE, fields, p, length, i, target)
                    && !decode(i, fields, p, length, target, offsets, conversions)) {
                return i;
            }
            p += length;
        }
        if (p != end) {
            throw SkyrollException.defect("a row should end at byte %d, but it does at %d".formatted(end, p));
        }
        return COMPLETE;
    }

    /** Writes a value of the types that most columns have; false for other types, and for values that Avro has no form for. */
    private boolean write(int encoding, byte[] fields, int p, int length, int column, AvroBuffer target) {
        switch (encoding) {
            case BOOLEAN -> target.writeByte(fields[p]);
            case INT16 -> target.writeLong(BinaryFields.int16(fields, p));
            case INT32 -> target.writeLong(BinaryFields.int32(fields, p));
            case INT64 -> target.writeLong(BinaryFields.int64(fields, p));
            case FLOAT32 -> target.writeFloatBits(BinaryFields.int32(fields, p));
            case FLOAT64 -> target.writeDoubleBits(BinaryFields.int64(fields, p));
            case CONTENT -> target.writeWithLength(fields, p, length);
            case DATE -> {
                return MomentField.writeDate(BinaryFields.int32(fields, p), target);
            }
            case TIMESTAMP -> {
                return MomentField.writeTimestamp(BinaryFields.int64(fields, p), target);
            }
            case DECIMAL -> {
                return DecimalField.write(fields, p, precisions[column], scales[column], target);
            }
            case OTHER -> {
                return false;
            }
            default -> {
                // The column is left out.
            }
        }
        return true;
    }

    /** Writes what {@link #write} did not; false when the column's value cannot be represented. */
    private boolean decode(
            int column, byte[] fields, int p, int length, AvroBuffer target, int[] offsets, Conversions conversions) {
        FieldDecoder.Outcome outcome = decoders.get(column).decode(fields, p, length, target, conversions);
        if (outcome == FieldDecoder.Outcome.NULL) {
            // Such columns are nullable; the branch of the union stands before the value.
            target.truncate(offsets[column] - 1);
            target.writeByte(0);
            offsets[column] = RowPlan.NULL;
        }
        return outcome != FieldDecoder.Outcome.REFUSED;
    }

    /**
     * Says why a column could not be encoded.
     *
     * @param fields the row that {@link #encode} refused
     * @param column what it returned
     */
    public String refusal(byte[] fields, int start, int column) {
        int p = start;
        for (int i = 0; i < column; i++) {
            p += Integer.BYTES + Math.max(0, BinaryFields.int32(fields, p));
        }
        String name = columns.get(column).name();
        int length = BinaryFields.int32(fields, p);
        if (length < 0) {
            return "column \"%s\" is null, but is declared NOT NULL".formatted(name);
        }
        Conversions why = new Conversions();
        decoders.get(column).decode(fields, p + Integer.BYTES, length, new AvroBuffer(length), why);
        return "column \"%s\": %s".formatted(name, why.refusal());
    }

    private static byte encoding(FieldDecoder decoder) {
        if (decoder instanceof ScalarField scalar) {
            return switch (scalar) {
                case BOOLEAN -> BOOLEAN;
                case INT16 -> INT16;
                case INT32 -> INT32;
                case INT64 -> INT64;
                case FLOAT32 -> FLOAT32;
                case FLOAT64 -> FLOAT64;
                case CONTENT -> CONTENT;
                case UUID, UNSIGNED32, UNSIGNED64, JSONB, SINGLE_BYTE, FLOATS -> OTHER;
            };
        }
        return decoder instanceof MomentField.Date
                ? DATE
                : decoder instanceof MomentField.Timestamp
                        ? TIMESTAMP
                        : decoder instanceof NumericField.Decimal ? DECIMAL : OTHER;
    }
}
