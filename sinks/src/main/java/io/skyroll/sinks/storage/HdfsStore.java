package io.skyroll.sinks.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of an HDFS cluster. Files are written under a temporary name in {@code _skyroll/tmp}, synced block by
 * block on the datanodes, and renamed. A rename that is not to overwrite fails if the name is taken, and is one step of
 * the namenode, which also recognises a repeated request. There are no links: {@link #linkOrCopy} sends the bytes
 * through this process.
 *
 * <p>A process that dies leaves its temporary files, which may be deleted while no sink runs.
 */
final class HdfsStore extends HadoopStore {

    private static final Logger log = LoggerFactory.getLogger(HdfsStore.class);

    private static final int READ_ATTEMPTS = 10;

    private static final int BUFFER_BYTES = 64 << 10;

    private final DistributedFileSystem files;

    HdfsStore(Path root, DistributedFileSystem files) {
        super(root, files);
        this.files = files;
    }

    @Override
    public boolean createIfAbsent(String path, byte[] content) throws IOException {
        Path target = resolve(path);
        return !files.exists(target) && writeIfFree(target, output -> output.write(content));
    }

    @Override
    public StoreOutput create(String path) throws IOException {
        Path target = resolve(path);
        return temporary(temporary -> {
            files.mkdirs(target.getParent());
            files.rename(temporary, target, Rename.OVERWRITE);
        });
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        try (StoreOutput output = create(path)) {
            output.write(content);
            output.commit();
        }
    }

    @Override
    public void linkOrCopy(String from, String to) throws IOException {
        Path target = resolve(to);
        long length = status(from).getLen();
        if (!files.exists(target)) {
            writeIfFree(target, output -> copyThroughClient(from, output));
        }
        checkLength(to, status(to).getLen(), from, length);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        Path file = resolve(path);
        for (int attempt = 1; ; attempt++) {
            try (FSDataInputStream stream = files.open(file)) {
                return Optional.of(stream.readAllBytes());
            } catch (FileNotFoundException e) {
                return Optional.empty();
            } catch (IOException e) {
                // A file that is replaced while it is read loses its blocks.
                if (attempt == READ_ATTEMPTS) {
                    throw e;
                }
                log.atDebug().setCause(e).addKeyValue("file", file).log("file is read anew");
            }
        }
    }

    private interface Content {
        void write(StoreOutput output) throws IOException;
    }

    private interface Renaming {
        void rename(Path temporary) throws IOException;
    }

    private boolean writeIfFree(Path target, Content content) throws IOException {
        try (StoreOutput output = temporary(temporary -> {
            files.mkdirs(target.getParent());
            files.rename(temporary, target, Rename.NONE);
        })) {
            content.write(output);
            output.commit();
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private StoreOutput temporary(Renaming renaming) throws IOException {
        Path temporary = at(StorePath.SKYROLL + "/" + StorePath.TMP + "/" + UUID.randomUUID());
        FSDataOutputStream stream = files.create(
                temporary,
                FsPermission.getFileDefault(),
                EnumSet.of(CreateFlag.CREATE, CreateFlag.SYNC_BLOCK),
                BUFFER_BYTES,
                files.getDefaultReplication(temporary),
                files.getDefaultBlockSize(temporary),
                null);
        return new HadoopOutput(
                stream,
                open -> {
                    open.hsync();
                    open.close();
                    renaming.rename(temporary);
                },
                open -> {
                    try {
                        open.close();
                    } finally {
                        files.delete(temporary, false);
                    }
                });
    }
}
