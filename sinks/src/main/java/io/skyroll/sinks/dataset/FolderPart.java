package io.skyroll.sinks.dataset;

import java.time.LocalDateTime;
import java.util.Locale;

/** What of a column's value names a folder. */
public enum FolderPart {
    /** All of it; the column is not in the files then. */
    VALUE,
    /** The year of a time, of the calendar without gaps that Java and PostgreSQL have: the year before 1 is 0. */
    YEAR,
    /** The month of the year, 01 to 12. */
    MONTH,
    /** The day of the month, 01 to 31. */
    DAY,
    /** The hour of the day, 00 to 23. */
    HOUR;

    /** The name in pipeline files and folders. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** This part of a time. */
    int of(LocalDateTime time) {
        return switch (this) {
            case VALUE -> throw new IllegalStateException("a whole value is no part of a time");
            case YEAR -> time.getYear();
            case MONTH -> time.getMonthValue();
            case DAY -> time.getDayOfMonth();
            case HOUR -> time.getHour();
        };
    }

    /** How folders are named by a part. */
    String text(int part) {
        return this == YEAR ? Integer.toString(part) : "%02d".formatted(part);
    }
}
