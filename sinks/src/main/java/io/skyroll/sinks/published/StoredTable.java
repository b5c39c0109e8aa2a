package io.skyroll.sinks.published;

import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file of a store, as parquet-java wants to be given one. Its streams are owned by one thread each. */
record StoredTable(Store store, String path) implements InputFile {

    @Override
    public long getLength() throws IOException {
        try (StoreInput input = store.open(path)) {
            return input.length();
        }
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        Bytes bytes = new Bytes(store.open(path));
        return new DelegatingSeekableInputStream(bytes) {
            @Override
            public long getPos() {
                return bytes.position;
            }

            @Override
            public void seek(long position) {
                bytes.position = position;
            }
        };
    }

    @Override
    public String toString() {
        return path;
    }

    private static final class Bytes extends InputStream {
        private final StoreInput input;
        private long position;

        Bytes(StoreInput input) {
            this.input = input;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, buffer.length);
            if (position < 0 || position > input.length()) {
                throw new EOFException("position %d is beyond the end at %d".formatted(position, input.length()));
            }
            int available = (int) Math.min(length, input.length() - position);
            if (available == 0) {
                return length == 0 ? 0 : -1;
            }
            input.readFully(position, buffer, offset, available);
            position += available;
            return available;
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }
}
