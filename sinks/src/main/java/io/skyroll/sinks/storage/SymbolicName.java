package io.skyroll.sinks.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Symbolic links of a local file system. They say where their target is from where they are, so that both can be moved together. */
final class SymbolicName {
    private static final Logger log = LoggerFactory.getLogger(SymbolicName.class);

    private SymbolicName() {}

    /**
     * Makes a link under a temporary name.
     *
     * @param name where it is to be
     * @return false where the file system has no links
     */
    static boolean create(Path temporary, Path name, Path target) {
        try {
            Files.createSymbolicLink(temporary, parent(name).relativize(target));
            return true;
        } catch (UnsupportedOperationException | IOException e) {
            // What is a real failure shows at the next file that is written.
            log.atDebug().setCause(e).addKeyValue("file", name).log("no symbolic link made");
            return false;
        }
    }

    /** What a link leads to; empty if it is none. */
    static Optional<Path> target(Path name) throws IOException {
        return Files.isSymbolicLink(name)
                ? Optional.of(parent(name).resolve(Files.readSymbolicLink(name)).normalize())
                : Optional.empty();
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }
}
