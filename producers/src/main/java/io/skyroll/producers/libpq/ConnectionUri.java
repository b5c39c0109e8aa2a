package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Reads a connection URI, {@code postgresql://user:password@host1:port1,host2:port2/database?keyword=value}, as section
 * "Connection URIs" of the PostgreSQL manual has it. java.net.URI knows neither lists of hosts nor hosts that are
 * percent-encoded paths. Owned by one thread.
 */
final class ConnectionUri {
    private static final List<String> SCHEMES = List.of("postgresql://", "postgres://");

    private final String text;
    private final Map<Keyword, String> values = new EnumMap<>(Keyword.class);
    private int next;

    private ConnectionUri(String text, int start) {
        this.text = text;
        this.next = start;
    }

    static boolean isRecognized(String text) {
        return SCHEMES.stream().anyMatch(text::startsWith);
    }

    static Map<Keyword, String> parse(String text) {
        int start = text.indexOf("://") + "://".length();
        return new ConnectionUri(text, start).parse();
    }

    private Map<Keyword, String> parse() {
        int at = end("@/");
        if (at < text.length() && text.charAt(at) == '@') {
            put(Keyword.USER, upTo(":@"));
            if (text.charAt(next) == ':') {
                next++;
                put(Keyword.PASSWORD, upTo("@"));
            }
            next++;
        }
        hosts();
        if (is('/')) {
            next++;
            put(Keyword.DBNAME, upTo("?"));
        }
        if (is('?')) {
            query(text.substring(next + 1));
        }
        return values;
    }

    private void hosts() {
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        boolean more;
        do {
            hosts.add(is('[') ? bracketed() : upTo(":/?,"));
            if (is(':')) {
                next++;
                ports.add(port());
            } else {
                ports.add("");
            }
            more = is(',');
            next += more ? 1 : 0;
        } while (more);
        put(Keyword.HOST, String.join(",", hosts));
        put(Keyword.PORT, String.join(",", ports));
    }

    private String port() {
        String port = upTo("/?,");
        // A password with a slash ends the user's part early, and would be shown as a bad port.
        if (!port.matches("[0-9 %]*") && text.indexOf('@', next) > 0) {
            throw SkyrollException.configuration(
                    "no valid port number in URI: a \"/\" in a user name or password must be written as %2F");
        }
        return port;
    }

    private String bracketed() {
        next++;
        String host = upTo("]");
        if (next == text.length()) {
            throw malformed("end of string reached when looking for matching \"]\" in IPv6 host address in URI");
        }
        if (host.isEmpty()) {
            throw malformed("IPv6 host address may not be empty in URI");
        }
        next++;
        if (next < text.length() && ":/?,".indexOf(text.charAt(next)) < 0) {
            throw malformed("unexpected character \"%c\" at position %d in URI (expected \":\" or \"/\")"
                    .formatted(text.charAt(next), next + 1));
        }
        return host;
    }

    private void query(String query) {
        if (query.isEmpty()) {
            return;
        }
        // A trailing & is allowed, an empty parameter elsewhere is not.
        String parameters = query.endsWith("&") ? query.substring(0, query.length() - 1) : query;
        for (String parameter : parameters.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals < 0) {
                throw SkyrollException.configuration(
                        "missing key/value separator \"=\" in URI query parameter: \"%s\"".formatted(parameter));
            }
            String rawName = parameter.substring(0, equals);
            String value = parameter.substring(equals + 1);
            if (value.indexOf('=') >= 0) {
                throw SkyrollException.configuration(
                        "extra key/value separator \"=\" in URI query parameter: \"%s\"".formatted(rawName));
            }
            store(decode(rawName, rawName), value);
        }
    }

    private void store(String name, String value) {
        if (name.equals("ssl") && value.equals("true")) {
            values.put(Keyword.SSLMODE, "require");
            return;
        }
        Keyword keyword = Keyword.find(name)
                .orElseThrow(() -> SkyrollException.configuration(
                        "invalid URI query parameter: \"%s\"%s".formatted(name, Keyword.suggestion(name))));
        values.put(keyword, decode(value, shown(keyword, value)));
    }

    /** Sets what the URI has in front of its query; what is empty there is not set. */
    private void put(Keyword keyword, String value) {
        if (!value.isEmpty()) {
            values.put(keyword, decode(value, shown(keyword, value)));
        }
    }

    private static String shown(Keyword keyword, String value) {
        return keyword == Keyword.PASSWORD || keyword == Keyword.SSLPASSWORD ? "***" : value;
    }

    private static String decode(String encoded, String shown) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                decoded.write(bytes[i]);
                continue;
            }
            if (i + 2 >= bytes.length || !HexFormat.isHexDigit(bytes[i + 1]) || !HexFormat.isHexDigit(bytes[i + 2])) {
                throw SkyrollException.configuration("invalid percent-encoded token: \"%s\"".formatted(shown));
            }
            int value = HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]);
            if (value == 0) {
                throw SkyrollException.configuration(
                        "forbidden value %%00 in percent-encoded value: \"%s\"".formatted(shown));
            }
            decoded.write(value);
            i += 2;
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private boolean is(char c) {
        return next < text.length() && text.charAt(next) == c;
    }

    private String upTo(String stops) {
        int start = next;
        next = end(stops);
        return text.substring(start, next);
    }

    private int end(String stops) {
        int end = next;
        while (end < text.length() && stops.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** An error that quotes the URI as libpq does, but without its password. */
    private SkyrollException malformed(String problem) {
        String shown =
                text.replaceFirst("(//[^:/@]*):[^/]*@", "$1:***@").replaceAll("([?&](?:ssl)?password=)[^&]*", "$1***");
        return SkyrollException.configuration("%s: \"%s\"".formatted(problem, shown));
    }
}
