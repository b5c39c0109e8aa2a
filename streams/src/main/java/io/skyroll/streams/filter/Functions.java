package io.skyroll.streams.filter;

import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** The functions that a filter can call. */
final class Functions {
    private static final List<String> SUPPORTED =
            List.of("abs", "ceil", "ceiling", "coalesce", "floor", "pow", "power", "sqrt");

    private Functions() {}

    static void requireSupported(String name) {
        String function = name.toLowerCase(Locale.ROOT);
        if (!SUPPORTED.contains(function)) {
            throw new FilterError("the function %s is not supported: use one of %s"
                    .formatted(function, String.join(", ", SUPPORTED)));
        }
    }

    /** Calls a supported function. */
    static Expression call(String name, List<Expression> arguments) {
        String function = name.toLowerCase(Locale.ROOT);
        if (arguments.isEmpty()) {
            throw new FilterError("function %s() does not exist".formatted(function));
        }
        return switch (function) {
            case "coalesce" -> Choice.coalesce(arguments);
            case "abs" -> absolute(number(function, 1, arguments));
            case "floor" -> rounded(number(function, 1, arguments), RoundingMode.FLOOR);
            case "ceil", "ceiling" -> rounded(number(function, 1, arguments), RoundingMode.CEILING);
            case "sqrt" -> Casts.real(
                    real(function, number(function, 1, arguments)), Type.FLOAT8, Functions::squareRoot);
            case "pow", "power" -> {
                number(function, 2, arguments);
                yield power(function, arguments.get(0), arguments.get(1));
            }
            default -> throw new IllegalArgumentException("no function has the name " + function);
        };
    }

    /** Checks that the arguments are numbers; returns the first one. */
    private static Expression number(String function, int count, List<Expression> arguments) {
        boolean numbers = arguments.stream()
                .allMatch(a -> a.type() == Type.UNKNOWN || a.type().category() == Type.Category.NUMBER);
        if (arguments.size() != count || !numbers) {
            String types = String.join(
                    ", ", arguments.stream().map(a -> a.type().sqlName()).toList());
            throw new FilterError("function %s(%s) does not exist".formatted(function, types));
        }
        Expression first = arguments.get(0);
        return first.type() == Type.UNKNOWN ? Casts.implicit(first, Type.FLOAT8) : first;
    }

    private static Expression real(String function, Expression argument) {
        if (argument.type() == Type.NUMERIC) {
            throw new FilterError("%s(numeric) is not supported: write %s(CAST(... AS double precision))"
                    .formatted(function, function));
        }
        return Casts.implicit(argument, Type.FLOAT8);
    }

    private static Expression absolute(Expression argument) {
        Type type = argument.type();
        return switch (type.form()) {
            case WHOLE -> Casts.whole(
                    argument, type, value -> Arithmetic.inRange(Math.abs(value), value == Long.MIN_VALUE, type));
            case REAL -> Casts.real(argument, type, Math::abs);
            default -> {
                Code.Exact code = argument.exact();
                yield Expression.strict(
                        type, (Code.Exact) frame -> code.of(frame).abs(), argument);
            }
        };
    }

    private static Expression rounded(Expression argument, RoundingMode mode) {
        if (argument.type() == Type.NUMERIC) {
            Code.Exact code = argument.exact();
            Code.Exact whole = frame -> code.of(frame).setScale(0, mode);
            return Expression.strict(Type.NUMERIC, whole, argument);
        }
        Expression real = Casts.implicit(argument, Type.FLOAT8);
        return Casts.real(real, Type.FLOAT8, mode == RoundingMode.FLOOR ? Math::floor : Math::ceil);
    }

    private static double squareRoot(double value) {
        if (value < 0) {
            throw new FilterError("cannot take square root of a negative number");
        }
        return Math.sqrt(value);
    }

    private static Expression power(String function, Expression base, Expression exponent) {
        boolean anyFloat = base.type().isFloat() || exponent.type().isFloat();
        boolean anyNumeric = base.type() == Type.NUMERIC || exponent.type() == Type.NUMERIC;
        if (anyNumeric && !anyFloat) {
            real(function, base.type() == Type.NUMERIC ? base : exponent);
        }
        Expression a = Casts.implicit(base, Type.FLOAT8);
        Expression b = Casts.implicit(exponent, Type.FLOAT8);
        Code.Real left = a.real();
        Code.Real right = b.real();
        Code.Real code = frame -> {
            double x = left.of(frame);
            boolean isNull = frame.isNull;
            double y = right.of(frame);
            frame.isNull |= isNull;
            return frame.isNull ? 0 : power(x, y);
        };
        return Expression.strict(Type.FLOAT8, code, a, b);
    }

    /** PostgreSQL's dpow: POSIX pow with errors. The last bit may differ from that of the database's C library. */
    private static double power(double base, double exponent) {
        if (base == 1 || exponent == 0 || (base == -1 && Double.isInfinite(exponent))) {
            // POSIX says 1 here whatever the other argument is; Java says NaN for some.
            return 1;
        }
        if (base == 0 && exponent < 0) {
            throw new FilterError("zero raised to a negative power is undefined");
        }
        if (base < 0 && Math.floor(exponent) != exponent && !Double.isNaN(exponent)) {
            throw new FilterError("a negative number raised to a non-integer power yields a complex result");
        }
        double power = Math.pow(base, exponent);
        if (Double.isInfinite(base) || Double.isInfinite(exponent)) {
            return power;
        }
        if (Double.isInfinite(power)) {
            throw new FilterError("value out of range: overflow");
        }
        if (power == 0 && base != 0) {
            throw new FilterError("value out of range: underflow");
        }
        return power;
    }
}
