package io.skyroll.sinks.margin;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.memtable.Star;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Margins by the words of the rule, row by row over a whole catalog: for each neighbour of the row's cell at the margin's order, if the
 * pixel that owns it is another than the pixel that owns the row's cell, the row belongs to the margin of that pixel. Places without a
 * catalog's pixel are owned by the largest pixels that overlap none.
 */
public final class MarginOracle {
    private final Set<Pixel> catalog;
    private final int order;
    private final Set<Pixel> tree = new HashSet<>();
    private final SortedMap<Pixel, List<Star>> margins = new TreeMap<>();

    public MarginOracle(Collection<Pixel> catalog, int marginOrder) {
        this.catalog = Set.copyOf(catalog);
        this.order = marginOrder;
        LongStream.range(0, 12).mapToObj(base -> new Pixel(0, base)).forEach(this::grow);
    }

    /** Adds a row; rows come in the order in which margins are to have them. */
    public void add(Star row) {
        Pixel cell = Pixel.containing(order, row.healpix());
        Set<Pixel> owners = new HashSet<>();
        cell.neighbours().forEach(neighbour -> owners.add(owner(neighbour)));
        owners.remove(owner(cell));
        owners.forEach(owner ->
                margins.computeIfAbsent(owner, pixel -> new ArrayList<>()).add(row));
    }

    /** The margins that have rows. */
    public SortedMap<Pixel, List<Star>> margins() {
        return margins;
    }

    /** The pixels of the whole sky. */
    Set<Pixel> tree() {
        return tree;
    }

    private void grow(Pixel pixel) {
        if (catalog.contains(pixel) || catalog.stream().noneMatch(pixel::contains)) {
            tree.add(pixel);
        } else {
            pixel.children().forEach(this::grow);
        }
    }

    private Pixel owner(Pixel cell) {
        Pixel owner = null;
        for (int above = 0; above <= order && owner == null; above++) {
            Pixel parent = cell.parent(above);
            owner = tree.contains(parent) ? parent : null;
        }
        return Objects.requireNonNull(owner);
    }
}
