package io.skyroll.sinks.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one level of folders is named by: a column, or a part of a column's time.
 *
 * @param column the column
 * @param part what of it
 */
public record FolderRule(String column, FolderPart part) {
    private static final Pattern TIME = Pattern.compile("(year|month|day|hour)\\((.+)\\)");

    /** Reads {@code column} or {@code year(column)}, also with month, day or hour. */
    @JsonCreator
    public static FolderRule parse(String text) {
        Matcher time = TIME.matcher(text);
        return time.matches()
                ? new FolderRule(time.group(2), FolderPart.valueOf(time.group(1).toUpperCase(Locale.ROOT)))
                : new FolderRule(text, FolderPart.VALUE);
    }

    /** The name before the equals sign of the folders. */
    public String key() {
        return part == FolderPart.VALUE ? column : part.label();
    }

    /** As {@link #parse} reads it. */
    @Override
    @JsonValue
    public String toString() {
        return part == FolderPart.VALUE ? column : "%s(%s)".formatted(part.label(), column);
    }
}
