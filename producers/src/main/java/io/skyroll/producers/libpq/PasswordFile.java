package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks a password up as libpq does; see "The Password File" in libpq's manual. */
final class PasswordFile {
    private static final Logger log = LoggerFactory.getLogger(PasswordFile.class);
    private static final int FIELDS = 5;

    private static final Set<PosixFilePermission> FOR_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private PasswordFile() {}

    /** The password of the first line that matches; empty when none does, or the file may not be used. */
    static Optional<String> lookup(Path file, String host, int port, String database, String user) {
        if (!Files.exists(file) || !isUsable(file)) {
            return Optional.empty();
        }
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                List<String> fields = fields(line);
                boolean matches = fields.size() == FIELDS
                        && matches(fields.get(0), host)
                        && matches(fields.get(1), Integer.toString(port))
                        && matches(fields.get(2), database)
                        && matches(fields.get(3), user);
                if (matches) {
                    return Optional.of(unescape(fields.get(4)));
                }
            }
        } catch (IOException failure) {
            throw SkyrollException.configuration("could not read password file \"%s\"".formatted(file), failure);
        }
        return Optional.empty();
    }

    private static boolean isUsable(Path file) {
        if (!Files.isRegularFile(file)) {
            log.atWarn().addKeyValue("file", file).log("password file is not a plain file, and is ignored");
            return false;
        }
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return true;
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(FOR_OTHERS::contains)) {
                log.atWarn()
                        .addKeyValue("file", file)
                        .log(
                                "password file has group or world access and is ignored; permissions should be u=rw (0600) or less");
                return false;
            }
            return true;
        } catch (IOException failure) {
            throw SkyrollException.configuration("could not read password file \"%s\"".formatted(file), failure);
        }
    }

    /** Splits at colons that no backslash precedes; escapes stay. What follows the fifth field is no part of it. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ':') {
                fields.add(field.toString());
                field.setLength(0);
                continue;
            }
            field.append(c);
            if (c == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
            }
        }
        fields.add(field.toString());
        return fields.size() > FIELDS ? fields.subList(0, FIELDS) : fields;
    }

    private static boolean matches(String field, String value) {
        return field.equals("*") || unescape(field).equals(value);
    }

    private static String unescape(String field) {
        return field.replaceAll("\\\\(.)", "$1");
    }
}
