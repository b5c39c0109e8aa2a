package io.skyroll.streams.filter;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/** Converts expressions to other types, as PostgreSQL's implicit and explicit casts do. */
final class Casts {
    private Casts() {}

    /** Converts where PostgreSQL does so unasked. The types must meet: {@link Type#operands} or {@link Type#common} said so. */
    static Expression implicit(Expression from, Type to) {
        Type type = from.type();
        if (type == to) {
            return from;
        }
        if (from.code() instanceof Code.Untyped literal) {
            return literal.text() == null ? Literal.nullOf(to) : Input.parse(literal.text(), to);
        }
        if (type.category() != to.category()) {
            throw new FilterError("cannot cast type %s to %s".formatted(type.sqlName(), to.sqlName()));
        }
        return switch (to) {
            case INT2, INT4, INT8 -> from.as(to);
            case NUMERIC -> wholeToExact(from);
            case FLOAT4, FLOAT8 -> toReal(from, to);
            case TIMESTAMP, TIMESTAMPTZ -> time(from, to, Dates::toMicros);
            default -> throw new FilterError("cannot cast type %s to %s".formatted(type.sqlName(), to.sqlName()));
        };
    }

    /** Converts at the user's wish: CAST. */
    static Expression explicit(Expression from, Type to) {
        Type type = from.type();
        if (type == to || type == Type.UNKNOWN) {
            return implicit(from, to);
        }
        if (type == Type.TEXT) {
            return fromText(from, to);
        }
        if (to.isInteger()) {
            return toInteger(from, to);
        }
        if (to == Type.BOOLEAN && type == Type.INT4) {
            Code.Whole code = from.whole();
            Code.Truth cast = frame -> {
                long value = code.of(frame);
                return frame.isNull ? Code.UNKNOWN : Code.truth(value != 0);
            };
            return Expression.strict(to, cast, from);
        }
        if (to == Type.DATE && type.category() == Type.Category.TIME) {
            return time(from, to, Dates::toDays);
        }
        if (to == Type.FLOAT4 && type == Type.FLOAT8) {
            return real(from, to, Casts::narrowed);
        }
        if (to == Type.TEXT || (to == Type.NUMERIC && type.isFloat())) {
            throw new FilterError("a cast from %s to %s is not supported".formatted(type.sqlName(), to.sqlName()));
        }
        return implicit(from, to);
    }

    /** Rounds to a numeric's declared digits. */
    static Expression limited(Expression numeric, int precision, int scale) {
        Code.Exact code = numeric.exact();
        Code.Exact cast = frame -> {
            BigDecimal value = code.of(frame);
            if (frame.isNull) {
                return value;
            }
            BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
            if (rounded.signum() != 0 && rounded.precision() > precision) {
                throw new FilterError("numeric field overflow");
            }
            return rounded;
        };
        return Expression.strict(Type.NUMERIC, cast, numeric);
    }

    /** A truth value as 0 or 1. */
    static Code.Whole truthToWhole(Code.Truth code) {
        return frame -> {
            int value = code.of(frame);
            frame.isNull = value == Code.UNKNOWN;
            return value;
        };
    }

    static Expression whole(Expression from, Type to, LongUnaryOperator function) {
        Code.Whole code = from.whole();
        Code.Whole cast = frame -> {
            long value = code.of(frame);
            return frame.isNull ? 0 : function.applyAsLong(value);
        };
        return Expression.strict(to, cast, from);
    }

    static Expression real(Expression from, Type to, DoubleUnaryOperator function) {
        Code.Real code = from.real();
        Code.Real cast = frame -> {
            double value = code.of(frame);
            return frame.isNull ? 0 : function.applyAsDouble(value);
        };
        return Expression.strict(to, cast, from);
    }

    /**
     * Casts between dates and timestamps.
     *
     * @param function if one of them is a date
     */
    static Expression time(Expression from, Type to, LongUnaryOperator function) {
        boolean isDate = from.type() == Type.DATE || to == Type.DATE;
        Expression cast = isDate ? whole(from, to, function) : from.as(to);
        return from.type() == Type.TIMESTAMPTZ || to == Type.TIMESTAMPTZ ? cast.variable() : cast;
    }

    private static Expression wholeToExact(Expression from) {
        Code.Whole code = from.whole();
        Code.Exact cast = frame -> BigDecimal.valueOf(code.of(frame));
        return Expression.strict(Type.NUMERIC, cast, from);
    }

    private static Expression toReal(Expression from, Type to) {
        if (from.type().isFloat()) {
            return from.as(to);
        }
        if (from.type().isInteger()) {
            Code.Whole code = from.whole();
            Code.Real cast = to == Type.FLOAT4 ? frame -> (float) code.of(frame) : frame -> code.of(frame);
            return Expression.strict(to, cast, from);
        }
        Code.Exact code = from.exact();
        if (to == Type.FLOAT8 && code instanceof Columns.DecimalColumn column) {
            return Expression.strict(to, (Code.Real) column::toDouble, from);
        }
        Code.Real cast = frame -> {
            BigDecimal value = code.of(frame);
            double real = to == Type.FLOAT4 ? value.floatValue() : value.doubleValue();
            if (Double.isInfinite(real) || (real == 0 && value.signum() != 0)) {
                throw new FilterError(
                        "\"%s\" is out of range for type %s".formatted(value.toPlainString(), to.sqlName()));
            }
            return real;
        };
        return Expression.strict(to, cast, from);
    }

    private static Expression toInteger(Expression from, Type to) {
        Type type = from.type();
        if (type.isInteger()) {
            return whole(from, to, value -> inRange(value, to));
        }
        if (type.isFloat()) {
            Code.Real code = from.real();
            Code.Whole cast = frame -> {
                double value = Math.rint(code.of(frame));
                // The greatest long is no double: its successor, 2^63, is.
                if (!frame.isNull && !(value >= Long.MIN_VALUE && value < -(double) Long.MIN_VALUE)) {
                    throw to.outOfRange();
                }
                return frame.isNull ? 0 : inRange((long) value, to);
            };
            return Expression.strict(to, cast, from);
        }
        if (type == Type.NUMERIC) {
            Code.Exact code = from.exact();
            Code.Whole cast = frame -> {
                BigDecimal value = code.of(frame).setScale(0, RoundingMode.HALF_UP);
                if (value.unscaledValue().bitLength() >= Long.SIZE) {
                    throw to.outOfRange();
                }
                return inRange(value.longValue(), to);
            };
            return Expression.strict(to, cast, from);
        }
        if (type == Type.BOOLEAN && to == Type.INT4) {
            return Expression.strict(to, truthToWhole(from.truth()), from);
        }
        throw new FilterError("cannot cast type %s to %s".formatted(type.sqlName(), to.sqlName()));
    }

    private static Expression fromText(Expression from, Type to) {
        Code.Text code = from.text();
        if (to.isInteger()) {
            Code.Whole cast = frame -> {
                String text = string(code, frame);
                return frame.isNull ? 0 : Input.integer(text, to);
            };
            return Expression.strict(to, cast, from);
        }
        if (to.isFloat()) {
            Code.Real cast = frame -> {
                String text = string(code, frame);
                return frame.isNull ? 0 : Input.real(text, to);
            };
            return Expression.strict(to, cast, from);
        }
        throw new FilterError(
                "a cast from text to %s is not supported: only string literals are".formatted(to.sqlName()));
    }

    private static String string(Code.Text code, Frame frame) {
        long slice = code.of(frame);
        return frame.isNull
                ? ""
                : new String(frame.text, Code.Text.start(slice), Code.Text.length(slice), StandardCharsets.UTF_8);
    }

    private static long inRange(long value, Type type) {
        if (!type.holds(value)) {
            throw type.outOfRange();
        }
        return value;
    }

    private static double narrowed(double value) {
        float narrow = (float) value;
        if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
            throw new FilterError("value out of range: overflow");
        }
        if (narrow == 0 && value != 0) {
            throw new FilterError("value out of range: underflow");
        }
        return narrow;
    }
}
