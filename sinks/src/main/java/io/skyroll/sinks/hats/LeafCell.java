package io.skyroll.sinks.hats;

import io.skyroll.healpix.Pixel;

/**
 * The rows of a leaf as seen from its own topic partition: a fact that no other place of the sky can change. The leaf's name, by
 * contrast, is a cell between {@code top} and {@code branch} (see {@link LeafNames}).
 *
 * @param top the largest cell with few enough rows: all its rows are the leaf
 * @param branch the smallest cell that holds all these rows, at most of the catalog's highest order
 * @param rows number of rows, from 1
 */
public record LeafCell(Pixel top, Pixel branch, long rows) {
    public LeafCell {
        if (!top.contains(branch)) {
            throw new IllegalArgumentException("branch must lie in top: %s in %s".formatted(branch, top));
        }
        if (rows < 1) {
            throw new IllegalArgumentException("rows of leaf %s must be at least 1: %d".formatted(top, rows));
        }
    }
}
