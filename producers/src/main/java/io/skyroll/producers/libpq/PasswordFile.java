package io.skyroll.producers.libpq;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A password file (.pgpass): lines of {@code host:port:database:user:password}, of which the first that matches counts.
 * Section "The Password File" of the PostgreSQL manual. Immutable.
 */
final class PasswordFile {
    private static final Logger log = LoggerFactory.getLogger(PasswordFile.class);

    /** Where Debian's libpq looks for a local server's socket; such a server goes by the name of localhost. */
    private static final String DEFAULT_SOCKET_DIRECTORY = "/var/run/postgresql";

    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path path;
    private final String text;

    private PasswordFile(Path path, String text) {
        this.path = path;
        this.text = text;
    }

    /** Reads a file. One that does not exist is empty; one that may not be used is empty too, with a warning. */
    static PasswordFile open(Path path) {
        if (!Files.exists(path)) {
            return new PasswordFile(path, "");
        }
        try {
            Optional<String> complaint = complaint(path);
            if (complaint.isEmpty()) {
                return new PasswordFile(path, new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
            }
            log.atWarn().addKeyValue("reason", complaint.get()).log("password file ignored");
        } catch (IOException failure) {
            log.atWarn().addKeyValue("file", path).setCause(failure).log("password file not readable and ignored");
        }
        return new PasswordFile(path, "");
    }

    /** Why a file may not be used, in libpq's words. */
    static Optional<String> complaint(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.of("password file \"%s\" is not a plain file".formatted(path));
        }
        PosixFileAttributeView attributes = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        // Windows has no such view; there, as in libpq, the directory is trusted to be private.
        if (attributes != null && !OWNER.containsAll(attributes.readAttributes().permissions())) {
            return Optional.of(
                    "password file \"%s\" has group or world access; permissions should be u=rw (0600) or less"
                            .formatted(path));
        }
        return Optional.empty();
    }

    /**
     * The password of the first line that matches, which may be empty.
     *
     * @param host the server's name, or its address if it has no other; empty for a local server
     * @param port as it was given
     */
    Password password(String host, String port, String database, String user) {
        String name = host.isEmpty() || host.equals(DEFAULT_SOCKET_DIRECTORY) ? "localhost" : host;
        for (String raw : text.split("\n", -1)) {
            String line = raw.replaceFirst("\r+$", "");
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String password = afterField(afterField(afterField(afterField(line, name), port), database), user);
            if (password != null) {
                return Password.fromFile(unescaped(password), path);
            }
        }
        return Password.NONE;
    }

    /** What follows a line's first field if that field matches, else null. */
    private static @Nullable String afterField(@Nullable String line, String wanted) {
        if (line == null) {
            return null;
        }
        if (line.startsWith("*:")) {
            return line.substring(2);
        }
        int matched = 0;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == ':' && matched == wanted.length()) {
                return line.substring(i + 1);
            }
            if (line.charAt(i) == '\\') {
                i++;
            }
            if (i == line.length() || matched == wanted.length() || line.charAt(i) != wanted.charAt(matched)) {
                return null;
            }
            matched++;
        }
        return null;
    }

    private static String unescaped(String field) {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < field.length() && field.charAt(i) != ':'; i++) {
            if (field.charAt(i) == '\\' && i + 1 < field.length()) {
                i++;
            }
            password.append(field.charAt(i));
        }
        return password.toString();
    }
}
