package io.skyroll.streams.filter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A numeric constant that whole numbers are compared with exactly, without making decimals of them.
 *
 * @param floor the greatest {@code long} that is not above the constant, or the nearest end of the range
 * @param atFloor how a number equal to {@code floor} compares with the constant
 */
record Threshold(long floor, int atFloor) {
    /**
     * Prepares a constant.
     *
     * @param scale the compared numbers are counts of 10^-scale
     */
    static Threshold of(BigDecimal constant, int scale) {
        BigDecimal scaled = constant.movePointRight(scale);
        BigDecimal floor = scaled.setScale(0, RoundingMode.FLOOR);
        BigInteger whole = floor.unscaledValue();
        if (whole.bitLength() >= Long.SIZE) {
            return whole.signum() > 0 ? new Threshold(Long.MAX_VALUE, -1) : new Threshold(Long.MIN_VALUE, 1);
        }
        return new Threshold(whole.longValue(), floor.compareTo(scaled) == 0 ? 0 : -1);
    }

    int compare(long value) {
        return value == floor ? atFloor : Long.compare(value, floor);
    }
}
