package io.skyroll.sinks.catalog;

import java.util.Locale;

/** Whether to do something. */
public enum Choice {
    /** As is best for the catalog at hand. */
    AUTO,
    TRUE,
    FALSE;

    /** The choice of a configured value, lower-case. */
    public static Choice parse(String value) {
        return valueOf(value.toUpperCase(Locale.ROOT));
    }

    /** The choice made, given what is best. */
    boolean orElse(boolean best) {
        return this == AUTO ? best : this == TRUE;
    }
}
