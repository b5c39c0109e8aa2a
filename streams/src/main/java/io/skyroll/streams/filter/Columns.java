package io.skyroll.streams.filter;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowPlan;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Reads columns from a row's Avro bytes. */
final class Columns {
    private Columns() {}

    /** Whether PostgreSQL's operators for the type are known here. Of other columns it can only be asked whether they are NULL. */
    static boolean canRead(ColumnType type) {
        return switch (type.kind()) {
            case BYTES, TIME, UUID, JSON, TEXT_FORM, LIST, RECORD -> false;
            default -> true;
        };
    }

    /** The answer to whether a column, of any type, is NULL. */
    static Expression isNull(int index) {
        return new Expression(Type.BOOLEAN, Logic.nullTest(index), false);
    }

    static Expression read(int index, Column column) {
        if (!canRead(column.type())) {
            throw new FilterError(
                    "column \"%s\" has the type %s: a filter can only ask whether it IS NULL; for more, give the table's rows by a query that makes a column of it"
                            .formatted(column.name(), column.type()));
        }
        Type type = Type.of(column.type());
        Code code =
                switch (column.type().kind()) {
                    case BOOLEAN -> new BooleanColumn(index);
                    case INT16, INT32, INT64, DATE, TIMESTAMP, TIMESTAMP_UTC -> new WholeColumn(index);
                    case FLOAT32 -> new FloatColumn(index);
                    case FLOAT64 -> new DoubleColumn(index);
                    case STRING -> new TextColumn(index);
                    case DECIMAL -> new DecimalColumn(index, column.type().scale());
                    default -> throw new IllegalArgumentException("cannot read %s".formatted(column));
                };
        return new Expression(type, code, false);
    }

    private static boolean isNull(Frame frame, int index) {
        boolean isNull = frame.offsets[index] == RowPlan.NULL;
        frame.isNull = isNull;
        return isNull;
    }

    private record BooleanColumn(int index) implements Code.Truth, Code.Column {
        @Override
        public int of(Frame frame) {
            return isNull(frame, index) ? Code.UNKNOWN : Code.truth(frame.row[frame.offsets[index]] != 0);
        }
    }

    private record WholeColumn(int index) implements Code.Whole, Code.Column {
        @Override
        public long of(Frame frame) {
            return isNull(frame, index)
                    ? 0
                    : frame.cursor.at(frame.row, frame.offsets[index]).readLong();
        }
    }

    private record FloatColumn(int index) implements Code.Real, Code.Column {
        @Override
        public double of(Frame frame) {
            return isNull(frame, index)
                    ? 0
                    : frame.cursor.at(frame.row, frame.offsets[index]).readFloat();
        }
    }

    private record DoubleColumn(int index) implements Code.Real, Code.Column {
        @Override
        public double of(Frame frame) {
            return isNull(frame, index)
                    ? 0
                    : frame.cursor.at(frame.row, frame.offsets[index]).readDouble();
        }
    }

    private record TextColumn(int index) implements Code.Text, Code.Column {
        @Override
        public long of(Frame frame) {
            if (isNull(frame, index)) {
                return 0;
            }
            frame.text = frame.row;
            int length = frame.cursor.at(frame.row, frame.offsets[index]).readLength();
            return Code.Text.slice(frame.cursor.position(), length);
        }
    }

    /** A decimal column. Where it is compared or converted, its unscaled value is used as a {@code long} when it fits. */
    record DecimalColumn(int index, int scale) implements Code.Exact, Code.Column {
        /** Powers of ten that a double holds exactly. */
        private static final double[] TENS = {
            1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
            1e20, 1e21, 1e22
        };

        private static final long MAX_EXACT = 1L << 53;

        @Override
        public BigDecimal of(Frame frame) {
            if (isNull(frame, index)) {
                return BigDecimal.ZERO;
            }
            return open(frame) ? BigDecimal.valueOf(unscaled(frame), scale) : wide(frame);
        }

        /** The value as the nearest double, as PostgreSQL casts numeric. */
        double toDouble(Frame frame) {
            if (isNull(frame, index)) {
                return 0;
            }
            if (!open(frame)) {
                return wide(frame).doubleValue();
            }
            long unscaled = unscaled(frame);
            if (Math.abs(unscaled) <= MAX_EXACT && scale < TENS.length) {
                // Both are exact, so that the division rounds once, correctly.
                return unscaled / TENS[scale];
            }
            return BigDecimal.valueOf(unscaled, scale).doubleValue();
        }

        /** Compares with a constant; the column is not NULL. */
        int compare(Frame frame, Threshold threshold, BigDecimal constant) {
            return open(frame)
                    ? threshold.compare(unscaled(frame))
                    : wide(frame).compareTo(constant);
        }

        boolean isNullIn(Frame frame) {
            return isNull(frame, index);
        }

        /** Puts the cursor on the value's length: whether its unscaled value fits a {@code long}. */
        private boolean open(Frame frame) {
            int length = frame.cursor.at(frame.row, frame.offsets[index]).readLength();
            frame.length = length;
            return length <= Long.BYTES;
        }

        private static long unscaled(Frame frame) {
            int start = frame.cursor.position();
            int end = start + frame.length;
            long value = frame.length > 0 ? frame.row[start] : 0;
            for (int i = start + 1; i < end; i++) {
                value = (value << Byte.SIZE) | (frame.row[i] & 0xFF);
            }
            return value;
        }

        private BigDecimal wide(Frame frame) {
            return new BigDecimal(new BigInteger(frame.row, frame.cursor.position(), frame.length), scale);
        }
    }
}
