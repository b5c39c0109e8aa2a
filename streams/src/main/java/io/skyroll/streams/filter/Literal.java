package io.skyroll.streams.filter;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes expressions that have one value. */
final class Literal {
    private Literal() {}

    /** A string literal, or NULL, that takes its type from what it meets. */
    static Expression untyped(@Nullable String text) {
        return new Expression(Type.UNKNOWN, new Code.Untyped(text), true);
    }

    static Expression truth(int value) {
        return new Expression(Type.BOOLEAN, (Code.Truth) frame -> value, true);
    }

    static Expression whole(Type type, long value) {
        return whole(type, value, false);
    }

    static Expression real(Type type, double value) {
        return real(type, value, false);
    }

    static Expression exact(BigDecimal value) {
        return exact(value.scale() < 0 ? value.setScale(0) : value, false);
    }

    static Expression text(String value) {
        return text(value.getBytes(StandardCharsets.UTF_8), false);
    }

    static Expression nullOf(Type type) {
        return switch (type.form()) {
            case TRUTH -> truth(Code.UNKNOWN);
            case WHOLE -> whole(type, 0, true);
            case REAL -> real(type, 0, true);
            case EXACT -> exact(BigDecimal.ZERO, true);
            case TEXT -> text(new byte[0], true);
            case UNTYPED -> untyped(null);
        };
    }

    /** The value of code that reads no column. */
    static Expression computed(Type type, Code code) {
        Frame frame = new Frame();
        return switch (type.form()) {
            case TRUTH -> truth(((Code.Truth) code).of(frame));
            case WHOLE -> {
                long value = ((Code.Whole) code).of(frame);
                yield whole(type, value, frame.isNull);
            }
            case REAL -> {
                double value = ((Code.Real) code).of(frame);
                yield real(type, value, frame.isNull);
            }
            case EXACT -> {
                BigDecimal value = ((Code.Exact) code).of(frame);
                yield exact(value, frame.isNull);
            }
            case TEXT -> {
                long slice = ((Code.Text) code).of(frame);
                int start = Code.Text.start(slice);
                yield text(Arrays.copyOfRange(frame.text, start, start + Code.Text.length(slice)), frame.isNull);
            }
            case UNTYPED -> new Expression(type, code, true);
        };
    }

    private static Expression whole(Type type, long value, boolean isNull) {
        Code.Whole code = frame -> {
            frame.isNull = isNull;
            return value;
        };
        return new Expression(type, code, true);
    }

    private static Expression real(Type type, double value, boolean isNull) {
        Code.Real code = frame -> {
            frame.isNull = isNull;
            return value;
        };
        return new Expression(type, code, true);
    }

    private static Expression exact(BigDecimal value, boolean isNull) {
        Code.Exact code = frame -> {
            frame.isNull = isNull;
            return value;
        };
        return new Expression(Type.NUMERIC, code, true);
    }

    private static Expression text(byte[] utf8, boolean isNull) {
        Code.Text code = frame -> {
            frame.isNull = isNull;
            frame.text = utf8;
            return Code.Text.slice(0, utf8.length);
        };
        return new Expression(Type.TEXT, code, true);
    }
}
