package io.skyroll.producers.postgres;

/** A lossy way to carry values that a policy may allow; counted wherever it happens. */
public enum Conversion {
    /** An infinite date, timestamp or interval, or a timestamp beyond the microseconds that 64 bits count from 1970. */
    INFINITY("infinity"),
    /** A numeric that is not a number, or infinite, in a column of decimals. */
    NUMERIC_NAN("numeric_nan"),
    /** A numeric that a double does not hold exactly. */
    UNBOUNDED_NUMERIC("unbounded_numeric"),
    /** The time 24:00:00. */
    TIME_24("time_24"),
    /** An array that does not count from 1. */
    ARRAY_BOUNDS("array_bounds");

    private final String key;

    Conversion(String key) {
        this.key = key;
    }

    /** The policy's key in the pipeline file. */
    public String key() {
        return key;
    }
}
