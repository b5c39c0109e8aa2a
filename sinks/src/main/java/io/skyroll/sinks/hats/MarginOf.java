package io.skyroll.sinks.hats;

/**
 * What a margin catalog belongs to.
 *
 * @param primary directory of the main catalog
 * @param thresholdArcsec rows at least this near to a pixel's border are in its margin, in arcseconds
 */
public record MarginOf(String primary, double thresholdArcsec) {
    public MarginOf {
        PropertiesText.checkedDirectory("primary catalog", primary);
        if (!(thresholdArcsec > 0) || Double.isInfinite(thresholdArcsec)) {
            throw new IllegalArgumentException("thresholdArcsec must be above 0: " + thresholdArcsec);
        }
    }
}
