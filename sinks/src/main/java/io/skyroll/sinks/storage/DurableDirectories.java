package io.skyroll.sinks.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps account of directories whose entries are not yet known to be on disk: a new name survives a power cut only after
 * its directory is synced, and so on up to the root. Thread-safe.
 */
final class DurableDirectories {

    /** Bounds memory in a process that publishes for months; forgetting costs only a few needless syncs. */
    private static final int MAX_KNOWN = 10_000;

    private final Path root;

    /** Directories whose own entries, up to the root, are on disk or pending. */
    private final Set<Path> known = ConcurrentHashMap.newKeySet();

    private final Set<Path> pending = ConcurrentHashMap.newKeySet();
    private final Object syncing = new Object();

    DurableDirectories(Path root) {
        this.root = root;
    }

    /** Creates the directory that is to hold the file, as {@link #create} does. */
    void createFor(Path file) throws IOException {
        create(parent(file));
    }

    /** Creates the directory and its parents where they are missing. Their entries are on disk after {@link #sync}. */
    void create(Path directory) throws IOException {
        if (known.contains(directory) && Files.isDirectory(directory)) {
            return;
        }
        for (Path missing = root; !Files.exists(missing); missing = parent(missing)) {
            pending.add(parent(missing));
        }
        Files.createDirectories(directory);
        // Also for directories that were there: another process may have made them just now.
        for (Path child = directory; !child.equals(root); child = parent(child)) {
            pending.add(parent(child));
        }
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        known.add(directory);
    }

    /** Notes that the file or directory was given its name, or lost it. */
    void changed(Path entry) {
        pending.add(parent(entry));
    }

    /** Returns when every change noted before the call is on disk. */
    void sync() throws IOException {
        // Who waits here for another thread's round may rely on what that round has taken from the set.
        synchronized (syncing) {
            for (Path directory : List.copyOf(pending)) {
                // Removed first: a change noted during the sync must stay for the next round.
                pending.remove(directory);
                try {
                    force(directory);
                } catch (IOException e) {
                    pending.add(directory);
                    throw e;
                }
            }
        }
    }

    /** Of a path below the root of the file system, which always exists. */
    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            // Deleted meanwhile, with the entries that were to be kept.
            return;
        }
    }
}
