package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;

/**
 * How a catalog's rows are divided into leaves; the terms of {@code hats-import}, so that both give the same leaves.
 *
 * @param lowestOrder order of the largest leaves, 0 to {@code highestOrder}
 * @param highestOrder order of the smallest leaves, up to 29
 * @param maxRows most rows in a leaf, from 1; a leaf of the highest order may have more, since it cannot be divided
 * @param dropEmptySiblings whether a leaf takes the name of the smaller cell that holds all its rows
 */
public record LeafRule(int lowestOrder, int highestOrder, long maxRows, boolean dropEmptySiblings) {
    public LeafRule {
        if (lowestOrder < 0 || lowestOrder > highestOrder || highestOrder > Healpix.MAX_ORDER) {
            throw new IllegalArgumentException(
                    "orders must be 0 <= lowest_order <= highest_order <= %d: lowest_order is %d and highest_order %d"
                            .formatted(Healpix.MAX_ORDER, lowestOrder, highestOrder));
        }
        if (maxRows < 1) {
            throw new IllegalArgumentException("max_rows must be at least 1: " + maxRows);
        }
    }

    /**
     * Whether a leaf exceeds the limit because it has the highest order. One such cell pins every leaf of a chain of only
     * children to the highest order when empty siblings are dropped: worth a warning.
     */
    public boolean isOverfull(LeafCell leaf) {
        return leaf.rows() > maxRows;
    }
}
