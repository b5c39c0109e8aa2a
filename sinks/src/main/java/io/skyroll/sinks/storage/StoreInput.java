package io.skyroll.sinks.storage;

import java.io.Closeable;
import java.io.IOException;

/** An object open for reading at any position, best in large pieces. Used by one thread at a time. */
public interface StoreInput extends Closeable {

    /** Length of the object in bytes. */
    long length();

    /**
     * Reads exactly {@code length} bytes from {@code position} on into {@code buffer} at {@code offset}.
     *
     * @throws java.io.EOFException if the object ends before
     * @throws IndexOutOfBoundsException if the bytes do not fit, or the position is negative
     */
    void readFully(long position, byte[] buffer, int offset, int length) throws IOException;
}
