package io.skyroll.producers.libpq;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;

/**
 * What libpq takes from the process that it runs in. Immutable.
 *
 * @param environment the environment variables
 * @param home the user's home directory
 * @param osUser the operating system's name of the user
 */
public record Surroundings(Map<String, String> environment, Path home, String osUser) {
    private static final boolean WINDOWS = File.separatorChar == '\\';

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Those of this process. As in libpq, {@code HOME} goes before the user's registered home directory. */
    public static Surroundings ofProcess() {
        Map<String, String> environment = System.getenv();
        String home = environment.getOrDefault("HOME", "");
        return new Surroundings(
                environment,
                Path.of(home.isEmpty() || WINDOWS ? System.getProperty("user.home") : home),
                System.getProperty("user.name"));
    }

    Path userServiceFile() {
        return personalFile(".pg_service.conf", ".pg_service.conf");
    }

    Path defaultPasswordFile() {
        return personalFile(".pgpass", "pgpass.conf");
    }

    /** A file of the user's TLS material, such as root.crt. */
    Path certificateFile(String name) {
        return personalFile(".postgresql/" + name, name);
    }

    private Path personalFile(String unixName, String windowsName) {
        return WINDOWS
                ? Path.of(environment.getOrDefault("APPDATA", home.toString()), "postgresql", windowsName)
                : home.resolve(unixName);
    }
}
