package io.skyroll.streams.filter;

import java.math.BigDecimal;

/**
 * How many digits a numeric quotient has behind the point: at least 16 significant ones, counted in PostgreSQL's digits of base
 * 10,000, and no fewer than either operand shows (select_div_scale in PostgreSQL's numeric.c).
 */
final class Quotient {
    private static final int DIGITS_PER_PLACE = 4;
    private static final int MIN_SIGNIFICANT_DIGITS = 16;
    private static final int MAX_SCALE = 1000;

    private Quotient() {}

    static int scale(BigDecimal dividend, BigDecimal divisor) {
        int weight = weight(dividend) - weight(divisor);
        if (firstPlace(dividend) <= firstPlace(divisor)) {
            weight--;
        }
        int scale = Math.max(MIN_SIGNIFICANT_DIGITS - weight * DIGITS_PER_PLACE, 0);
        return Math.min(Math.max(scale, Math.max(dividend.scale(), divisor.scale())), MAX_SCALE);
    }

    /** The power of 10,000 of the first place. */
    private static int weight(BigDecimal value) {
        return value.signum() == 0 ? 0 : Math.floorDiv(value.precision() - value.scale() - 1, DIGITS_PER_PLACE);
    }

    private static int firstPlace(BigDecimal value) {
        return value.abs().movePointLeft(weight(value) * DIGITS_PER_PLACE).intValue();
    }
}
