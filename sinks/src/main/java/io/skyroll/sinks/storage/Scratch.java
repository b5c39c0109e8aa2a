package io.skyroll.sinks.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unfinished files of one {@link LocalStore}. Each instance holds an operating system lock on {@code <owner>.lock}
 * while it lives; the system drops it with the process. So whoever opens the same root later can tell an abandoned file
 * from one in work, without process ids (which containers share) and without clocks. Thread-safe.
 */
final class Scratch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Scratch.class);

    private static final String LOCK = ".lock";

    /**
     * Marks the owners in this process. Their locks are not touched: on POSIX, closing a file drops every lock that the
     * process has on it.
     */
    private static final String PROCESS = UUID.randomUUID().toString();

    private static final AtomicLong OWNERS = new AtomicLong();

    private final Path directory;
    private final String owner;
    private final FileChannel lock;
    private final AtomicLong files = new AtomicLong();

    private Scratch(Path directory, String owner, FileChannel lock) {
        this.directory = directory;
        this.owner = owner;
        this.lock = lock;
    }

    /** Creates the directory if needed, takes a lock in it and deletes what dead owners left. */
    static Scratch open(Path directory) throws IOException {
        Files.createDirectories(directory);
        while (true) {
            String owner = PROCESS + "-" + OWNERS.incrementAndGet();
            Path lockFile = directory.resolve(owner + LOCK);
            FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            channel.lock();
            // A sweep may have come between creation and lock and taken the file for a dead owner's.
            if (Files.exists(lockFile)) {
                Scratch scratch = new Scratch(directory, owner, channel);
                scratch.sweep();
                return scratch;
            }
            channel.close();
        }
    }

    /** A name for a new file. */
    Path next() {
        return directory.resolve(owner + "-" + files.incrementAndGet());
    }

    private void sweep() throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(directory, "*" + LOCK)) {
            for (Path lockFile : locks) {
                String name = lockFile.getFileName().toString();
                if (!name.startsWith(PROCESS)) {
                    sweep(lockFile, name.substring(0, name.length() - LOCK.length()));
                }
            }
        }
    }

    private void sweep(Path lockFile, String deadOwner) throws IOException {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            if (free == null) {
                return;
            }
            int deleted = 0;
            try (DirectoryStream<Path> abandoned = Files.newDirectoryStream(directory, deadOwner + "-*")) {
                for (Path file : abandoned) {
                    Files.deleteIfExists(file);
                    deleted++;
                }
            }
            Files.deleteIfExists(lockFile);
            log.atInfo()
                    .addKeyValue("directory", directory)
                    .addKeyValue("files", deleted)
                    .log("unfinished files of a dead process deleted");
        } catch (NoSuchFileException e) {
            log.atDebug().addKeyValue("lock", lockFile).log("another process swept the same owner");
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(directory.resolve(owner + LOCK));
        lock.close();
    }
}
