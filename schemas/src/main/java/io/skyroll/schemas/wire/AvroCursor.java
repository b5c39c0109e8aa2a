package io.skyroll.schemas.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads Avro binary from a byte array, moving a position forward. Reading beyond the array throws
 * {@link ArrayIndexOutOfBoundsException}. Owned by one thread; reused from record to record.
 */
public final class AvroCursor {
    private static final VarHandle LITTLE_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LITTLE_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[0];
    private int position;

    /** Points the cursor at a place; the array is not copied. */
    public AvroCursor at(byte[] source, int start) {
        bytes = source;
        position = start;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int position() {
        return position;
    }

    public void position(int newPosition) {
        position = newPosition;
    }

    /** Reads an Avro int or long (zig-zag variable-length). */
    public long readLong() {
        byte[] source = bytes;
        int p = position;
        int b = source[p++];
        long raw = b & 0x7F;
        for (int shift = 7; b < 0; shift += 7) {
            b = source[p++];
            raw |= (b & 0x7FL) << shift;
        }
        position = p;
        return (raw >>> 1) ^ -(raw & 1);
    }

    /** Reads an Avro int. */
    public int readInt() {
        return (int) readLong();
    }

    public boolean readBoolean() {
        return bytes[position++] != 0;
    }

    /** Reads the branch of a union of null and one other type: whether it is the other type. */
    public boolean readPresent() {
        return bytes[position++] != 0;
    }

    public double readDouble() {
        double value = Double.longBitsToDouble((long) LITTLE_LONG.get(bytes, position));
        position += Long.BYTES;
        return value;
    }

    public float readFloat() {
        float value = Float.intBitsToFloat((int) LITTLE_INT.get(bytes, position));
        position += Integer.BYTES;
        return value;
    }

    /** Reads the length of bytes or a string; its content follows at {@link #position()}. */
    public int readLength() {
        return (int) readLong();
    }
}
