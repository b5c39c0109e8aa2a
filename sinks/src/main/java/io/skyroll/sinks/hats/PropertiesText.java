package io.skyroll.sinks.hats;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The text form of HATS properties: lines {@code key=value} in UTF-8, after a comment line. It is also that of Java's properties
 * files, but written without escapes, which readers in other languages treat differently; so values that would need one are refused.
 */
final class PropertiesText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm'UTC'", Locale.ROOT);

    private final String file;
    private final Map<String, String> values;

    private PropertiesText(String file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    /**
     * Starts an empty text.
     *
     * @param file name of the file, for messages
     */
    static PropertiesText empty(String file) {
        return new PropertiesText(file, new LinkedHashMap<>());
    }

    static PropertiesText parse(String file, byte[] text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(new String(text, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw SkyrollException.defect(file + " is not a properties file", e);
        }
        Map<String, String> values = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return new PropertiesText(file, values);
    }

    /** The value if readers of all languages get it back as it is, or throws. */
    static String checked(String name, String value) {
        if (value.isBlank()
                || !value.equals(value.strip())
                || value.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "%s must be text without surrounding spaces, backslashes and control characters: '%s'"
                            .formatted(name, value));
        }
        return value;
    }

    /** An element of a list, in which spaces, commas and semicolons separate elements, or throws. */
    static String checkedElement(String name, String value) {
        if (checked(name, value).chars().anyMatch(c -> c == ',' || c == ';' || Character.isWhitespace(c))) {
            throw new IllegalArgumentException(
                    "%s must be without spaces, commas and semicolons: '%s'".formatted(name, value));
        }
        return value;
    }

    /** The name of a directory beside others, or throws. */
    static String checkedDirectory(String name, String value) {
        if (checkedElement(name, value).indexOf('/') >= 0 || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("%s must be the name of a directory: '%s'".formatted(name, value));
        }
        return value;
    }

    PropertiesText put(String key, Object value) {
        values.put(key, checked(key, value.toString()));
        return this;
    }

    PropertiesText put(String key, Instant time) {
        return put(key, TIME.format(time.atOffset(ZoneOffset.UTC)));
    }

    Map<String, String> values() {
        return values;
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw SkyrollException.defect("%s has no %s".formatted(file, key));
        }
        return value;
    }

    /** The elements of a list, empty if the key is absent. */
    List<String> list(String key) {
        return Stream.of(values.getOrDefault(key, "").split("[ ,;\n]+"))
                .filter(element -> !element.isEmpty())
                .toList();
    }

    long number(String key) {
        try {
            return Long.parseLong(text(key));
        } catch (NumberFormatException e) {
            throw malformed(key, "a whole number", e);
        }
    }

    double fraction(String key) {
        try {
            return Double.parseDouble(text(key));
        } catch (NumberFormatException e) {
            throw malformed(key, "a number", e);
        }
    }

    Instant time(String key) {
        try {
            return LocalDateTime.parse(text(key), TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw malformed(key, "a time like 2026-07-15T19:52UTC", e);
        }
    }

    /** The bytes of the file. */
    byte[] toBytes(String comment) {
        StringBuilder text = new StringBuilder("#").append(comment).append('\n');
        values.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private SkyrollException malformed(String key, String expected, Exception cause) {
        return SkyrollException.defect(
                "%s: %s must be %s, found '%s'".formatted(file, key, expected, values.get(key)), cause);
    }
}
