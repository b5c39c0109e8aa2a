package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose margin a cell counts for: that of the pixel that holds it, or, where the catalog has none, that of the largest cell there
 * without any of its pixels. Says what the writer's tree of the sky says, by other means. Owned by one thread.
 */
final class SkyOwners {
    private final List<Pixel> pixels;
    private final long[] firsts;
    private Pixel last = new Pixel(Healpix.MAX_ORDER, 0);

    /** @param pixels of the catalog, none within another */
    SkyOwners(List<Pixel> pixels) {
        this.pixels = pixels.stream().sorted().toList();
        this.firsts = this.pixels.stream().mapToLong(Pixel::first29).toArray();
    }

    /** The owner of a cell, which is no larger than any pixel of the catalog. */
    Pixel owner(int order, long cell) {
        long first29 = Healpix.firstChild(order, cell, Healpix.MAX_ORDER);
        if (!last.contains(first29) || last.order() > order) {
            last = find(order, cell, first29);
        }
        return last;
    }

    /** The owners of a cell's neighbours. */
    Set<Pixel> around(int order, long cell) {
        long[] neighbours = Healpix.neighbours(order, cell);
        Set<Pixel> around = new HashSet<>();
        for (long neighbour : neighbours) {
            around.add(owner(order, neighbour));
        }
        return around;
    }

    private Pixel find(int order, long cell, long first29) {
        int before = pixelsUpTo(first29);
        if (before > 0 && pixels.get(before - 1).contains(first29)) {
            return pixels.get(before - 1);
        }
        for (int higher = 0; higher < order; higher++) {
            Pixel empty = Pixel.containing(higher, first29);
            if (pixelsUpTo(empty.first29() - 1) == pixelsUpTo(empty.end29() - 1)) {
                return empty;
            }
        }
        return new Pixel(order, cell);
    }

    /** Number of pixels that begin at a place or before it. */
    private int pixelsUpTo(long place29) {
        int found = Arrays.binarySearch(firsts, place29);
        return found >= 0 ? found + 1 : -found - 1;
    }
}
