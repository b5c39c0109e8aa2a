package io.skyroll.healpix;

import java.util.Arrays;

/**
 * HEALPix arithmetic in NESTED numbering, orders 0 to 29, on plain numbers. At order k the sky has 12·4^k cells of equal area,
 * numbered from 0; the four parts of cell p are 4p to 4p+3 of order k+1.
 *
 * <p><b>The order-29 value is the one to keep.</b> Whoever needs the cell of a stored row at a lower order derives it from the stored
 * order-29 value ({@link #parent}), never from the coordinates again: on cell edges, implementations disagree within rounding, and a
 * row must not belong to two cells. {@link #pixel} obeys the same rule, so here both ways give the same.
 *
 * <p>A position gives the same cell on every machine and Java release, for all depends on IEEE arithmetic and {@link StrictMath} alone.
 *
 * <p>Sources: K. M. Górski et al. 2005, ApJ 622, 759 (the tessellation, its numbering, and the equations of cell centres
 * and boundaries); M. R. Calabretta and B. F. Roukema 2007, MNRAS 381, 865 (the same as a map projection,
 * in whose plane all cells are squares standing on a corner: counting those squares along both diagonals finds the cell of a point).
 *
 * <p>All methods are thread-safe, and throw {@link IllegalArgumentException} when an order is outside [0, 29] or a cell number
 * outside [0, 12·4^order).
 */
public final class Healpix {
    /** The highest order, whose cells are 0.4 milliarcseconds wide. */
    public static final int MAX_ORDER = 29;

    /** The most neighbours a cell can have. */
    public static final int MAX_NEIGHBOURS = 8;

    private static final long BASE_CELLS = 12;
    private static final int SIDE_29 = 1 << MAX_ORDER;
    private static final double RADIANS_PER_DEGREE = Math.PI / 180;

    /** |sin dec| where the equatorial zone, with its rings of equal cell count, ends and the polar caps begin. */
    private static final double CAP = 2.0 / 3.0;

    /** |sin dec| above which 1 - |sin dec| has lost too many digits, so that the cosine must stand in. */
    private static final double NEAR_POLE = 0.99;

    private Healpix() {}

    /**
     * The cell that holds a position ("ang2pix").
     *
     * @param raDegrees right ascension in degrees, any finite number: taken modulo 360
     * @param decDegrees declination in degrees, in [-90, 90]
     * @throws IllegalArgumentException when a coordinate is not finite or the declination is out of range
     */
    public static long pixel(int order, double raDegrees, double decDegrees) {
        checkOrder(order);
        if (!(decDegrees >= -90 && decDegrees <= 90)) {
            throw new IllegalArgumentException("declination must be in [-90, 90] degrees: " + decDegrees);
        }
        double quarters = wrap(raDegrees) / 90;
        double sine = StrictMath.sin(decDegrees * RADIANS_PER_DEGREE);
        long cell = Math.abs(sine) <= CAP ? equatorial(quarters, sine) : polar(quarters, sine, decDegrees);
        return cell >>> (2 * (MAX_ORDER - order));
    }

    /** Right ascension in [0, 360). */
    private static double wrap(double raDegrees) {
        if (raDegrees >= 0 && raDegrees < 360) {
            return raDegrees;
        }
        if (!Double.isFinite(raDegrees)) {
            throw new IllegalArgumentException("right ascension must be a finite number of degrees: " + raDegrees);
        }
        double remainder = raDegrees % 360;
        double wrapped = remainder < 0 ? remainder + 360 : remainder;
        // A tiny negative angle rounds up to the full turn.
        return wrapped < 360 ? wrapped : 0;
    }

    private static long equatorial(double quarters, double sine) {
        double along = SIDE_29 * (0.5 + quarters);
        double up = SIDE_29 * 0.75 * sine;
        // Lines falling to the east are counted in one number, lines rising to the east in the other.
        long falling = (long) (along + up);
        long rising = (long) (along - up);
        int fallingFace = (int) (falling >> MAX_ORDER);
        int risingFace = (int) (rising >> MAX_ORDER);
        int face;
        // Masked, because just west of RA 0 both may round up to a full turn.
        if (risingFace == fallingFace) {
            face = 4 | (risingFace & 3);
        } else if (risingFace < fallingFace) {
            face = risingFace & 3;
        } else {
            face = 8 | (fallingFace & 3);
        }
        int x = (int) falling & (SIDE_29 - 1);
        int y = SIDE_29 - 1 - ((int) rising & (SIDE_29 - 1));
        return cell29(face, x, y);
    }

    private static long polar(double quarters, double sine, double decDegrees) {
        int column = (int) quarters;
        double within = quarters - column;
        double height = Math.abs(sine);
        double scaled = height < NEAR_POLE
                ? Math.sqrt(3 * (1 - height))
                : Math.abs(StrictMath.cos(decDegrees * RADIANS_PER_DEGREE)) / Math.sqrt((1 + height) / 3);
        // Below SIDE_29 even at the first number above CAP, so the counts stay within the base cell.
        double ring = SIDE_29 * scaled;
        int rising = (int) (within * ring);
        int falling = (int) ((1 - within) * ring);
        return sine > 0
                ? cell29(column, SIDE_29 - 1 - falling, SIDE_29 - 1 - rising)
                : cell29(8 + column, rising, falling);
    }

    private static long cell29(int face, int x, int y) {
        return ((long) face << (2 * MAX_ORDER)) | Morton.interleave(x, y);
    }

    /** The centre of a cell ("pix2ang"), with right ascension in [0, 360). */
    public static SkyPoint center(int order, long npix) {
        check(order, npix);
        long side = 1L << order;
        int face = (int) (npix >>> (2 * order));
        long within = npix & (side * side - 1);
        int x = Morton.x(within);
        int y = Morton.y(within);
        int row = face >> 2;
        // Rings of cells are counted from 1 at the north pole to 4·side - 1 at the south pole.
        long ring = (row + 2) * side - x - y - 1;
        long fromPole = Math.min(ring, 4 * side - ring);
        long perQuarter = Math.min(fromPole, side);
        double dec;
        if (fromPole < side) {
            double fraction = (double) fromPole / side;
            double drop = fraction * fraction / 3;
            // With height 1 - drop, its cosine is sqrt(1 - (1 - drop)²), written without cancellation.
            double north = StrictMath.atan2(1 - drop, Math.sqrt(drop * (2 - drop)));
            dec = ring < side ? north : -north;
        } else {
            dec = StrictMath.asin((2 * side - ring) * 2 / (3.0 * side));
        }
        int faceEighths = 2 * (face & 3) + (row == 1 ? 0 : 1);
        long eighths = faceEighths * perQuarter + x - y;
        long positive = eighths < 0 ? eighths + 8 * perQuarter : eighths;
        return new SkyPoint(45.0 * positive / perQuarter, dec / RADIANS_PER_DEGREE);
    }

    /**
     * The neighbours of a cell, over edges and corners, in the order south-west, west, north-west, north, north-east, east, south-east,
     * south (north up, east towards growing right ascension). Directions without a neighbour are left out: at the eight points where
     * three base cells meet, each of the three adjoining cells has 7. The base cells themselves (order 0) have 6.
     */
    public static long[] neighbours(int order, long npix) {
        long[] all = new long[MAX_NEIGHBOURS];
        return Arrays.copyOf(all, neighbours(order, npix, all));
    }

    /**
     * The neighbours of a cell, as {@link #neighbours(int, long)} gives them, written to the caller's array.
     *
     * @param into at least {@value #MAX_NEIGHBOURS} long
     * @return how many there are; the rest of the array is left as it was
     */
    public static int neighbours(int order, long npix, long[] into) {
        check(order, npix);
        if (into.length < MAX_NEIGHBOURS) {
            throw new IllegalArgumentException(
                    "array for neighbours must have room for %d: %d".formatted(MAX_NEIGHBOURS, into.length));
        }
        return Neighbourhood.fill(order, npix, into);
    }

    /** The cell of an equal or lower order that holds a cell. */
    public static long parent(int order, long npix, int toOrder) {
        check(order, npix);
        checkOrder(toOrder);
        if (toOrder > order) {
            throw new IllegalArgumentException("a parent's order must be at most %d: %d".formatted(order, toOrder));
        }
        return npix >>> (2 * (order - toOrder));
    }

    /** The first of the cells of an equal or higher order that make up a cell. */
    public static long firstChild(int order, long npix, int toOrder) {
        check(order, npix);
        return npix << childBits(order, toOrder);
    }

    /** One past the last of the cells of an equal or higher order that make up a cell. */
    public static long endChild(int order, long npix, int toOrder) {
        check(order, npix);
        return (npix + 1) << childBits(order, toOrder);
    }

    /** The range of order-29 cells that make up a cell. */
    public static Range29 rangeAt29(int order, long npix) {
        return new Range29(firstChild(order, npix, MAX_ORDER), endChild(order, npix, MAX_ORDER));
    }

    /** The number of cells of an order, 12·4^order. */
    public static long pixelCount(int order) {
        checkOrder(order);
        return BASE_CELLS << (2 * order);
    }

    private static int childBits(int order, int toOrder) {
        checkOrder(toOrder);
        if (toOrder < order) {
            throw new IllegalArgumentException("a child's order must be at least %d: %d".formatted(order, toOrder));
        }
        return 2 * (toOrder - order);
    }

    /** Refuses an order or a cell number out of range. */
    static void check(int order, long npix) {
        if (npix < 0 || npix >= pixelCount(order)) {
            throw new IllegalArgumentException(
                    "npix must be in [0, %d) at order %d: %d".formatted(pixelCount(order), order, npix));
        }
    }

    private static void checkOrder(int order) {
        if (order < 0 || order > MAX_ORDER) {
            throw new IllegalArgumentException("order must be in [0, %d]: %d".formatted(MAX_ORDER, order));
        }
    }
}
