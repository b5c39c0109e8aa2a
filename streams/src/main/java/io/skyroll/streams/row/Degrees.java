package io.skyroll.streams.row;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroCursor;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Reads an angle in degrees from a numeric column. Owned by one thread. */
final class Degrees {
    /** Integers up to here are exact in a double. */
    private static final long MAX_EXACT = 1L << 53;
    /** Powers of ten up to this one are exact in a double. */
    private static final int MAX_EXACT_POWER = 22;

    private final int column;
    private final ColumnType type;
    private final double divisor;
    private final AvroCursor cursor = new AvroCursor();

    private Degrees(int column, ColumnType type) {
        this.column = column;
        this.type = type;
        this.divisor = BigDecimal.TEN.pow(type.scale()).doubleValue();
    }

    /** @param role what the column is for, as the message for a wrong one says it */
    static Degrees of(RowSchema schema, String name, String role) {
        for (int index = 0; index < schema.columns().size(); index++) {
            Column column = schema.columns().get(index);
            if (column.name().equals(name)) {
                return switch (column.type().kind()) {
                    case INT16, INT32, INT64, FLOAT32, FLOAT64, DECIMAL -> new Degrees(index, column.type());
                    default -> throw SkyrollException.configuration(
                            "%s: the column '%s' for %s has the type %s; it must be a number, in degrees"
                                    .formatted(schema.name(), name, role, column.type()));
                };
            }
        }
        throw SkyrollException.configuration("%s has no column '%s' for %s; it has %s"
                .formatted(
                        schema.name(),
                        name,
                        role,
                        schema.columns().stream().map(Column::name).toList()));
    }

    boolean isNull(int[] offsets) {
        return offsets[column] == RowPlan.NULL;
    }

    /** The double nearest to the value; only if it is not null. */
    double read(byte[] row, int[] offsets) {
        cursor.at(row, offsets[column]);
        return switch (type.kind()) {
            case FLOAT64 -> cursor.readDouble();
            case FLOAT32 -> cursor.readFloat();
            case DECIMAL -> decimal(row);
            default -> cursor.readLong();
        };
    }

    private double decimal(byte[] row) {
        int length = cursor.readLength();
        int start = cursor.position();
        if (length > 0 && length <= Long.BYTES && type.scale() <= MAX_EXACT_POWER) {
            long unscaled = row[start];
            for (int i = start + 1; i < start + length; i++) {
                unscaled = unscaled << 8 | (row[i] & 0xFF);
            }
            if (unscaled >= -MAX_EXACT && unscaled <= MAX_EXACT) {
                // Both are exact, so the quotient is rounded once.
                return unscaled / divisor;
            }
        }
        return new BigDecimal(new BigInteger(row, start, length), type.scale()).doubleValue();
    }
}
