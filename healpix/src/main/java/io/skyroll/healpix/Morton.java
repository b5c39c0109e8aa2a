package io.skyroll.healpix;

/** Interleaves the bits of a cell's two coordinates within its base cell: x on the even bits, y on the odd ones. */
final class Morton {

    private Morton() {}

    static long interleave(int x, int y) {
        return spread(x) | (spread(y) << 1);
    }

    static int x(long interleaved) {
        return compact(interleaved);
    }

    static int y(long interleaved) {
        return compact(interleaved >>> 1);
    }

    /** Moves bit i to bit 2i by halving the groups of adjacent bits; the argument must not be negative. */
    private static long spread(int bits) {
        long v = bits;
        v = (v | (v << 16)) & 0x0000_FFFF_0000_FFFFL;
        v = (v | (v << 8)) & 0x00FF_00FF_00FF_00FFL;
        v = (v | (v << 4)) & 0x0F0F_0F0F_0F0F_0F0FL;
        v = (v | (v << 2)) & 0x3333_3333_3333_3333L;
        return (v | (v << 1)) & 0x5555_5555_5555_5555L;
    }

    /** The inverse of {@link #spread}; odd bits are ignored. */
    private static int compact(long bits) {
        long v = bits & 0x5555_5555_5555_5555L;
        v = (v | (v >>> 1)) & 0x3333_3333_3333_3333L;
        v = (v | (v >>> 2)) & 0x0F0F_0F0F_0F0F_0F0FL;
        v = (v | (v >>> 4)) & 0x00FF_00FF_00FF_00FFL;
        v = (v | (v >>> 8)) & 0x0000_FFFF_0000_FFFFL;
        return (int) (v | (v >>> 16));
    }
}
