package io.skyroll.sinks.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A file read by position. */
final class LocalInput implements StoreInput {

    /** The channel keeps a direct buffer per thread as large as the largest piece it was asked for. */
    private static final int PIECE_BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final long length;

    private LocalInput(Path file, FileChannel channel, long length) {
        this.file = file;
        this.channel = channel;
        this.length = length;
    }

    static LocalInput open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new LocalInput(file, channel, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void readFully(long position, byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        Objects.checkIndex(position, Long.MAX_VALUE);
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, PIECE_BYTES);
            int read = channel.read(ByteBuffer.wrap(buffer, offset + done, piece), position + done);
            if (read < 0) {
                throw new EOFException("%d bytes at %d are beyond the end at %d: %s"
                        .formatted(length, position, channel.size(), file));
            }
            done += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
