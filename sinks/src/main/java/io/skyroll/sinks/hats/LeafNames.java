package io.skyroll.sinks.hats;

import io.skyroll.healpix.Pixel;

/**
 * Names the leaves of a catalog as {@code hats-import} does. If empty siblings are kept, a leaf is called after its largest cell.
 * If they are dropped, it is called after the smallest cell that holds its rows, but no smaller than the <em>effective</em> highest
 * order: the lowest one, above the catalog's lowest, from which on no cell of the whole sky exceeds the limit. So a leaf can
 * change its name because of rows elsewhere.
 *
 * @param rule how the rows were divided
 * @param effectiveHighestOrder no name has a higher order
 */
public record LeafNames(LeafRule rule, int effectiveHighestOrder) {
    public LeafNames {
        if (effectiveHighestOrder < rule.lowestOrder() || effectiveHighestOrder > rule.highestOrder()) {
            throw new IllegalArgumentException("effective highest order must be in [%d, %d]: %d"
                    .formatted(rule.lowestOrder(), rule.highestOrder(), effectiveHighestOrder));
        }
    }

    /**
     * The names for a sky.
     *
     * @param maxima of the whole sky: those of all topic partitions put together by {@link OrderMaxima#max}
     */
    public static LeafNames of(LeafRule rule, OrderMaxima maxima) {
        if (maxima.lowestOrder() != rule.lowestOrder() || maxima.highestOrder() != rule.highestOrder()) {
            throw new IllegalArgumentException("maxima must be of orders [%d, %d]: [%d, %d]"
                    .formatted(rule.lowestOrder(), rule.highestOrder(), maxima.lowestOrder(), maxima.highestOrder()));
        }
        int effective = rule.highestOrder();
        // The lowest order itself is never tried: hats-import stops one above it.
        for (int order = effective; order > rule.lowestOrder() && maxima.rows(order) <= rule.maxRows(); order--) {
            effective = order;
        }
        return new LeafNames(rule, effective);
    }

    /** The pixel under which the catalog lists the leaf. */
    public Pixel name(LeafCell leaf) {
        if (!rule.dropEmptySiblings()) {
            return leaf.top();
        }
        // Never above the top: a cell of the effective order has few enough rows, so no leaf has a higher order, an
        // overfull
        // one excepted, and that one keeps the effective order at the highest.
        return leaf.branch().parent(Math.min(leaf.branch().order(), effectiveHighestOrder));
    }
}
