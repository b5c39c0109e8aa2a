package io.skyroll.producers.postgres;

import io.skyroll.schemas.wire.AvroBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * PostgreSQL's binary numeric: digit count, weight, sign and display scale (16 bits each), then base-10000 digits, where digit i
 * counts 10000^(weight - i). Described by numeric_send in PostgreSQL's src/backend/utils/adt/numeric.c.
 */
final class DecimalField {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final int HEAD_BYTES = 8;
    private static final int BASE = 10_000;
    private static final int DIGITS_PER_GROUP = 4;
    private static final int[] POWERS = {1, 10, 100, 1000};

    private static final int POSITIVE = 0;
    private static final int NEGATIVE = 0x4000;
    private static final int NAN = 0xC000;
    private static final int POSITIVE_INFINITY = 0xD000;

    private DecimalField() {}

    /**
     * Writes the unscaled value as Avro bytes: two's complement, big-endian, as short as it can be.
     *
     * @param start where the field starts
     * @return whether the value has this precision and scale exactly; if not, nothing was written
     */
    static boolean write(byte[] field, int start, int precision, int scale, AvroBuffer target) {
        int count = unsigned(field, start);
        int weight = (short) SHORT.get(field, start + 2);
        int sign = unsigned(field, start + 4);
        int digits = start + HEAD_BYTES;
        if (sign != POSITIVE && sign != NEGATIVE) {
            return false;
        }
        // The first digit is never 0, so this is exactly how many decimal digits the unscaled value has.
        if (count > 0
                && weight * DIGITS_PER_GROUP + decimalDigits(digit(field, digits, count, 0)) + scale > precision) {
            return false;
        }
        int whole = weight + 1 + scale / DIGITS_PER_GROUP;
        // 128 bits hold every number of 38 decimal digits.
        long high = 0;
        long low = 0;
        for (int i = 0; i < whole && count > 0; i++) {
            high = high * BASE + carry(low, BASE);
            low *= BASE;
            long digit = digit(field, digits, count, i);
            low += digit;
            high += Long.compareUnsigned(low, digit) < 0 ? 1 : 0;
        }
        int rest = Math.max(whole, 0);
        int partial = scale % DIGITS_PER_GROUP;
        if (partial > 0 && count > 0) {
            int group = digit(field, digits, count, whole);
            int factor = POWERS[partial];
            int divisor = BASE / factor;
            if (group % divisor != 0) {
                return false;
            }
            high = high * factor + carry(low, factor);
            low *= factor;
            long digit = group / divisor;
            low += digit;
            high += Long.compareUnsigned(low, digit) < 0 ? 1 : 0;
            rest = Math.max(whole + 1, 0);
        }
        for (int i = rest; i < count; i++) {
            if (digit(field, digits, count, i) != 0) {
                return false;
            }
        }
        if (sign == NEGATIVE) {
            low = -low;
            high = ~high + (low == 0 ? 1 : 0);
        }
        write(high, low, target);
        return true;
    }

    /** Writes an unscaled value as Avro bytes. */
    static void writeUnscaled(long unscaled, AvroBuffer target) {
        write(unscaled >> 63, unscaled, target);
    }

    /** Whether the value is a number, neither NaN nor infinite. */
    static boolean isFinite(byte[] field, int start) {
        int sign = unsigned(field, start + 4);
        return sign == POSITIVE || sign == NEGATIVE;
    }

    /** The value as PostgreSQL prints it, with all of the digits behind the point that it has, zeros too. */
    static String text(byte[] field, int start) {
        int sign = unsigned(field, start + 4);
        if (!isFinite(field, start)) {
            return sign == NAN ? "NaN" : sign == POSITIVE_INFINITY ? "Infinity" : "-Infinity";
        }
        int count = unsigned(field, start);
        int weight = (short) SHORT.get(field, start + 2);
        BigInteger unscaled = BigInteger.ZERO;
        for (int i = 0; i < count; i++) {
            unscaled = unscaled.multiply(BigInteger.valueOf(BASE))
                    .add(BigInteger.valueOf(digit(field, start + HEAD_BYTES, count, i)));
        }
        BigDecimal value = new BigDecimal(unscaled)
                .scaleByPowerOfTen(DIGITS_PER_GROUP * (weight + 1 - count))
                .setScale(unsigned(field, start + 6));
        return (sign == NEGATIVE ? value.negate() : value).toPlainString();
    }

    private static int unsigned(byte[] field, int at) {
        return (short) SHORT.get(field, at) & 0xFFFF;
    }

    /** A digit; those beyond the stored ones are 0. */
    private static int digit(byte[] field, int digits, int count, int index) {
        return index < 0 || index >= count ? 0 : (short) SHORT.get(field, digits + index * Short.BYTES);
    }

    private static int decimalDigits(int group) {
        return group >= 1000 ? 4 : group >= 100 ? 3 : group >= 10 ? 2 : 1;
    }

    /** The upper 64 bits of an unsigned number times a small positive one. */
    private static long carry(long low, int factor) {
        return Math.multiplyHigh(low, factor) + (low >> 63 & factor);
    }

    private static void write(long high, long low, AvroBuffer target) {
        long fold = high >> 63;
        long foldedHigh = high ^ fold;
        int bits = foldedHigh != 0
                ? Long.SIZE * 2 - Long.numberOfLeadingZeros(foldedHigh)
                : Long.SIZE - Long.numberOfLeadingZeros(low ^ fold);
        int length = bits / Byte.SIZE + 1;
        target.writeLong(length);
        for (int shift = (length - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            target.writeByte((int) (shift >= Long.SIZE ? high >>> (shift - Long.SIZE) : low >>> shift));
        }
    }
}
