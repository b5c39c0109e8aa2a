package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks a service up as libpq does; see "The Connection Service File" in libpq's manual. */
final class ServiceFile {
    private static final String SYSTEM_DIRECTORY = "/etc/postgresql-common";

    private ServiceFile() {}

    /**
     * The parameters of a service.
     *
     * @throws SkyrollException when no file defines the service, or a file is malformed
     */
    static Map<Keyword, String> lookup(String service, Map<String, String> environment, Path home) {
        Optional<String> named = variable(environment, "PGSERVICEFILE");
        Path file = named.map(Path::of).orElse(home.resolve(".pg_service.conf"));
        if (Files.exists(file)) {
            Optional<Map<Keyword, String>> found = read(file, service);
            if (found.isPresent()) {
                return found.get();
            }
        } else if (named.isPresent()) {
            throw SkyrollException.configuration("service file \"%s\" not found".formatted(file));
        }
        Path system = Path.of(variable(environment, "PGSYSCONFDIR").orElse(SYSTEM_DIRECTORY), "pg_service.conf");
        Optional<Map<Keyword, String>> found = Files.exists(system) ? read(system, service) : Optional.empty();
        return found.orElseThrow(
                () -> SkyrollException.configuration("definition of service \"%s\" not found".formatted(service)));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** The first group of the service's name; of a key that is given twice, the first value. */
    private static Optional<Map<Keyword, String>> read(Path file, String service) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException failure) {
            throw SkyrollException.configuration("could not read service file \"%s\"".formatted(file), failure);
        }
        Map<Keyword, String> values = new EnumMap<>(Keyword.class);
        boolean inGroup = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                if (inGroup) {
                    break;
                }
                inGroup = line.equals("[" + service + "]");
                continue;
            }
            if (inGroup) {
                put(line, file, i + 1, values);
            }
        }
        return inGroup ? Optional.of(values) : Optional.empty();
    }

    private static void put(String line, Path file, int number, Map<Keyword, String> values) {
        if (line.startsWith("ldap")) {
            throw SkyrollException.configuration(
                    "service file \"%s\", line %d: LDAP lookup is not supported".formatted(file, number));
        }
        int equals = line.indexOf('=');
        String word = equals < 0 ? line : line.substring(0, equals);
        if (word.equals("service")) {
            throw SkyrollException.configuration(
                    "nested service specifications not supported in service file \"%s\", line %d"
                            .formatted(file, number));
        }
        Keyword keyword = equals < 0 ? null : Keyword.find(word).orElse(null);
        if (keyword == null) {
            throw SkyrollException.configuration(
                    "syntax error in service file \"%s\", line %d".formatted(file, number));
        }
        values.putIfAbsent(keyword, line.substring(equals + 1));
    }
}
