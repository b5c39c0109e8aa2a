package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Reads a connection string: keywords and values ({@code host=h dbname='my db'}), or a URI, as in section "Connection
 * Strings" of the PostgreSQL manual. Owned by one thread.
 */
final class ConnectionString {
    private static final String BLANKS = " \t\n\r\f\u000b";

    private final String text;
    private final Map<Keyword, String> values = new EnumMap<>(Keyword.class);
    private int next;

    private ConnectionString(String text) {
        this.text = text;
    }

    /** Whether libpq takes the name of a database for a connection string. */
    static boolean isRecognized(String text) {
        return ConnectionUri.isRecognized(text) || text.indexOf('=') >= 0;
    }

    /** The parameters that a string sets; an empty value is set as well, and hides those of lower precedence. */
    static Map<Keyword, String> parse(String text) {
        if (text.startsWith("jdbc:")) {
            throw SkyrollException.configuration(
                    "the connection string is a JDBC address; write it as libpq does: postgresql://host:port/database");
        }
        return ConnectionUri.isRecognized(text) ? ConnectionUri.parse(text) : new ConnectionString(text).parse();
    }

    private Map<Keyword, String> parse() {
        // A password with a blank that is not quoted makes the rest of it look like a keyword.
        boolean afterPassword = false;
        for (skipBlanks(); next < text.length(); skipBlanks()) {
            String name = name();
            skipBlanks();
            if (next == text.length() || text.charAt(next) != '=') {
                throw SkyrollException.configuration(
                        "missing \"=\" after \"%s\" in connection info string".formatted(afterPassword ? "***" : name));
            }
            next++;
            skipBlanks();
            // Read first, as in libpq: a quote without an end explains more than the keyword that it makes of what
            // follows.
            String value = next < text.length() && text.charAt(next) == '\'' ? quoted() : plain();
            Keyword keyword = afterPassword ? Keyword.find(name).orElseThrow(this::badPassword) : Keyword.parse(name);
            values.put(keyword, value);
            afterPassword = keyword == Keyword.PASSWORD || keyword == Keyword.SSLPASSWORD;
        }
        return values;
    }

    private SkyrollException badPassword() {
        return SkyrollException.configuration(
                "invalid connection option after the password; a password with blanks is written in quotes");
    }

    private String name() {
        int start = next;
        while (next < text.length() && text.charAt(next) != '=' && !isBlank(text.charAt(next))) {
            next++;
        }
        return text.substring(start, next);
    }

    private String plain() {
        StringBuilder value = new StringBuilder();
        for (; next < text.length() && !isBlank(text.charAt(next)); next++) {
            if (text.charAt(next) == '\\' && ++next == text.length()) {
                break;
            }
            value.append(text.charAt(next));
        }
        return value.toString();
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (next++; next < text.length(); next++) {
            char c = text.charAt(next);
            if (c == '\'') {
                next++;
                return value.toString();
            }
            if (c == '\\' && ++next == text.length()) {
                break;
            }
            value.append(text.charAt(next));
        }
        throw SkyrollException.configuration("unterminated quoted string in connection info string");
    }

    private void skipBlanks() {
        while (next < text.length() && isBlank(text.charAt(next))) {
            next++;
        }
    }

    private static boolean isBlank(char c) {
        return BLANKS.indexOf(c) >= 0;
    }
}
