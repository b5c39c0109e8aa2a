package io.skyroll.healpix;

/**
 * A direction on the sky.
 *
 * @param raDegrees right ascension in degrees, in [0, 360) when it comes from this library
 * @param decDegrees declination in degrees, in [-90, 90]
 */
public record SkyPoint(double raDegrees, double decDegrees) {}
