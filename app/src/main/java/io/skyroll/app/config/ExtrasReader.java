package io.skyroll.app.config;

import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.catalog.Choice;

/** Reads the keys of {@code catalog} that say which files a catalog has that HATS leaves open. */
final class ExtrasReader {
    private ExtrasReader() {}

    static CatalogExtras read(Section catalog) {
        return new CatalogExtras(choice(catalog, "metadata"));
    }

    private static Choice choice(Section catalog, String key) {
        return Choice.parse(catalog.oneOf(key, "auto", "auto", "true", "false"));
    }
}
