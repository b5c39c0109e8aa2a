package io.skyroll.sinks.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of a local (or NFS) file system, with everything in it on that one file system.
 *
 * <p>Everything is written under a temporary name in {@code _skyroll/tmp}, synced, and then named: by a rename, which
 * replaces, or by a hard link, which fails when the name is taken. Where the file system has no hard links (FAT, exFAT,
 * some network and container mounts; found out by trying, at the first write) an operating system lock on {@code
 * _skyroll/tmp/create} guards "look, then rename" instead, and {@link #linkOrCopy} copies.
 *
 * <p>Temporary files of a process that died are deleted by the next store on the same root at its first write. A store
 * that is only read changes nothing on disk.
 */
public final class LocalStore implements Store {

    private static final Logger log = LoggerFactory.getLogger(LocalStore.class);

    private final Path root;
    private final Path tmp;
    private final DurableDirectories directories;

    private @Nullable Naming naming;
    private @Nullable Scratch scratch;

    /** A store on the directory, which is created by the first write. */
    public LocalStore(Path root) {
        this(root, null);
    }

    /** With a given way of naming instead of the one found by trying. */
    LocalStore(Path root, @Nullable Naming naming) {
        this.root = root.toAbsolutePath().normalize();
        this.tmp = this.root.resolve(StorePath.SKYROLL).resolve(StorePath.TMP);
        this.directories = new DurableDirectories(this.root);
        this.naming = naming;
    }

    @Override
    public boolean createIfAbsent(String path, byte[] content) throws IOException {
        Path target = resolve(path);
        if (Files.exists(target)) {
            // Saves losers the write. Its winner may not have come to the sync yet.
            directories.createFor(target);
            directories.changed(target);
            directories.sync();
            return false;
        }
        Path temporary = scratch().next();
        try {
            write(temporary, content);
            return nameIfFree(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    @Override
    public StoreOutput create(String path) throws IOException {
        Path target = resolve(path);
        return new LocalOutput(scratch().next(), temporary -> name(temporary, target));
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        Path target = resolve(path);
        Path temporary = scratch().next();
        try {
            write(temporary, content);
            name(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    @Override
    public void linkOrCopy(String from, String to) throws IOException {
        Path source = resolve(from);
        Path target = resolve(to);
        BasicFileAttributes attributes = Files.readAttributes(source, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new NoSuchFileException(source.toString(), null, "not a file");
        }
        directories.createFor(target);
        if (!isLinked(source, target) && !Files.exists(target)) {
            copy(source, target);
        }
        if (Files.size(target) != attributes.size()) {
            throw new FileAlreadyExistsException(
                    target.toString(),
                    source.toString(),
                    "has %d bytes, not %d".formatted(Files.size(target), attributes.size()));
        }
        directories.changed(target);
    }

    @Override
    public boolean alias(String path, String target) throws IOException {
        Path name = resolve(path);
        Path temporary = scratch().next();
        if (!SymbolicName.create(temporary, name, resolve(target))) {
            return false;
        }
        try {
            name(temporary, name);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return true;
    }

    @Override
    public Optional<String> aliased(String path) throws IOException {
        return SymbolicName.target(resolve(path))
                .map(target -> root.relativize(target).toString());
    }

    @Override
    public List<Entry> list(String directory) throws IOException {
        Path path = root.resolve(StorePath.checkedDirectory(directory));
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                if (!StorePath.isHidden(directory, name)) {
                    entry(child, name).ifPresent(entries::add);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(Comparator.comparing(Entry::name));
        return entries;
    }

    @Override
    public void delete(String path) throws IOException {
        Path target = resolve(path);
        Files.walkFileTree(target, new TreeDeletion(tmp));
        directories.changed(target);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(resolve(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public StoreInput open(String path) throws IOException {
        return LocalInput.open(resolve(path));
    }

    @Override
    public String uri(String path) {
        return root.resolve(StorePath.checkedDirectory(path)).toString();
    }

    @Override
    public synchronized void close() {
        if (scratch == null) {
            return;
        }
        try {
            scratch.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("directory", tmp).log("lock of unfinished files not released");
        }
        scratch = null;
    }

    private Path resolve(String path) {
        return root.resolve(StorePath.checked(path));
    }

    private static void write(Path temporary, byte[] content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /**
     * Puts the synced file in the place of whatever is there. Earlier links are on disk before: what this file says may
     * rest on them.
     */
    private void name(Path temporary, Path target) throws IOException {
        directories.createFor(target);
        directories.sync();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        directories.changed(target);
        directories.sync();
    }

    /** Gives the synced file its name unless that is taken. Either way the name is on disk afterwards. */
    private boolean nameIfFree(Path temporary, Path target) throws IOException {
        directories.createFor(target);
        directories.sync();
        boolean created = naming().nameIfFree(temporary, target);
        directories.changed(target);
        directories.sync();
        return created;
    }

    private boolean isLinked(Path source, Path target) throws IOException {
        if (naming() != Naming.HARD_LINK) {
            return false;
        }
        try {
            Files.createLink(target, source);
            return true;
        } catch (FileAlreadyExistsException e) {
            return true;
        } catch (FileSystemException e) {
            // The inode has all the links it takes (65,000 on ext4), or lies behind another mount, or belongs to
            // another user. A copy tells these from a real failure.
            log.atDebug().setCause(e).addKeyValue("file", source).log("file copied for want of a link");
            return false;
        }
    }

    private void copy(Path source, Path target) throws IOException {
        Path temporary = scratch().next();
        try {
            Files.copy(source, temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            nameIfFree(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Optional<Entry> entry(Path child, String name) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(child, BasicFileAttributes.class);
            boolean directory = attributes.isDirectory();
            return Optional.of(new Entry(name, directory ? 0 : attributes.size(), directory));
        } catch (NoSuchFileException e) {
            // Deleted since it was listed.
            return Optional.empty();
        }
    }

    private synchronized Scratch scratch() throws IOException {
        if (scratch == null) {
            directories.create(tmp);
            scratch = Scratch.open(tmp);
        }
        return scratch;
    }

    private synchronized Naming naming() throws IOException {
        if (naming == null) {
            naming = Naming.tried(scratch().next(), scratch().next(), scratch().next());
        }
        return naming;
    }
}
