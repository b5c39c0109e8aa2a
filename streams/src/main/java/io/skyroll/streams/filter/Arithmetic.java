package io.skyroll.streams.filter;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Adds, subtracts, multiplies, divides; with PostgreSQL's types, ranges and errors. */
final class Arithmetic {
    private static final String ZERO_DIVISOR = "division by zero";

    private Arithmetic() {}

    /** A binary operator. */
    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        REMAINDER("%");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }
    }

    static Expression compute(Operator operator, Expression left, Expression right) {
        if (left.type() == Type.UNKNOWN && right.type() == Type.UNKNOWN) {
            throw new FilterError("operator is not unique: unknown %s unknown".formatted(operator.symbol));
        }
        Type type = Comparisons.operands(operator.symbol, left, right);
        if (type.category() == Type.Category.TIME) {
            throw new FilterError(
                    "date and time arithmetic is not supported: compare with a date or timestamp literal");
        }
        boolean hasOperator = operator != Operator.REMAINDER || !type.isFloat();
        if (type.category() != Type.Category.NUMBER || !hasOperator) {
            throw new FilterError("operator does not exist: %s %s %s"
                    .formatted(
                            left.type().sqlName(), operator.symbol, right.type().sqlName()));
        }
        Expression a = Casts.implicit(left, type);
        Expression b = Casts.implicit(right, type);
        Code code =
                switch (type.form()) {
                    case WHOLE -> wholes(a.whole(), b.whole(), whole(operator, type));
                    case REAL -> reals(a.real(), b.real(), real(operator, type));
                    default -> exacts(a.exact(), b.exact(), exact(operator));
                };
        return Expression.strict(type, code, a, b);
    }

    static Expression negate(Expression operand) {
        Type type = operand.type();
        if (type == Type.UNKNOWN) {
            throw new FilterError("operator is not unique: - unknown");
        }
        return switch (type.category() == Type.Category.NUMBER ? type.form() : Type.Form.UNTYPED) {
            case WHOLE -> Casts.whole(operand, type, value -> inRange(-value, value == Long.MIN_VALUE, type));
            case REAL -> Casts.real(operand, type, value -> -value);
            case EXACT -> Expression.strict(type, negated(operand.exact()), operand);
            default -> throw new FilterError("operator does not exist: - %s".formatted(type.sqlName()));
        };
    }

    /** Unary plus, which does nothing. */
    static Expression affirm(Expression operand) {
        if (operand.type() != Type.UNKNOWN && operand.type().category() == Type.Category.NUMBER) {
            return operand;
        }
        throw new FilterError(
                "operator does not exist: + %s".formatted(operand.type().sqlName()));
    }

    static long inRange(long value, boolean overflow, Type type) {
        if (overflow || !type.holds(value)) {
            throw type.outOfRange();
        }
        return value;
    }

    private static Code.Exact negated(Code.Exact code) {
        return frame -> code.of(frame).negate();
    }

    private static Code.Whole wholes(Code.Whole left, Code.Whole right, LongBinaryOperator operator) {
        return frame -> {
            long a = left.of(frame);
            boolean isNull = frame.isNull;
            long b = right.of(frame);
            frame.isNull |= isNull;
            return frame.isNull ? 0 : operator.applyAsLong(a, b);
        };
    }

    private static Code.Real reals(Code.Real left, Code.Real right, DoubleBinaryOperator operator) {
        return frame -> {
            double a = left.of(frame);
            boolean isNull = frame.isNull;
            double b = right.of(frame);
            frame.isNull |= isNull;
            return frame.isNull ? 0 : operator.applyAsDouble(a, b);
        };
    }

    private static Code.Exact exacts(Code.Exact left, Code.Exact right, BinaryOperator<BigDecimal> operator) {
        return frame -> {
            BigDecimal a = left.of(frame);
            boolean isNull = frame.isNull;
            BigDecimal b = right.of(frame);
            frame.isNull |= isNull;
            return frame.isNull ? BigDecimal.ZERO : operator.apply(a, b);
        };
    }

    private static LongBinaryOperator whole(Operator operator, Type type) {
        return switch (operator) {
            case ADD -> (a, b) -> inRange(a + b, ((a ^ (a + b)) & (b ^ (a + b))) < 0, type);
            case SUBTRACT -> (a, b) -> inRange(a - b, ((a ^ b) & (a ^ (a - b))) < 0, type);
            case MULTIPLY -> (a, b) -> inRange(a * b, Math.multiplyHigh(a, b) != (a * b) >> 63, type);
            case DIVIDE -> (a, b) -> inRange(a / nonZero(b), a == Long.MIN_VALUE && b == -1, type);
            case REMAINDER -> (a, b) -> a % nonZero(b);
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new FilterError(ZERO_DIVISOR);
        }
        return divisor;
    }

    private static DoubleBinaryOperator real(Operator operator, Type type) {
        // A real's operation rounded to double and then to real is the real operation: 53 >= 2 * 24 + 2 bits.
        boolean single = type == Type.FLOAT4;
        return switch (operator) {
            case ADD -> (a, b) -> finite(a + b, a, b, single);
            case SUBTRACT -> (a, b) -> finite(a - b, a, b, single);
            case MULTIPLY -> (a, b) -> {
                double product = finite(a * b, a, b, single);
                return nonZero(product, product == 0 && a != 0 && b != 0);
            };
            case DIVIDE, REMAINDER -> (a, b) -> {
                if (b == 0 && !Double.isNaN(a)) {
                    throw new FilterError(ZERO_DIVISOR);
                }
                double quotient = finite(a / b, a, a, single);
                return nonZero(quotient, quotient == 0 && a != 0 && !Double.isInfinite(b));
            };
        };
    }

    private static double finite(double result, double a, double b, boolean single) {
        double value = single ? (float) result : result;
        if (Double.isInfinite(value) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw new FilterError("value out of range: overflow");
        }
        return value;
    }

    private static double nonZero(double result, boolean underflow) {
        if (underflow) {
            throw new FilterError("value out of range: underflow");
        }
        return result;
    }

    private static BinaryOperator<BigDecimal> exact(Operator operator) {
        return switch (operator) {
            case ADD -> BigDecimal::add;
            case SUBTRACT -> BigDecimal::subtract;
            case MULTIPLY -> BigDecimal::multiply;
            case DIVIDE -> (a, b) -> a.divide(nonZero(b), Quotient.scale(a, b), RoundingMode.HALF_UP);
            case REMAINDER -> (a, b) -> a.remainder(nonZero(b));
        };
    }

    private static BigDecimal nonZero(BigDecimal divisor) {
        if (divisor.signum() == 0) {
            throw new FilterError(ZERO_DIVISOR);
        }
        return divisor;
    }
}
