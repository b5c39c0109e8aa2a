package io.skyroll.sinks.storage;

import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * A stream of a Hadoop file system. Seeks and reads instead of using positioned reads, which on HDFS open a connection
 * each, so that neighbouring reads are served by one stream.
 */
final class HadoopInput implements StoreInput {

    private final FSDataInputStream stream;
    private final long length;

    HadoopInput(FSDataInputStream stream, long length) {
        this.stream = stream;
        this.length = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void readFully(long position, byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        Objects.checkIndex(position, Long.MAX_VALUE);
        if (position + length > this.length) {
            throw new EOFException(
                    "%d bytes at %d are beyond the end at %d: %s".formatted(length, position, this.length, stream));
        }
        if (length == 0) {
            return;
        }
        stream.seek(position);
        stream.readFully(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
