package io.skyroll.sinks.hats;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * How large a catalog is.
 *
 * @param rows rows in all leaves
 * @param maxRows most rows a leaf may have, as {@code hats-import} writes it
 * @param highestOrder highest order of a leaf's pixel
 * @param skyFraction part of the sky that the leaves' pixels cover, 0 to 1, kept with five significant digits
 * @param kibibytes bytes on disk / 1024
 */
public record CatalogSize(long rows, long maxRows, int highestOrder, BigDecimal skyFraction, long kibibytes) {
    private static final MathContext FIVE_DIGITS = new MathContext(5);

    public CatalogSize {
        if (rows < 0 || maxRows < 1 || kibibytes < 0) {
            throw new IllegalArgumentException("rows and kibibytes must be at least 0 and maxRows 1: %d, %d, %d"
                    .formatted(rows, kibibytes, maxRows));
        }
        BigDecimal rounded = skyFraction.round(FIVE_DIGITS).stripTrailingZeros();
        // Written like any floating-point number, with a decimal point.
        skyFraction = rounded.scale() < 1 ? rounded.setScale(1) : rounded;
        if (skyFraction.signum() < 0 || skyFraction.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("skyFraction must be in [0, 1]: " + skyFraction);
        }
    }

    /**
     * The size of a catalog.
     *
     * @param bytes bytes of all leaf files
     */
    public static CatalogSize of(CatalogPixels pixels, long rows, long maxRows, long bytes) {
        return new CatalogSize(
                rows, maxRows, pixels.highestOrder(), BigDecimal.valueOf(pixels.skyFraction()), (bytes + 1023) / 1024);
    }
}
