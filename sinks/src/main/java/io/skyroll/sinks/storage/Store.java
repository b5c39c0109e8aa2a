package io.skyroll.sinks.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A tree of objects under one root, on a local disk, on HDFS or in an S3 bucket, with the few verbs that publishing
 * needs. A path is relative to the root, its segments separated by {@code '/'}; a segment is not empty, not {@code .}
 * or {@code ..}, has no backslash, colon or control character and at most 255 bytes in UTF-8. Every method throws
 * {@link IllegalArgumentException} for any other path, and for a path under {@code _skyroll/tmp}, which the stores keep
 * for unfinished files and never list.
 *
 * <p>Directories come into being with the first object in them. Whether a directory outlives its last object depends on
 * the store, so nothing may rely on an empty one.
 *
 * <p>Durable means: survives a power cut of the machine that answers, as far as the disk, the datanodes or the object
 * store keep their promises. {@link #createIfAbsent}, {@link #replace} and {@link StoreOutput#commit} are durable when
 * they return; {@link #linkOrCopy} and {@link #delete} before a later one of those three on the same instance makes its
 * object visible. Thus a thousand links cost one round of directory syncs, and are there before the file that speaks of
 * them.
 *
 * <p>All stores are safe for use by several threads and by several processes at once.
 */
public interface Store extends AutoCloseable {

    /**
     * Creates the object unless there is one, atomically: of any number of concurrent callers, in any number of
     * processes, exactly one gets {@code true}. Readers see no object or the whole content.
     *
     * @return whether this call created the object; if {@code false}, the object exists, complete and durable
     */
    boolean createIfAbsent(String path, byte[] content) throws IOException;

    /**
     * Starts a large object, which becomes visible only by {@link StoreOutput#commit}. Meant for names that no one else
     * uses: an object that exists by then is replaced.
     */
    StoreOutput create(String path) throws IOException;

    /**
     * Creates the object or puts the new content in the place of the old, atomically: a reader sees all of the one or
     * all of the other. The last of several concurrent callers wins.
     */
    void replace(String path, byte[] content) throws IOException;

    /**
     * Makes {@code to} an object with the content of {@code from}: by a hard link, by a copy inside the object store,
     * or by a copy through this process, whichever is the cheapest that works. An object at {@code to} of the same
     * length is taken to be the finished work of an earlier call, so callers give content-addressed or versioned names.
     * Neither object may be changed afterwards: they may be one.
     *
     * @throws java.nio.file.NoSuchFileException if {@code from} is absent
     * @throws java.nio.file.FileAlreadyExistsException if {@code to} is an object of another length
     */
    void linkOrCopy(String from, String to) throws IOException;

    /**
     * Makes {@code path} another name of an object or a directory, in the place of whatever object or name it was, atomically: for
     * readers that come by the file system. Durable when it returns.
     *
     * @return false where there are no such names; nothing has happened then
     */
    default boolean alias(String path, String target) throws IOException {
        return false;
    }

    /** What a path is another name of; empty if it is none. */
    default Optional<String> aliased(String path) throws IOException {
        return Optional.empty();
    }

    /**
     * The direct children, sorted by name; empty if there are none or the directory is absent.
     *
     * @param directory a path, or the empty string for the root
     */
    List<Entry> list(String directory) throws IOException;

    /** Deletes the object, or the directory with everything in it. Nothing happens if it is absent. */
    void delete(String path) throws IOException;

    /** The whole content of the object, or empty if it is absent. For small objects. */
    Optional<byte[]> read(String path) throws IOException;

    /**
     * Opens the object for reading.
     *
     * @throws java.nio.file.NoSuchFileException if it is absent
     */
    StoreInput open(String path) throws IOException;

    /** The absolute location, for messages and logs. The empty path names the root. */
    String uri(String path);

    /** Releases connections. Open outputs and inputs may fail afterwards. */
    @Override
    default void close() {}

    /**
     * A direct child of a directory.
     *
     * @param name the last segment of its path
     * @param sizeBytes length of the content, 0 for a directory
     */
    record Entry(String name, long sizeBytes, boolean isDirectory) {}
}
