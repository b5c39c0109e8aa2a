package io.skyroll.local;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a data directory, held by one server of one process. It ends with the process, however that ends.
 *
 * <p>Thread-safe.
 */
final class DirectoryLock implements AutoCloseable {

    private static final String FILE = "skyroll.lock";

    /**
     * What this JVM holds. It is looked at before the lock file is opened: where locks are POSIX locks, closing any other
     * channel on that file would give the lock away.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes a directory, which is created where it is missing.
     *
     * @throws IllegalStateException when a server of this or of another process uses it
     */
    static DirectoryLock take(Path directory) {
        try {
            Path real = Files.createDirectories(directory).toRealPath();
            if (!HELD.add(real)) {
                throw new IllegalStateException(refusal(real, "this process"));
            }
            boolean taken = false;
            try {
                FileChannel channel = lock(real);
                taken = true;
                return new DirectoryLock(real, channel);
            } finally {
                if (!taken) {
                    HELD.remove(real);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not take directory " + directory, e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(FILE), CREATE, READ, WRITE);
        @Nullable FileLock lock = channel.tryLock();
        if (lock == null) {
            String owner = Files.readString(directory.resolve(FILE));
            channel.close();
            throw new IllegalStateException(
                    refusal(directory, owner.isEmpty() ? "another process" : "process " + owner));
        }
        channel.truncate(0);
        channel.write(
                StandardCharsets.US_ASCII.encode(
                        Long.toString(ProcessHandle.current().pid())),
                0);
        return channel;
    }

    private static String refusal(Path directory, String owner) {
        return "directory %s is in use by %s: stop that first, or name another directory".formatted(directory, owner);
    }

    /** The directory, with all symbolic links resolved. */
    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not release directory " + directory, e);
        } finally {
            HELD.remove(directory);
        }
    }
}
