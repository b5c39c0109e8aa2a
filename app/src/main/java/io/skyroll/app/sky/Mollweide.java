package io.skyroll.app.sky;

import io.skyroll.healpix.SkyPoint;
import java.util.Optional;

/**
 * Mollweide's projection of the whole sky, which keeps areas: an ellipse of width 4√2 and height 2√2 around the origin, with right ascension
 * 0 in the middle and growing to the left, as the sky is seen from inside.
 *
 * <p>Source: J. P. Snyder 1987, Map Projections: A Working Manual (USGS Professional Paper 1395), chapter 31, equations 31-1 to 31-8, for a
 * sphere of radius 1.
 */
public final class Mollweide {
    /** Half of the width. */
    public static final double HALF_WIDTH = 2 * Math.sqrt(2);

    /** Half of the height. */
    public static final double HALF_HEIGHT = Math.sqrt(2);

    private static final double HALF_TURN = 180;
    private static final double TOLERANCE = 1e-15;
    /** Newton's method needs fewest steps in the middle, and some thirty next to the poles. */
    private static final int MAX_STEPS = 100;

    private Mollweide() {}

    /**
     * A point of the plane.
     *
     * @param x to the right
     * @param y up
     */
    public record Point(double x, double y) {}

    /**
     * Where a position is in the plane.
     *
     * @param ra in degrees, any finite number
     * @param dec in degrees, from -90 to 90
     */
    public static Point project(double ra, double dec) {
        double theta = theta(Math.toRadians(dec));
        double longitude = Math.toRadians(centred(ra));
        return new Point(-HALF_WIDTH / Math.PI * longitude * Math.cos(theta), HALF_HEIGHT * Math.sin(theta));
    }

    /** What is at a point of the plane, with right ascension in [0, 360); empty outside of the ellipse. */
    public static Optional<SkyPoint> invert(double x, double y) {
        double sine = y / HALF_HEIGHT;
        if (Math.abs(sine) > 1) {
            return Optional.empty();
        }
        double theta = Math.asin(sine);
        double dec = Math.asin(Math.max(-1, Math.min(1, (2 * theta + Math.sin(2 * theta)) / Math.PI)));
        double reach = HALF_WIDTH * Math.cos(theta);
        if (Math.abs(x) > reach) {
            return Optional.empty();
        }
        double longitude = reach == 0 ? 0 : -HALF_TURN * x / reach;
        double ra = longitude < 0 ? longitude + 2 * HALF_TURN : longitude;
        return Optional.of(new SkyPoint(ra < 2 * HALF_TURN ? ra : 0, Math.toDegrees(dec)));
    }

    /** Right ascension from -180 to 180. */
    private static double centred(double ra) {
        double turned = ra % (2 * HALF_TURN);
        if (turned > HALF_TURN) {
            return turned - 2 * HALF_TURN;
        }
        return turned < -HALF_TURN ? turned + 2 * HALF_TURN : turned;
    }

    /** Solves 2θ + sin 2θ = π sin(dec) for θ. */
    private static double theta(double dec) {
        double right = Math.PI * Math.sin(dec);
        double twice = 2 * Math.asin(Math.max(-1, Math.min(1, 2 * dec / Math.PI)));
        for (int step = 0; step < MAX_STEPS; step++) {
            double slope = 1 + Math.cos(twice);
            if (slope < TOLERANCE) {
                break;
            }
            double change = (twice + Math.sin(twice) - right) / slope;
            twice -= change;
            if (Math.abs(change) < TOLERANCE) {
                break;
            }
        }
        return Math.max(-Math.PI / 2, Math.min(Math.PI / 2, twice / 2));
    }
}
