package io.skyroll.sinks.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a finished temporary file gets its name only if that is free. All stores on one root must do it alike. */
enum Naming {

    /** The file system refuses a second link of the same name. The temporary name remains. */
    HARD_LINK {
        @Override
        boolean nameIfFree(Path temporary, Path target) throws IOException {
            try {
                Files.createLink(target, temporary);
                return true;
            } catch (FileAlreadyExistsException e) {
                // An NFS client that repeats a request whose answer was lost is told that its own link exists.
                return Files.isSameFile(temporary, target);
            }
        }
    },

    /**
     * For file systems without hard links: look, then rename, under an operating system lock, which goes with its
     * process. Renames that are to replace do not take it.
     */
    LOCKED_RENAME {
        @Override
        boolean nameIfFree(Path temporary, Path target) throws IOException {
            // The file lock is held by the process as a whole.
            synchronized (RENAMES) {
                try (FileChannel channel = FileChannel.open(
                        temporary.resolveSibling(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    channel.lock();
                    if (Files.exists(target)) {
                        return false;
                    }
                    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                    return true;
                }
            }
        }
    };

    private static final Logger log = LoggerFactory.getLogger(Naming.class);

    private static final Object RENAMES = new Object();

    private static final String LOCK_FILE = "create";

    /** Names the file and returns true, or returns false if there is something of that name. */
    abstract boolean nameIfFree(Path temporary, Path target) throws IOException;

    /** Finds out by trying. The three paths are unused names on the file system in question. */
    static Naming tried(Path file, Path link, Path witness) throws IOException {
        Files.createFile(file);
        try {
            Files.createLink(link, file);
            return HARD_LINK;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // On a full or failing disk this throws again, so that such a moment is not taken for an answer.
            Files.createFile(witness);
            log.atWarn().setCause(e).addKeyValue("file", file).log("no hard links here, files will be copied");
            return LOCKED_RENAME;
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(link);
            Files.deleteIfExists(witness);
        }
    }
}
