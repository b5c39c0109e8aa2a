package io.skyroll.streams.filter;

/**
 * A predicate that has no value for a row, because PostgreSQL would raise an error: division by zero, a number out of range.
 * The row is to be rejected with the message as reason; other rows are not affected. Carries no stack trace, since it tells
 * about data, not about code, and may be thrown for every row.
 */
public final class FilterError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FilterError(String message) {
        super(message, null, false, false);
    }
}
