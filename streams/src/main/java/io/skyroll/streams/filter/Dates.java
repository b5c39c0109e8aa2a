package io.skyroll.streams.filter;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates and timestamps: the ISO 8601 part of PostgreSQL's input syntax, and the casts between them. The session's zone is UTC:
 * a timestamp with time zone that is written without an offset is meant in UTC. Infinities are the extremes of {@code long}.
 */
final class Dates {
    static final long MICROS_PER_DAY = 86_400_000_000L;

    private static final Pattern ISO = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2})"
                    + "(?:[ T]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(\\.[0-9]{1,6})?\\s*(Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?)?",
            Pattern.CASE_INSENSITIVE);

    private Dates() {}

    /** Days since 1970-01-01. */
    static long date(String text) {
        Long special = special(text);
        if (special != null) {
            return special;
        }
        Matcher iso = match(text, Type.DATE);
        if (iso.group(2) != null) {
            throw new FilterError("a date is written without a time of day: \"%s\"".formatted(text));
        }
        return dateTime(iso, text, Type.DATE).toLocalDate().toEpochDay();
    }

    /** Microseconds since 1970-01-01 00:00. */
    static long timestamp(String text) {
        Long special = special(text);
        if (special != null) {
            return special;
        }
        Matcher iso = match(text, Type.TIMESTAMP);
        if (iso.group(5) != null) {
            // PostgreSQL drops the zone without a word, which is hardly what the writer of a filter means.
            throw new FilterError(
                    "a timestamp without time zone is written without an offset: \"%s\"; for a point in time write TIMESTAMP WITH TIME ZONE '...'"
                            .formatted(text));
        }
        return micros(dateTime(iso, text, Type.TIMESTAMP));
    }

    /** Microseconds since 1970-01-01 00:00 UTC. */
    static long timestampUtc(String text) {
        Long special = special(text);
        if (special != null) {
            return special;
        }
        Matcher iso = match(text, Type.TIMESTAMPTZ);
        LocalDateTime local = dateTime(iso, text, Type.TIMESTAMPTZ);
        String zone = iso.group(5);
        if (zone == null || zone.equalsIgnoreCase("UTC")) {
            return micros(local);
        }
        try {
            return micros(local.minusSeconds(ZoneOffset.of(zone).getTotalSeconds()));
        } catch (DateTimeException tooFar) {
            throw new FilterError("time zone displacement out of range: \"%s\"".formatted(text));
        }
    }

    /** Casts a date to a timestamp. */
    static long toMicros(long days) {
        if (isInfinite(days)) {
            return days;
        }
        if (Math.multiplyHigh(days, MICROS_PER_DAY) != (days * MICROS_PER_DAY) >> 63) {
            throw new FilterError("date out of range for timestamp");
        }
        return days * MICROS_PER_DAY;
    }

    /** A date's place among timestamps: a date that no timestamp reaches is greater than all of them but infinity. */
    static long toComparableMicros(long days) {
        return days > Long.MAX_VALUE / MICROS_PER_DAY && !isInfinite(days) ? Long.MAX_VALUE - 1 : toMicros(days);
    }

    /** Casts a timestamp to a date. */
    static long toDays(long micros) {
        return isInfinite(micros) ? micros : Math.floorDiv(micros, MICROS_PER_DAY);
    }

    private static boolean isInfinite(long value) {
        return value == Long.MAX_VALUE || value == Long.MIN_VALUE;
    }

    private static @Nullable Long special(String text) {
        return switch (Input.strip(text).toLowerCase(Locale.ROOT)) {
            case "infinity", "+infinity" -> Long.MAX_VALUE;
            case "-infinity" -> Long.MIN_VALUE;
            case "epoch" -> 0L;
            default -> null;
        };
    }

    private static Matcher match(String text, Type type) {
        Matcher iso = ISO.matcher(Input.strip(text));
        if (!iso.matches()) {
            throw new FilterError("invalid input syntax for type %s: \"%s\"; write %s"
                    .formatted(
                            type.sqlName(), text, type == Type.DATE ? "YYYY-MM-DD" : "YYYY-MM-DD HH:MM:SS[.ffffff]"));
        }
        return iso;
    }

    private static LocalDateTime dateTime(Matcher iso, String text, Type type) {
        try {
            LocalDate date = LocalDate.parse(iso.group(1));
            if (date.getYear() == 0) {
                throw outOfRange(text, type);
            }
            if (iso.group(2) == null) {
                return date.atStartOfDay();
            }
            return LocalDateTime.parse(
                    date + "T" + iso.group(2) + orElse(iso.group(3), ":00") + orElse(iso.group(4), ""));
        } catch (DateTimeException noSuchDay) {
            throw outOfRange(text, type);
        }
    }

    private static FilterError outOfRange(String text, Type type) {
        return new FilterError(
                "date/time field value out of range: \"%s\" for type %s".formatted(text, type.sqlName()));
    }

    private static String orElse(@Nullable String part, String absent) {
        return part == null ? absent : part;
    }

    private static long micros(LocalDateTime time) {
        return ChronoUnit.MICROS.between(LocalDate.EPOCH.atStartOfDay(), time);
    }
}
