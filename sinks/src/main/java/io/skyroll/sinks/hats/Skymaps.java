package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The orders of a catalog's skymaps, from which readers draw where its rows are.
 *
 * @param order of {@code skymap.fits}, from 1, since readers take 0 for none; empty for no skymaps
 * @param altOrders of {@code skymap.K.fits}, each below {@code order}, ascending: smaller maps for a quick look
 */
public record Skymaps(Optional<Integer> order, List<Integer> altOrders) {
    /** No skymaps. */
    public static final Skymaps NONE = new Skymaps(Optional.empty(), List.of());

    /** Takes alternative orders in any sequence. */
    public Skymaps {
        if (order.isPresent() && (order.get() < 1 || order.get() > Healpix.MAX_ORDER)) {
            throw new IllegalArgumentException(
                    "order must be in [1, %d]: %d".formatted(Healpix.MAX_ORDER, order.get()));
        }
        altOrders = List.copyOf(new TreeSet<>(altOrders));
        int end = order.orElse(0);
        if (altOrders.stream().anyMatch(alt -> alt < 0 || alt >= end)) {
            throw new IllegalArgumentException("alternative orders must be in [0, %d): %s".formatted(end, altOrders));
        }
    }

    /** These maps as far as they can be made from counts of an order. */
    public Skymaps upTo(int countsOrder) {
        return order.isPresent() && order.get() > countsOrder ? NONE : this;
    }
}
