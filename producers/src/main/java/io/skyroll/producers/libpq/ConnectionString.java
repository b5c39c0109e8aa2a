package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/** Reads libpq's two forms of connection string: keywords with values, and URIs. See "Connection Strings" in libpq's manual. */
final class ConnectionString {
    private static final String WHERE = "source.url";

    private ConnectionString() {}

    static Map<Keyword, String> parse(String text) {
        for (String scheme : new String[] {"postgresql://", "postgres://"}) {
            if (text.startsWith(scheme)) {
                return parseUri(text.substring(scheme.length()));
            }
        }
        return parseKeywords(text);
    }

    private static Map<Keyword, String> parseUri(String text) {
        Map<Keyword, String> values = new EnumMap<>(Keyword.class);
        int question = text.indexOf('?');
        String place = question < 0 ? text : text.substring(0, question);
        int slash = place.indexOf('/');
        String authority = slash < 0 ? place : place.substring(0, slash);
        if (slash >= 0 && slash + 1 < place.length()) {
            values.put(Keyword.DBNAME, decode(place.substring(slash + 1)));
        }
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            String user = authority.substring(0, at);
            int colon = user.indexOf(':');
            values.put(Keyword.USER, decode(colon < 0 ? user : user.substring(0, colon)));
            if (colon >= 0) {
                values.put(Keyword.PASSWORD, decode(user.substring(colon + 1)));
            }
        }
        putHosts(authority.substring(at + 1), values);
        if (question >= 0) {
            for (String pair : text.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    throw SkyrollException.configuration(
                            "%s: missing key/value separator \"=\" in URI query parameter: \"%s\""
                                    .formatted(WHERE, pair));
                }
                values.put(Keyword.parse(decode(pair.substring(0, equals)), WHERE), decode(pair.substring(equals + 1)));
            }
        }
        values.values().removeIf(String::isEmpty);
        return values;
    }

    private static void putHosts(String text, Map<Keyword, String> values) {
        StringJoiner hosts = new StringJoiner(",");
        StringJoiner ports = new StringJoiner(",");
        boolean hasPort = false;
        for (String entry : text.split(",", -1)) {
            // An IPv6 address stands in brackets because of its colons.
            int bracket = entry.indexOf(']');
            int colon = entry.indexOf(':', Math.max(bracket, 0));
            String host = colon < 0 ? entry : entry.substring(0, colon);
            hosts.add(decode(bracket > 0 ? host.substring(1, bracket) : host));
            ports.add(colon < 0 ? "" : entry.substring(colon + 1));
            hasPort |= colon >= 0;
        }
        values.put(Keyword.HOST, hosts.toString());
        if (hasPort) {
            values.put(Keyword.PORT, ports.toString());
        }
    }

    private static Map<Keyword, String> parseKeywords(String text) {
        Map<Keyword, String> values = new EnumMap<>(Keyword.class);
        int p = skipSpaces(text, 0);
        while (p < text.length()) {
            int start = p;
            while (p < text.length() && text.charAt(p) != '=' && !Character.isWhitespace(text.charAt(p))) {
                p++;
            }
            String word = text.substring(start, p);
            p = skipSpaces(text, p);
            if (p >= text.length() || text.charAt(p) != '=') {
                throw SkyrollException.configuration(
                        "%s: missing \"=\" after \"%s\" in connection info string".formatted(WHERE, word));
            }
            StringBuilder value = new StringBuilder();
            p = readValue(text, skipSpaces(text, p + 1), value);
            values.put(Keyword.parse(word, WHERE), value.toString());
            p = skipSpaces(text, p);
        }
        values.values().removeIf(String::isEmpty);
        return values;
    }

    private static int readValue(String text, int start, StringBuilder value) {
        boolean quoted = start < text.length() && text.charAt(start) == '\'';
        int p = quoted ? start + 1 : start;
        while (p < text.length()) {
            char c = text.charAt(p);
            if (quoted ? c == '\'' : Character.isWhitespace(c)) {
                return quoted ? p + 1 : p;
            }
            if (c == '\\' && p + 1 < text.length()) {
                p++;
            }
            value.append(text.charAt(p++));
        }
        if (quoted) {
            throw SkyrollException.configuration(
                    "%s: unterminated quoted string in connection info string".formatted(WHERE));
        }
        return p;
    }

    private static int skipSpaces(String text, int start) {
        int p = start;
        while (p < text.length() && Character.isWhitespace(text.charAt(p))) {
            p++;
        }
        return p;
    }

    /** Percent-decoding; unlike in a form, a plus sign is a plus sign. */
    private static String decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int p = 0; p < bytes.length; p++) {
            if (bytes[p] != '%') {
                decoded[length++] = bytes[p];
                continue;
            }
            int high = p + 2 <= bytes.length - 1 ? Character.digit(bytes[p + 1], 16) : -1;
            int low = p + 2 <= bytes.length - 1 ? Character.digit(bytes[p + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw SkyrollException.configuration("%s: invalid percent-encoded token".formatted(WHERE));
            }
            decoded[length++] = (byte) (high * 16 + low);
            p += 2;
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }
}
