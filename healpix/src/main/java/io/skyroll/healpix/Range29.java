package io.skyroll.healpix;

import java.util.ArrayList;
import java.util.List;

/**
 * A contiguous range of order-29 cells, possibly empty. Immutable.
 *
 * @param first29 the first cell
 * @param end29 one past the last cell, in [first29, 12·4^29]
 */
public record Range29(long first29, long end29) {
    private static final long ALL = Healpix.pixelCount(Healpix.MAX_ORDER);

    public Range29 {
        if (first29 < 0 || end29 < first29 || end29 > ALL) {
            throw new IllegalArgumentException(
                    "a range of order-29 cells must satisfy 0 <= first <= end <= %d: [%d, %d)"
                            .formatted(ALL, first29, end29));
        }
    }

    /** Whether an order-29 cell lies in this range. */
    public boolean contains(long healpix29) {
        return healpix29 >= first29 && healpix29 < end29;
    }

    /** The fewest pixels, of whatever orders, that together are exactly this range; in sky order. */
    public List<Pixel> pixels() {
        List<Pixel> pixels = new ArrayList<>();
        for (long next = first29; next < end29; ) {
            // The largest pixel that may start here, and fits.
            int startLevels = Long.numberOfTrailingZeros(next) / 2;
            int fitLevels = (Long.SIZE - 1 - Long.numberOfLeadingZeros(end29 - next)) / 2;
            int order = Healpix.MAX_ORDER - Math.min(Healpix.MAX_ORDER, Math.min(startLevels, fitLevels));
            Pixel pixel = Pixel.containing(order, next);
            pixels.add(pixel);
            next = pixel.end29();
        }
        return List.copyOf(pixels);
    }
}
