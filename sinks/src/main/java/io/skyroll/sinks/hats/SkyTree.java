package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.healpix.Range29;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The whole sky, divided into the pixels of a catalog and the fewest that cover what these leave: {@code hats} calls the latter the
 * negative tree. Every place of the sky is in one of the pixels. Immutable.
 */
public final class SkyTree {
    private final List<Pixel> pixels;

    private SkyTree(List<Pixel> pixels) {
        this.pixels = List.copyOf(pixels);
    }

    /** The tree around a catalog's pixels. */
    public static SkyTree around(CatalogPixels catalog) {
        List<Pixel> pixels = new ArrayList<>();
        long covered = 0;
        for (Pixel pixel : catalog.pixels()) {
            pixels.addAll(new Range29(covered, pixel.first29()).pixels());
            pixels.add(pixel);
            covered = pixel.end29();
        }
        pixels.addAll(new Range29(covered, Healpix.pixelCount(Healpix.MAX_ORDER)).pixels());
        return new SkyTree(pixels);
    }

    /** All pixels, in sky order. */
    public List<Pixel> pixels() {
        return pixels;
    }

    /** The pixel that holds an order-29 cell. */
    public Pixel owner(long healpix29) {
        int found = Collections.binarySearch(pixels, new Pixel(Healpix.MAX_ORDER, healpix29));
        return pixels.get(found >= 0 ? found : -found - 2);
    }

    /** Names each two pixels that touch, at an edge or at a corner, once or twice, in both orders. */
    public void forEachTouching(BiConsumer<Pixel, Pixel> pair) {
        for (Pixel pixel : pixels) {
            for (Pixel neighbour : pixel.neighbours()) {
                Pixel owner = owner(neighbour.first29());
                // Smaller ones find this pixel among their own neighbours.
                if (owner.order() <= pixel.order()) {
                    pair.accept(pixel, owner);
                    pair.accept(owner, pixel);
                }
            }
        }
    }
}
