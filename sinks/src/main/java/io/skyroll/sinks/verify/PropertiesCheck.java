package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.PropertiesFile;
import io.skyroll.sinks.published.PublishedCatalog;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.schema.MessageType;

/** Checks what a catalog's properties say. */
final class PropertiesCheck {
    private static final List<String> ALWAYS = List.of("obs_collection", "dataproduct_type", "hats_nrows");
    private static final List<String> COORDINATES = List.of("hats_col_ra", "hats_col_dec");

    /** What readers insist on, by the type of catalog. */
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "object", COORDINATES,
            "source", COORDINATES,
            "margin", List.of("hats_primary_table_url", "hats_margin_threshold"),
            "index", List.of("hats_primary_table_url", "hats_index_column"),
            "association",
                    List.of(
                            "hats_primary_table_url",
                            "hats_col_assn_primary",
                            "hats_assn_join_table_url",
                            "hats_col_assn_join",
                            "hats_assn_leaf_files"),
            "map", List.of());

    private static final List<String> NUMBERS = List.of(
            "hats_nrows", "hats_col_healpix_order", "hats_order", "hats_max_rows", "hats_estsize", "hats_skymap_order");

    /** Upstream's writers keep five decimals, or five digits. */
    private static final double FRACTION_TOLERANCE = 1e-4;

    private final PublishedCatalog catalog;
    private final Check check;

    PropertiesCheck(PublishedCatalog catalog, Check check) {
        this.catalog = catalog;
        this.check = check;
    }

    /** Checks the files and their keys. */
    void checkFiles() {
        PropertiesFile properties = catalog.properties();
        String path = properties.path();
        check.attempt(path, () -> {
            Optional<byte[]> first = catalog.store().read(catalog.path(CatalogLayout.HATS_PROPERTIES));
            Optional<byte[]> second = catalog.store().read(catalog.path(CatalogLayout.PROPERTIES));
            if (first.isEmpty() || second.isEmpty()) {
                String absent = first.isEmpty() ? CatalogLayout.HATS_PROPERTIES : CatalogLayout.PROPERTIES;
                check.found(catalog.path(absent), "it is missing; both files must be there, and equal");
            } else if (!Arrays.equals(first.get(), second.get())) {
                check.found(catalog.path(CatalogLayout.PROPERTIES), "it must equal %s", CatalogLayout.HATS_PROPERTIES);
            }
        });
        List<String> required = REQUIRED.get(catalog.type());
        if (required == null) {
            check.found(
                    path,
                    "dataproduct_type must be one of %s: '%s'",
                    REQUIRED.keySet().stream().sorted().toList(),
                    catalog.type());
        } else {
            required.forEach(this::require);
        }
        ALWAYS.forEach(this::require);
        for (String key : NUMBERS) {
            if (properties.values().containsKey(key) && properties.number(key).isEmpty()) {
                check.found(path, "%s must be a whole number: '%s'", key, properties.text(key));
            }
        }
        check.saw("%d keys", properties.values().size());
    }

    /** Checks that the columns named are there. */
    void checkColumns(MessageType schema) {
        for (String key : List.of("hats_col_ra", "hats_col_dec", "hats_col_healpix")) {
            String column = catalog.properties().text(key);
            if (!column.isEmpty() && !schema.containsField(column)) {
                check.found(catalog.properties().path(), "%s: there is no column '%s'", key, column);
            }
        }
        for (String column : catalog.properties().list("hats_cols_default")) {
            if (!schema.containsField(column.replaceFirst("\\..*", ""))) {
                check.found(catalog.properties().path(), "hats_cols_default: there is no column '%s'", column);
            }
        }
    }

    /** Checks what follows from the catalog's pixels. */
    void checkPixels(List<Pixel> pixels) {
        PropertiesFile properties = catalog.properties();
        int highest = pixels.stream().mapToInt(Pixel::order).max().orElse(0);
        Optional<Long> order = properties.number("hats_order");
        if (order.isPresent() && order.get() != highest) {
            check.found(properties.path(), "hats_order must be %d: %d", highest, order.get());
        }
        String fraction = properties.text("moc_sky_fraction");
        if (!fraction.isEmpty()) {
            double covered = pixels.stream()
                    .mapToDouble(pixel -> 1.0 / Healpix.pixelCount(pixel.order()))
                    .sum();
            double said = number(fraction);
            if (!(Math.abs(said - covered) <= FRACTION_TOLERANCE * covered + 1e-5)) {
                check.found(properties.path(), "moc_sky_fraction must be %s: '%s'", (float) covered, fraction);
            }
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    private void require(String key) {
        if (catalog.properties().text(key).isEmpty()) {
            check.found(catalog.properties().path(), "%s is missing", key);
        }
    }
}
