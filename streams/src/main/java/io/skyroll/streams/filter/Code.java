package io.skyroll.streams.filter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Computes a value from a row. One form per representation, so that numbers stay primitive. All forms but {@link Truth} set
 * {@link Frame#isNull} on every call; what they return for NULL has no meaning. Immutable.
 */
sealed interface Code {
    int FALSE = 0;
    int TRUE = 1;
    int UNKNOWN = 2;

    /** A truth value of three-valued logic: {@link #TRUE}, {@link #FALSE} or {@link #UNKNOWN} for NULL. */
    non-sealed interface Truth extends Code {
        int of(Frame frame);
    }

    /** Integers; days or microseconds since 1970 for dates and timestamps, the extremes of {@code long} for their infinities. */
    non-sealed interface Whole extends Code {
        long of(Frame frame);
    }

    /** Floating-point numbers; a {@code real} is held as the double of the same value. */
    non-sealed interface Real extends Code {
        double of(Frame frame);
    }

    /** Exact decimal numbers; the scale is never negative and is PostgreSQL's display scale. */
    non-sealed interface Exact extends Code {
        BigDecimal of(Frame frame);
    }

    /** UTF-8 text: a slice of {@link Frame#text}, its start in the upper and its length in the lower 32 bits. */
    non-sealed interface Text extends Code {
        long of(Frame frame);

        static long slice(int start, int length) {
            return ((long) start << Integer.SIZE) | length;
        }

        static int start(long slice) {
            return (int) (slice >>> Integer.SIZE);
        }

        static int length(long slice) {
            return (int) slice;
        }
    }

    /** A string literal, or NULL, whose type is still to be taken from what it meets. */
    record Untyped(@Nullable String text) implements Code {}

    /** A column read as it is: whether it is NULL can be told without reading its value. */
    interface Column {
        int index();
    }

    static int truth(boolean value) {
        return value ? TRUE : FALSE;
    }
}
