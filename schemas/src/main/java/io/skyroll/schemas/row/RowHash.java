package io.skyroll.schemas.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 64-bit hash of a row's bytes: XXH64 with seed 0, the same everywhere. The checksum of many rows is the sum of their hashes modulo
 * 2^64, which does not depend on their order.
 *
 * <p>Source: the xxHash fast digest algorithm, section "XXH64 algorithm description" of its specification.
 */
public final class RowHash {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    /** The first two primes, added modulo 2^64. */
    private static final long FIRST_LANE = 0x60EA27EEADC0B5D6L;

    private static final int STRIPE_BYTES = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private RowHash() {}

    /**
     * The hash of some bytes.
     *
     * @param end exclusive
     */
    public static long of(byte[] bytes, int start, int end) {
        int p = start;
        int length = end - start;
        long hash = PRIME_5;
        if (length >= STRIPE_BYTES) {
            long a = FIRST_LANE;
            long b = PRIME_2;
            long c = 0;
            long d = -PRIME_1;
            for (; end - p >= STRIPE_BYTES; p += STRIPE_BYTES) {
                a = round(a, (long) LONG.get(bytes, p));
                b = round(b, (long) LONG.get(bytes, p + 8));
                c = round(c, (long) LONG.get(bytes, p + 16));
                d = round(d, (long) LONG.get(bytes, p + 24));
            }
            hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
            hash = merge(merge(merge(merge(hash, a), b), c), d);
        }
        return finish(hash + length, bytes, p, end);
    }

    /** A hash of a hash and what comes next; other than those of bytes, it is no XXH64 of anything. */
    public static long combine(long hash, long next) {
        return avalanche(merge(hash, next));
    }

    private static long finish(long start, byte[] bytes, int from, int end) {
        long hash = start;
        int p = from;
        for (; end - p >= Long.BYTES; p += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(bytes, p)), 27) * PRIME_1 + PRIME_4;
        }
        if (end - p >= Integer.BYTES) {
            long four = (int) INT.get(bytes, p) & 0xFFFF_FFFFL;
            hash = Long.rotateLeft(hash ^ (four * PRIME_1), 23) * PRIME_2 + PRIME_3;
            p += Integer.BYTES;
        }
        for (; p < end; p++) {
            hash = Long.rotateLeft(hash ^ ((bytes[p] & 0xFF) * PRIME_5), 11) * PRIME_1;
        }
        return avalanche(hash);
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }

    private static long merge(long hash, long lane) {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * PRIME_2;
        mixed = (mixed ^ (mixed >>> 29)) * PRIME_3;
        return mixed ^ (mixed >>> 32);
    }
}
