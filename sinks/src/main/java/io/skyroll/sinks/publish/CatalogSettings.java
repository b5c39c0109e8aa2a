package io.skyroll.sinks.publish;

import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.hats.DataProduct;

/**
 * How a catalog is called and described.
 *
 * @param name of the catalog; letters, digits, underscores and hyphens
 * @param product whether a row is an object or a detection
 * @param raColumn the column of right ascensions
 * @param decColumn the column of declinations
 * @param builder the program that writes it, as {@code skyroll v1.2.3}
 * @param retainedVersions how many of the newest versions to keep, from 1
 * @param extras which files it has that HATS leaves open
 */
public record CatalogSettings(
        String name,
        DataProduct product,
        String raColumn,
        String decColumn,
        String builder,
        int retainedVersions,
        CatalogExtras extras) {
    public CatalogSettings {
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "a catalog's name may have letters, digits, underscores and hyphens: '%s'".formatted(name));
        }
    }
}
