package io.skyroll.sinks.catalog;

import io.skyroll.sinks.hats.Skymaps;

/**
 * Which files a catalog has that HATS leaves open.
 *
 * @param metadata whether {@code dataset/_metadata} is written; by itself, while it stays small
 * @param skymaps which skymaps are written, as far as the counts of the catalog's highest order allow
 */
public record CatalogExtras(Choice metadata, Skymaps skymaps) {
    /** None of them. */
    public static final CatalogExtras NONE = new CatalogExtras(Choice.FALSE, Skymaps.NONE);

    /** What is written unless configured. */
    public static final CatalogExtras DEFAULTS = new CatalogExtras(Choice.AUTO, Skymaps.NONE);
}
