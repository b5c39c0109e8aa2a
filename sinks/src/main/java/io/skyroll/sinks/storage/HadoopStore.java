package io.skyroll.sinks.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.OpenFileOptions;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.util.functional.FutureIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stores on HDFS and S3 share: all that reads, lists and deletes. Owns its file system client. */
abstract sealed class HadoopStore implements Store permits HdfsStore, S3aStore {

    private static final Logger log = LoggerFactory.getLogger(HadoopStore.class);

    /** Tried from left to right by clients of different ages. */
    private static final String READ_POLICY = "parquet, columnar, vector, random, adaptive";

    private static final int COPY_BYTES = 4 << 20;

    private final Path root;
    private final FileSystem files;

    HadoopStore(Path root, FileSystem files) {
        this.root = root;
        this.files = files;
    }

    @Override
    public final List<Entry> list(String directory) throws IOException {
        Path path = at(StorePath.checkedDirectory(directory));
        List<Entry> entries = new ArrayList<>();
        try {
            RemoteIterator<FileStatus> children = files.listStatusIterator(path);
            while (children.hasNext()) {
                FileStatus child = children.next();
                String name = child.getPath().getName();
                // A file lists itself.
                if (!child.getPath().equals(path) && !StorePath.isHidden(directory, name)) {
                    entries.add(new Entry(name, child.isDirectory() ? 0 : child.getLen(), child.isDirectory()));
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        entries.sort(Comparator.comparing(Entry::name));
        return entries;
    }

    @Override
    public final void delete(String path) throws IOException {
        files.delete(resolve(path), true);
    }

    @Override
    public final StoreInput open(String path) throws IOException {
        FileStatus status = status(path);
        return new HadoopInput(
                FutureIO.awaitFuture(files.openFile(status.getPath())
                        .opt(OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY, READ_POLICY)
                        .withFileStatus(status)
                        .build()),
                status.getLen());
    }

    @Override
    public final String uri(String path) {
        return at(StorePath.checkedDirectory(path)).toString();
    }

    @Override
    public final void close() {
        try {
            files.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("root", root).log("file system client not closed");
        }
    }

    final Path resolve(String path) {
        return at(StorePath.checked(path));
    }

    /** The unchecked path under the root, with characters that mean something in a URI taken as they are. */
    final Path at(String path) {
        return path.isEmpty()
                ? root
                : new Path(
                        root.toUri().getScheme(),
                        root.toUri().getAuthority(),
                        root.toUri().getPath() + "/" + path);
    }

    /** The file's status, or {@link NoSuchFileException} if it is absent or a directory. */
    final FileStatus status(String path) throws IOException {
        try {
            FileStatus status = files.getFileStatus(resolve(path));
            if (status.isFile()) {
                return status;
            }
        } catch (FileNotFoundException e) {
            throw (NoSuchFileException) new NoSuchFileException(uri(path)).initCause(e);
        }
        throw new NoSuchFileException(uri(path), null, "is a directory");
    }

    /** Writes the content of one object to another, which must not be written by others meanwhile. */
    final void copyThroughClient(String from, StoreOutput to) throws IOException {
        try (StoreInput input = open(from)) {
            byte[] buffer = new byte[(int) Math.min(COPY_BYTES, input.length())];
            long position = 0;
            while (position < input.length()) {
                int piece = (int) Math.min(buffer.length, input.length() - position);
                input.readFully(position, buffer, 0, piece);
                to.write(buffer, 0, piece);
                position += piece;
            }
        }
    }

    /** For {@link #linkOrCopy}: the target that is there must be the one that was wanted. */
    final void checkLength(String to, long found, String from, long expected) throws FileAlreadyExistsException {
        if (found != expected) {
            throw new FileAlreadyExistsException(uri(to), uri(from), "has %d bytes, not %d".formatted(found, expected));
        }
    }
}
