package io.skyroll.sinks.memtable;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one process's spilled rows. Each process has a directory of its own, with a lock in it; those of processes that are gone are
 * deleted by the next one that opens a directory beside them. Nothing else is ever deleted, whatever directory is named: only what has the
 * names that are given here. Thread-safe.
 */
public final class SpillDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpillDirectory.class);
    private static final String PREFIX = "skyroll-rows-";
    private static final String RUN = ".run";
    private static final String LOCK = "skyroll-spill.lock";
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path directory;
    private final FileChannel lock;
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong files = new AtomicLong();

    private SpillDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Makes a directory.
     *
     * @param parent made if it is not there
     */
    public static SpillDirectory open(Path parent) {
        // Within a process file locks do not hold each other off.
        synchronized (SpillDirectory.class) {
            try {
                Files.createDirectories(parent);
                try (FileChannel door = openLock(parent);
                        FileLock alone = door.lock()) {
                    if (!alone.isValid()) {
                        throw new IOException("the lock was lost");
                    }
                    deleteAbandoned(parent);
                    Path own = Files.createDirectory(parent.resolve(PREFIX + UUID.randomUUID()));
                    FileChannel lock = openLock(own);
                    lock.lock();
                    return new SpillDirectory(own, lock);
                }
            } catch (IOException failure) {
                throw SkyrollException.unavailable(
                        "cannot make a directory for spilled rows in %s: %s".formatted(parent, failure.getMessage()),
                        failure);
            }
        }
    }

    /** Space that runs take, in bytes. */
    public long usedBytes() {
        return usedBytes.get();
    }

    /**
     * Writes rows as a run.
     *
     * @param rows in leaf order, one per identity
     * @throws SkyrollException when that fails, as for want of space; nothing is left of it then
     */
    Run write(PendingCursor rows) {
        Path file = directory.resolve(files.getAndIncrement() + RUN);
        Run run;
        try {
            run = writeTo(file, rows);
        } catch (IOException failure) {
            deleteFile(file);
            throw SkyrollException.unavailable(
                    "cannot write spilled rows to %s: %s; make room there, or give the sinks more sink.memory_bytes, and start again: Kafka still has them"
                            .formatted(file, failure.getMessage()),
                    failure);
        } catch (RuntimeException failure) {
            deleteFile(file);
            throw failure;
        }
        usedBytes.addAndGet(run.bytes());
        return run;
    }

    private Run writeTo(Path file, PendingCursor rows) throws IOException {
        try (OutputStream output = new BufferedOutputStream(
                        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        BUFFER_BYTES);
                RunWriter writer = new RunWriter(output)) {
            return writer.write(rows).build(this, file);
        }
    }

    void delete(Run run) {
        deleteFile(run.file());
        usedBytes.addAndGet(-run.bytes());
    }

    /** Deletes everything. */
    @Override
    public void close() {
        try (lock) {
            if (Files.isDirectory(directory)) {
                deleteAll(directory);
            }
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot delete spilled rows in %s: %s".formatted(directory, failure.getMessage()), failure);
        }
    }

    private static void deleteAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : others) {
                if (Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)) {
                    deleteUnlessLocked(other);
                }
            }
        }
    }

    private static void deleteUnlessLocked(Path directory) throws IOException {
        try (FileChannel lock = openLock(directory);
                FileLock held = lock.tryLock()) {
            if (held != null) {
                deleteAll(directory);
            }
        } catch (OverlappingFileLockException inThisProcess) {
            log.atDebug().addKeyValue("directory", directory.toString()).log("in use by this process");
        }
    }

    private static FileChannel openLock(Path directory) throws IOException {
        return FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static void deleteAll(Path directory) throws IOException {
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(directory, "*" + RUN)) {
            for (Path run : runs) {
                Files.deleteIfExists(run);
            }
        }
        Files.deleteIfExists(directory.resolve(LOCK));
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException foreign) {
            log.atWarn()
                    .addKeyValue("directory", directory.toString())
                    .log("holds files that are not spilled rows; it is left alone");
        }
    }

    private static void deleteFile(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw SkyrollException.unavailable("cannot delete %s: %s".formatted(file, failure.getMessage()), failure);
        }
    }
}
