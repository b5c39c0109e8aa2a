package io.skyroll.streams.row;

/** Names of the rules that every table has. A pipeline's filters add their own names. */
public final class Rules {
    /** Right ascension or declination is NULL. */
    public static final String SKY_NULL = "sky.null";
    /** Right ascension or declination is infinite or not a number. */
    public static final String SKY_NOT_FINITE = "sky.not_finite";
    /** The declination is below -90 or above 90 degrees. */
    public static final String SKY_DEC_OUT_OF_RANGE = "sky.dec_out_of_range";
    /** The producer could not represent the row; the header {@code error} says why. */
    public static final String SOURCE_ERROR = "source.error";

    private Rules() {}

    static boolean isReserved(String name) {
        return name.startsWith("sky.") || name.startsWith("source.");
    }
}
