package io.skyroll.schemas.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing byte array that Avro binary is written to. Owned by one thread. */
public final class AvroBuffer {
    private static final VarHandle LITTLE_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LITTLE_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_VARINT = 10;

    private byte[] bytes;
    private int size;

    public AvroBuffer(int initialCapacityBytes) {
        bytes = new byte[initialCapacityBytes];
    }

    /** The content; valid from 0 to {@link #size()} until the next write. */
    public byte[] bytes() {
        return bytes;
    }

    /** Size of what was written, in bytes. */
    public int size() {
        return size;
    }

    /** Drops what stands at and behind the given size. */
    public void truncate(int newSize) {
        size = newSize;
    }

    public void clear() {
        size = 0;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes an Avro int or long (zig-zag variable-length). */
    public void writeLong(long value) {
        reserve(MAX_VARINT);
        long raw = (value << 1) ^ (value >> 63);
        byte[] target = bytes;
        int p = size;
        while ((raw & ~0x7FL) != 0) {
            target[p++] = (byte) (raw | 0x80);
            raw >>>= 7;
        }
        target[p++] = (byte) raw;
        size = p;
    }

    public void writeByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    /** Writes an Avro double given as its IEEE 754 bits, so that every NaN stays as it is. */
    public void writeDoubleBits(long bits) {
        reserve(Long.BYTES);
        LITTLE_LONG.set(bytes, size, bits);
        size += Long.BYTES;
    }

    /** Writes an Avro float given as its IEEE 754 bits. */
    public void writeFloatBits(int bits) {
        reserve(Integer.BYTES);
        LITTLE_INT.set(bytes, size, bits);
        size += Integer.BYTES;
    }

    /** Writes bytes as they are, without a length. */
    public void write(byte[] source, int start, int length) {
        reserve(length);
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }

    /** Writes Avro bytes or a string (given in UTF-8): length, then content. */
    public void writeWithLength(byte[] source, int start, int length) {
        writeLong(length);
        write(source, start, length);
    }

    /** Makes sure that the given number of bytes can follow without growing. */
    public void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
    }
}
