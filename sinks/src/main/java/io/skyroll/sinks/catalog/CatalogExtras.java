package io.skyroll.sinks.catalog;

/**
 * Which files a catalog has that HATS leaves open.
 *
 * @param metadata whether {@code dataset/_metadata} is written; by itself, while it stays small
 */
public record CatalogExtras(Choice metadata) {
    /** None of them. */
    public static final CatalogExtras NONE = new CatalogExtras(Choice.FALSE);

    /** What is written unless configured. */
    public static final CatalogExtras DEFAULTS = new CatalogExtras(Choice.AUTO);
}
