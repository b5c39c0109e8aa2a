package io.skyroll.sinks.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A file under a temporary name. */
final class LocalOutput extends StoreOutput {

    /** Gives the finished, synced file its name. */
    interface Commit {
        void rename(Path temporary) throws IOException;
    }

    /**
     * Size of the buffer and of the pieces handed to the channel. The channel copies each piece to a direct buffer that
     * it keeps for the thread, as large as the largest piece.
     */
    private static final int PIECE_BYTES = 256 << 10;

    private final Path temporary;
    private final Commit commit;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(PIECE_BYTES);
    private long position;

    LocalOutput(Path temporary, Commit commit) throws IOException {
        this.temporary = temporary;
        this.commit = commit;
        this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        checkOpen();
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, buffer.remaining());
            buffer.put(bytes, offset + done, piece);
            done += piece;
            if (!buffer.hasRemaining()) {
                drain();
            }
        }
        position += length;
    }

    @Override
    public void commit() throws IOException {
        checkOpen();
        drain();
        channel.force(true);
        channel.close();
        commit.rename(temporary);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(temporary);
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private void checkOpen() throws IOException {
        if (!channel.isOpen()) {
            throw new IOException("output is committed or closed: " + temporary);
        }
    }
}
