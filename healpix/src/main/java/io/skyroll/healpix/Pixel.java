package io.skyroll.healpix;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A HEALPix cell in NESTED numbering. Sorts in sky order: by its first order-29 cell, and a pixel before the smaller ones it
 * contains. Immutable.
 *
 * @param order 0 to 29
 * @param npix number of the cell, in [0, 12·4^order)
 */
public record Pixel(int order, long npix) implements Comparable<Pixel> {
    private static final Comparator<Pixel> SKY_ORDER =
            Comparator.comparingLong(Pixel::first29).thenComparingInt(Pixel::order);

    public Pixel {
        Healpix.check(order, npix);
    }

    /** The pixel of an order that holds an order-29 cell: how a stored row finds its pixel. */
    public static Pixel containing(int order, long healpix29) {
        return new Pixel(order, Healpix.parent(Healpix.MAX_ORDER, healpix29, order));
    }

    /** The first order-29 cell of this pixel. */
    public long first29() {
        return Healpix.firstChild(order, npix, Healpix.MAX_ORDER);
    }

    /** One past the last order-29 cell of this pixel. */
    public long end29() {
        return Healpix.endChild(order, npix, Healpix.MAX_ORDER);
    }

    /** The range of order-29 cells that make up this pixel. */
    public Range29 range29() {
        return Healpix.rangeAt29(order, npix);
    }

    /** Whether an order-29 cell lies in this pixel. */
    public boolean contains(long healpix29) {
        return healpix29 >= first29() && healpix29 < end29();
    }

    /** Whether a pixel is this one or a part of it. */
    public boolean contains(Pixel other) {
        return other.order >= order && contains(other.first29());
    }

    /** The pixel of the next lower order that holds this one; order 0 has none. */
    public Pixel parent() {
        return parent(order - 1);
    }

    /** The pixel of an equal or lower order that holds this one. */
    public Pixel parent(int toOrder) {
        return new Pixel(toOrder, Healpix.parent(order, npix, toOrder));
    }

    /** One of the four parts of this pixel, by its place 0 to 3 in numbering; order 29 has none. */
    public Pixel child(int place) {
        if (place < 0 || place > 3) {
            throw new IllegalArgumentException("a child's place must be in [0, 3]: " + place);
        }
        return new Pixel(order + 1, Healpix.firstChild(order, npix, order + 1) + place);
    }

    /** The four parts of this pixel, in numbering; order 29 has none. */
    public List<Pixel> children() {
        return IntStream.range(0, 4).mapToObj(this::child).toList();
    }

    /** The pixels around this one, in the order of {@link Healpix#neighbours(int, long)}. */
    public List<Pixel> neighbours() {
        return LongStream.of(Healpix.neighbours(order, npix))
                .mapToObj(neighbour -> new Pixel(order, neighbour))
                .toList();
    }

    @Override
    public int compareTo(Pixel other) {
        return SKY_ORDER.compare(this, other);
    }
}
