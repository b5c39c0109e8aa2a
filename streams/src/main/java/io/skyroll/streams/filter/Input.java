package io.skyroll.streams.filter;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads values from text as PostgreSQL's input functions do. */
final class Input {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?");
    private static final Pattern NOT_A_NUMBER = Pattern.compile("[+-]?nan");
    private static final Pattern INFINITE = Pattern.compile("[+-]?inf(inity)?");
    private static final Pattern ZERO = Pattern.compile("[+-]?[0.]+([eE].*)?");

    /** PostgreSQL's limits of numeric: digits before and behind the point. */
    private static final int MAX_WHOLE_DIGITS = 131_072;

    private static final int MAX_FRACTION_DIGITS = 16_383;

    private Input() {}

    /** A literal as a constant of a type. */
    static Expression parse(String text, Type type) {
        return switch (type) {
            case BOOLEAN -> Literal.truth(Code.truth(bool(text)));
            case INT2, INT4, INT8 -> Literal.whole(type, integer(text, type));
            case FLOAT4, FLOAT8 -> Literal.real(type, real(text, type));
            case NUMERIC -> Literal.exact(numeric(text));
            case TEXT -> Literal.text(text);
            case DATE -> Literal.whole(type, Dates.date(text));
            case TIMESTAMP -> Literal.whole(type, Dates.timestamp(text));
            case TIMESTAMPTZ -> Literal.whole(type, Dates.timestampUtc(text));
            case UNKNOWN -> Literal.untyped(text);
        };
    }

    /** Unique prefixes of true, false, yes, no; on, off; 1, 0. */
    static boolean bool(String text) {
        String word = strip(text).toLowerCase(Locale.ROOT);
        boolean isTrue = isPrefix(word, "true") || isPrefix(word, "yes") || word.equals("on") || word.equals("1");
        boolean isFalse = isPrefix(word, "false")
                || isPrefix(word, "no")
                || word.equals("off")
                || word.equals("of")
                || word.equals("0");
        if (isTrue == isFalse) {
            throw invalid(text, Type.BOOLEAN);
        }
        return isTrue;
    }

    static long integer(String text, Type type) {
        String digits = strip(text);
        if (!INTEGER.matcher(digits).matches()) {
            throw invalid(text, type);
        }
        try {
            long value = Long.parseLong(digits);
            if (type.holds(value)) {
                return value;
            }
        } catch (NumberFormatException tooLong) {
            throw outOfRange(text, type);
        }
        throw outOfRange(text, type);
    }

    static double real(String text, Type type) {
        String word = strip(text);
        String lower = word.toLowerCase(Locale.ROOT);
        if (NOT_A_NUMBER.matcher(lower).matches()) {
            return Double.NaN;
        }
        if (INFINITE.matcher(lower).matches()) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (!DECIMAL.matcher(word).matches()) {
            throw invalid(text, type);
        }
        // Text is read at the type's own precision: rounding to double first would round twice.
        double value = type == Type.FLOAT4 ? Float.parseFloat(word) : Double.parseDouble(word);
        if (Double.isInfinite(value) || (value == 0 && !ZERO.matcher(word).matches())) {
            throw new FilterError("\"%s\" is out of range for type %s".formatted(text, type.sqlName()));
        }
        return value;
    }

    static BigDecimal numeric(String text) {
        String word = strip(text);
        String lower = word.toLowerCase(Locale.ROOT);
        if (lower.equals("nan") || INFINITE.matcher(lower).matches()) {
            throw new FilterError(
                    "numeric %s is not supported: cast the other side to double precision".formatted(word));
        }
        if (!DECIMAL.matcher(word).matches()) {
            throw invalid(text, Type.NUMERIC);
        }
        return checked(new BigDecimal(word));
    }

    /** A number, if it is within numeric's limits. */
    static BigDecimal checked(BigDecimal value) {
        if ((long) value.precision() - value.scale() > MAX_WHOLE_DIGITS || value.scale() > MAX_FRACTION_DIGITS) {
            throw new FilterError("value overflows numeric format");
        }
        return value;
    }

    static FilterError invalid(String text, Type type) {
        return new FilterError("invalid input syntax for type %s: \"%s\"".formatted(type.sqlName(), text));
    }

    private static FilterError outOfRange(String text, Type type) {
        return new FilterError("value \"%s\" is out of range for type %s".formatted(text, type.sqlName()));
    }

    private static boolean isPrefix(String word, String whole) {
        return !word.isEmpty() && whole.startsWith(word);
    }

    /** Drops the white space that C's isspace() knows. */
    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
