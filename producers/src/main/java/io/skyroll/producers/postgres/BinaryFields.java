package io.skyroll.producers.postgres;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers as PostgreSQL sends them: big-endian, at any place in an array. */
final class BinaryFields {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BinaryFields() {}

    static short int16(byte[] fields, int at) {
        return (short) SHORT.get(fields, at);
    }

    static int int32(byte[] fields, int at) {
        return (int) INT.get(fields, at);
    }

    static long int64(byte[] fields, int at) {
        return (long) LONG.get(fields, at);
    }
}
