package io.skyroll.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.catalog.Choice;
import io.skyroll.sinks.hats.Skymaps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the keys of {@code catalog} that say which files a catalog has that HATS leaves open. */
final class ExtrasReader {
    /** A map of this order has 200 million cells, which readers hold in memory. */
    private static final int MAX_SKYMAP_ORDER = 12;

    /** What hats-import stops at. */
    private static final int MAX_THUMBNAIL_ROWS = 1_000_000;

    private ExtrasReader() {}

    /** @param highestOrder the catalog's */
    static CatalogExtras read(Section catalog, int highestOrder) {
        return new CatalogExtras(
                choice(catalog, "metadata", "auto"),
                catalog.flag("statistics", false),
                (int) catalog.number("thumbnail_rows", 0, 0, MAX_THUMBNAIL_ROWS),
                indexes(catalog),
                skymaps(catalog, highestOrder),
                choice(catalog, "sparse_maps", "false"));
    }

    private static Choice choice(Section catalog, String key, String byDefault) {
        return Choice.parse(catalog.oneOf(key, byDefault, "auto", "true", "false"));
    }

    private static List<String> indexes(Section catalog) {
        List<String> indexes = new ArrayList<>();
        for (JsonNode element : catalog.list("indexes")) {
            if (!element.isTextual()
                    || !CatalogExtras.canBeIndexed(element.asText())
                    || indexes.contains(element.asText())) {
                catalog.problem(
                        "indexes",
                        "expected columns named by letters, digits and underscores, not Norder and Npix, each once, found %s"
                                .formatted(element));
            } else {
                indexes.add(element.asText());
            }
        }
        return indexes;
    }

    private static Skymaps skymaps(Section catalog, int highestOrder) {
        int order = (int) catalog.number("skymap_order", 0, 1, Math.min(highestOrder, MAX_SKYMAP_ORDER));
        List<Integer> altOrders = new ArrayList<>();
        for (JsonNode element : catalog.list("skymap_alt_orders")) {
            if (!element.isInt() || element.asInt() < 0 || element.asInt() >= order) {
                catalog.problem(
                        "skymap_alt_orders",
                        "expected whole numbers from 0 and below skymap_order, found %s".formatted(element));
            } else {
                altOrders.add(element.asInt());
            }
        }
        return new Skymaps(order == 0 ? Optional.empty() : Optional.of(order), altOrders);
    }
}
