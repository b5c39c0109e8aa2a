package io.skyroll.healpix;

/**
 * Finds the cells around a cell.
 *
 * <p>Inside a base cell, x grows to the north-east and y to the north-west. The twelve base cells are diamonds in three rows
 * (north, equatorial, south; figure 5 of Górski et al. 2005), whose centres lie at multiples of 45° in longitude: odd multiples in the
 * polar rows, even ones in the equatorial row. So leaving a base cell by {@code (stepX, stepY)} base cells changes its row by
 * {@code -(stepX + stepY)} and its longitude by {@code 45° (stepX - stepY)}, and the coordinates wrap. Two cases differ: over a pole, the
 * next base cell of the same row is met turned by 90°, or by 180° when it is the opposite one; and at eight points of the sky only
 * three base cells meet, so that one direction leads nowhere.
 */
final class Neighbourhood {
    /** Steps to the south-west, west, north-west, north, north-east, east, south-east, south. */
    private static final int[] STEP_X = {-1, -1, 0, 1, 1, 1, 0, -1};

    private static final int[] STEP_Y = {0, 1, 1, 1, 0, -1, -1, -1};

    private static final int EQUATORIAL_ROW = 1;
    private static final int LAST_ROW = 2;

    private Neighbourhood() {}

    /** Writes the neighbours and returns how many there are; the arguments must be valid. */
    static int fill(int order, long npix, long[] into) {
        int face = (int) (npix >>> (2 * order));
        long within = npix & ((1L << (2 * order)) - 1);
        int x = Morton.x(within);
        int y = Morton.y(within);
        int count = 0;
        for (int direction = 0; direction < STEP_X.length; direction++) {
            int nextX = x + STEP_X[direction];
            int nextY = y + STEP_Y[direction];
            // Below 0 this is -1, from the side length on it is 1: the number of base cells crossed.
            int stepX = nextX >> order;
            int stepY = nextY >> order;
            if ((stepX | stepY) == 0) {
                into[count++] = cell(order, face, nextX, nextY);
            } else if (!isGap(face >> 2, stepX, stepY)) {
                into[count++] = beyond(order, face, stepX, stepY, nextX, nextY);
            }
        }
        return count;
    }

    /** Whether only three base cells meet at the corner in this direction: east and west in polar rows, else north and south. */
    private static boolean isGap(int row, int stepX, int stepY) {
        boolean corner = stepX != 0 && stepY != 0;
        boolean sideways = stepX + stepY == 0;
        return corner && (row == EQUATORIAL_ROW) != sideways;
    }

    private static long beyond(int order, int face, int stepX, int stepY, int nextX, int nextY) {
        int row = face >> 2;
        int column = face & 3;
        int last = (1 << order) - 1;
        int nextRow = row - stepX - stepY;
        if (nextRow >= 0 && nextRow <= LAST_ROW) {
            int eighths = 2 * column + (row == EQUATORIAL_ROW ? 0 : 1) + stepX - stepY;
            return cell(order, (nextRow << 2) | ((eighths >> 1) & 3), nextX & last, nextY & last);
        }
        boolean opposite = stepX != 0 && stepY != 0;
        int nextColumn = (column + (opposite ? 2 : stepX - stepY)) & 3;
        int edge = nextRow < 0 ? last : 0;
        return cell(order, (row << 2) | nextColumn, stepY == 0 ? nextY : edge, stepX == 0 ? nextX : edge);
    }

    private static long cell(int order, int face, int x, int y) {
        return ((long) face << (2 * order)) | Morton.interleave(x, y);
    }
}
