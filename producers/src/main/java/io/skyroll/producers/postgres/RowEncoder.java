package io.skyroll.producers.postgres;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;

/**
 * Turns PostgreSQL's binary fields into Avro binary, column by column, without an object per row. The fields are those of a COPY
 * in binary form, described in PostgreSQL's documentation of COPY under "Binary Format". Immutable, usable by any thread.
 */
public final class RowEncoder {
    /** Every column was written. */
    public static final int COMPLETE = -1;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** PostgreSQL counts from 2000-01-01, Avro from 1970-01-01. */
    private static final int EPOCH_DAYS = 10_957;

    private static final long EPOCH_MICROS = 946_684_800_000_000L;
    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);

    private static final byte LEFT_OUT = 0;
    private static final byte BOOLEAN = 1;
    private static final byte INT16 = 2;
    private static final byte INT32 = 3;
    private static final byte INT64 = 4;
    private static final byte FLOAT32 = 5;
    private static final byte FLOAT64 = 6;
    private static final byte STRING = 7;
    private static final byte DATE = 8;
    private static final byte TIMESTAMP = 9;
    private static final byte DECIMAL = 10;
    private static final byte NULLABLE = 16;

    private final byte[] encodings;
    private final int[] precisions;
    private final int[] scales;
    private final List<Column> columns;

    private RowEncoder(RowSchema schema, Predicate<Column> wanted) {
        columns = schema.columns();
        encodings = new byte[columns.size()];
        precisions =
                columns.stream().mapToInt(column -> column.type().precision()).toArray();
        scales = columns.stream().mapToInt(column -> column.type().scale()).toArray();
        for (int i = 0; i < encodings.length; i++) {
            Column column = columns.get(i);
            encodings[i] = wanted.test(column)
                    ? (byte) (encoding(column.type()) | (column.nullable() ? NULLABLE : 0))
                    : LEFT_OUT;
        }
    }

    /** Encodes whole rows. */
    public static RowEncoder ofRow(RowSchema schema) {
        return new RowEncoder(schema, column -> true);
    }

    /** Encodes only the columns of the primary key, for rows of which another column cannot be encoded. */
    public static RowEncoder ofKey(RowSchema schema) {
        return new RowEncoder(schema, column -> schema.keyColumns().contains(column.name()));
    }

    /**
     * Encodes a row.
     *
     * @param fields ends with the row's fields: a length (4 bytes, -1 for null) and a value each
     * @param start where the first field's length stands
     * @param offsets filled with where each column's value starts in the target, or {@link RowPlan#NULL}
     * @return {@link #COMPLETE}, or the index of a column whose value cannot be represented; the target then holds a part
     *     of a row
     */
    public int encode(byte[] fields, int start, AvroBuffer target, int[] offsets) {
        byte[] plan = encodings;
        int p = start;
        for (int i = 0; i < plan.length; i++) {
            int length = (int) INT.get(fields, p);
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
            if (!write(encoding & ~NULLABLE, fields, p, length, i, target)) {
                return i;
            }
            p += length;
        }
        if (p != fields.length) {
            throw SkyrollException.defect(
                    "a COPY message has %d bytes, but its row ends after %d".formatted(fields.length, p));
        }
        return COMPLETE;
    }

    private boolean write(int encoding, byte[] fields, int p, int length, int column, AvroBuffer target) {
        switch (encoding) {
            case BOOLEAN -> target.writeByte(fields[p]);
            case INT16 -> target.writeLong((short) SHORT.get(fields, p));
            case INT32 -> target.writeLong((int) INT.get(fields, p));
            case INT64 -> target.writeLong((long) LONG.get(fields, p));
            case FLOAT32 -> target.writeFloatBits((int) INT.get(fields, p));
            case FLOAT64 -> target.writeDoubleBits((long) LONG.get(fields, p));
            case STRING -> target.writeWithLength(fields, p, length);
            case DATE -> {
                return writeDate((int) INT.get(fields, p), target);
            }
            case TIMESTAMP -> {
                return writeTimestamp((long) LONG.get(fields, p), target);
            }
            case DECIMAL -> {
                return DecimalField.write(fields, p, precisions[column], scales[column], target);
            }
            default -> {
                // The column is left out.
            }
        }
        return true;
    }

    private static boolean writeDate(int days, AvroBuffer target) {
        if (days == Integer.MIN_VALUE || days > Integer.MAX_VALUE - EPOCH_DAYS) {
            return false;
        }
        target.writeLong(days + EPOCH_DAYS);
        return true;
    }

    private static boolean writeTimestamp(long micros, AvroBuffer target) {
        // The last years that PostgreSQL knows, from 294247 on, are beyond 63 bits when counted from 1970.
        if (micros == Long.MIN_VALUE || micros > Long.MAX_VALUE - EPOCH_MICROS) {
            return false;
        }
        target.writeLong(micros + EPOCH_MICROS);
        return true;
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
            p += Integer.BYTES + Math.max(0, (int) INT.get(fields, p));
        }
        Column refused = columns.get(column);
        if ((int) INT.get(fields, p) < 0) {
            return "column \"%s\" is null, but is declared NOT NULL".formatted(refused.name());
        }
        p += Integer.BYTES;
        String value =
                switch (refused.type().kind()) {
                    case DATE -> date((int) INT.get(fields, p));
                    case TIMESTAMP, TIMESTAMP_UTC -> timestamp((long) LONG.get(fields, p));
                    case DECIMAL -> DecimalField.text(fields, p);
                    default -> "?";
                };
        return "column \"%s\": %s '%s' cannot be represented".formatted(refused.name(), refused.type(), value);
    }

    private static String date(int days) {
        return days == Integer.MAX_VALUE
                ? "infinity"
                : days == Integer.MIN_VALUE ? "-infinity" : EPOCH.plusDays(days).toString();
    }

    private static String timestamp(long micros) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        LocalDateTime time = EPOCH.atStartOfDay().plus(micros, ChronoUnit.MICROS);
        return time.toString();
    }

    private static byte encoding(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> BOOLEAN;
            case INT16 -> INT16;
            case INT32 -> INT32;
            case INT64 -> INT64;
            case FLOAT32 -> FLOAT32;
            case FLOAT64 -> FLOAT64;
            case STRING -> STRING;
            case DATE -> DATE;
            case TIMESTAMP, TIMESTAMP_UTC -> TIMESTAMP;
            case DECIMAL -> DECIMAL;
            default -> throw new IllegalArgumentException("no PostgreSQL type is carried as %s".formatted(type));
        };
    }
}
