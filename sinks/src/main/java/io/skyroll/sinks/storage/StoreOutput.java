package io.skyroll.sinks.storage;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An object being written. It becomes visible, whole and durable by {@link #commit}; {@link #close} without it discards
 * everything, so that a failed writer leaves nothing:
 *
 * <pre>{@code
 * try (StoreOutput output = store.create(path)) {
 *     output.write(bytes);
 *     output.commit();
 * }
 * }</pre>
 *
 * Owned by one thread.
 */
public abstract class StoreOutput extends OutputStream {

    /** Number of bytes written so far. */
    public abstract long position();

    /**
     * Finishes the object. Nothing can be written afterwards. After an exception it is open whether the object exists,
     * but never partly.
     */
    public abstract void commit() throws IOException;

    @Override
    public final void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public abstract void write(byte[] bytes, int offset, int length) throws IOException;

    /** Discards what was written unless it was committed. */
    @Override
    public abstract void close() throws IOException;
}
