package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A connection service file (pg_service.conf): named groups of connection parameters. Its permissions are nobody's business.
 *
 * @param path where it is
 */
record ServiceFile(Path path) {
    /** What distributions compile into libpq: Debian and Ubuntu, Fedora and Red Hat, and PostgreSQL's own default. */
    private static final List<String> SYSTEM_DIRECTORIES =
            List.of("/etc/postgresql-common", "/etc/sysconfig/pgsql", "/usr/local/pgsql/etc");

    /** The parameters of a service, from the user's file or else from the system's. */
    static Map<Keyword, String> find(String service, Surroundings surroundings) {
        String named = surroundings.environment().get("PGSERVICEFILE");
        if (named != null) {
            Optional<Map<Keyword, String>> group = new ServiceFile(Path.of(named)).group(service);
            if (group.isPresent()) {
                return group.get();
            }
        } else if (Files.exists(surroundings.userServiceFile())) {
            Optional<Map<Keyword, String>> group = new ServiceFile(surroundings.userServiceFile()).group(service);
            if (group.isPresent()) {
                return group.get();
            }
        }
        String directory = surroundings.environment().get("PGSYSCONFDIR");
        return (directory == null ? SYSTEM_DIRECTORIES : List.of(directory))
                .stream()
                        .map(place -> Path.of(place, "pg_service.conf"))
                        .filter(Files::exists)
                        .findFirst()
                        .flatMap(file -> new ServiceFile(file).group(service))
                        .orElseThrow(() -> SkyrollException.configuration(
                                "definition of service \"%s\" not found".formatted(service)));
    }

    /** The parameters of the first group of that name; lines outside of it are not looked at. */
    Optional<Map<Keyword, String>> group(String service) {
        Map<Keyword, String> values = new EnumMap<>(Keyword.class);
        boolean inside = false;
        int number = 0;
        for (String raw : text().split("\n", -1)) {
            number++;
            // Not strip(): a no-break space and its like belong to the value.
            String line = raw.trim();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                if (inside) {
                    break;
                }
                inside = line.startsWith("[" + service + "]");
            } else if (inside) {
                read(line, number, values);
            }
        }
        return inside ? Optional.of(values) : Optional.empty();
    }

    private void read(String line, int number, Map<Keyword, String> values) {
        if (line.startsWith("ldap")) {
            throw SkyrollException.configuration(
                    "LDAP look-ups are not supported in service file \"%s\", line %d: write the parameters out"
                            .formatted(path, number));
        }
        int equals = line.indexOf('=');
        String name = equals < 0 ? line : line.substring(0, equals);
        if (equals >= 0 && name.equals(Keyword.SERVICE.text())) {
            throw SkyrollException.configuration(
                    "nested service specifications not supported in service file \"%s\", line %d"
                            .formatted(path, number));
        }
        Keyword keyword = Optional.of(name)
                .filter(known -> equals >= 0)
                .flatMap(Keyword::find)
                .orElseThrow(() -> SkyrollException.configuration(
                        "syntax error in service file \"%s\", line %d%s".formatted(path, number, hint(name, equals))));
        values.putIfAbsent(keyword, line.substring(equals + 1));
    }

    /** What may be wrong with a line, without quoting it: it may hold a password. */
    private static String hint(String name, int equals) {
        if (equals < 0) {
            return ": expected keyword=value";
        }
        return name.equals(name.trim()) ? Keyword.suggestion(name) : ": no blanks are allowed before the \"=\"";
    }

    private String text() {
        try {
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw SkyrollException.configuration("service file \"%s\" not found".formatted(path), failure);
        }
    }
}
