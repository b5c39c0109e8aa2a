package io.skyroll.sinks.hats;

import io.skyroll.schemas.failure.SkyrollException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of a catalog's {@code hats.properties}, and of the equal file {@code properties}.
 *
 * @param name name of the catalog
 * @param product what its rows are
 * @param columns columns that readers must know
 * @param size how large it is
 * @param skymaps which skymaps it has
 * @param builder the program, as {@code skyroll v1.2.3}
 * @param created time of its making, kept to the minute
 * @param marginOf the main catalog and distance of a margin catalog, null for others
 * @param extra further keys, each {@code skyroll_} and lower-case letters, digits and underscores
 */
public record CatalogProperties(
        String name,
        DataProduct product,
        CatalogColumns columns,
        CatalogSize size,
        Skymaps skymaps,
        String builder,
        Instant created,
        @Nullable MarginOf marginOf,
        Map<String, String> extra) {

    /** The column with every row's HEALPix cell, NESTED at {@link #HEALPIX_ORDER}. */
    public static final String HEALPIX_COLUMN = "_healpix_29";

    public static final int HEALPIX_ORDER = 29;

    static final String HATS_VERSION = "v1.0";
    private static final String EXTRA_PREFIX = "skyroll_";
    private static final Pattern EXTRA_KEY = Pattern.compile(EXTRA_PREFIX + "[a-z0-9_]+");

    public CatalogProperties {
        PropertiesText.checked("name", name);
        PropertiesText.checked("builder", builder);
        created = created.truncatedTo(ChronoUnit.MINUTES);
        if ((marginOf != null) != (product == DataProduct.MARGIN)) {
            throw new IllegalArgumentException("a margin catalog, and no other, must say what it belongs to: %s with %s"
                    .formatted(product, marginOf));
        }
        SortedMap<String, String> sorted = new TreeMap<>();
        extra.forEach((key, value) -> {
            if (!EXTRA_KEY.matcher(key).matches()) {
                throw new IllegalArgumentException("extra key must match %s: '%s'".formatted(EXTRA_KEY.pattern(), key));
            }
            sorted.put(key, PropertiesText.checked(key, value));
        });
        extra = Collections.unmodifiableSortedMap(sorted);
    }

    /**
     * Reads what {@link #toBytes} wrote; keys unknown to it are passed over. A {@code DEFECT} if a key is missing or its value
     * malformed.
     */
    public static CatalogProperties parse(byte[] text) {
        PropertiesText values = PropertiesText.parse(CatalogLayout.HATS_PROPERTIES, text);
        try {
            return read(values);
        } catch (IllegalArgumentException e) {
            throw SkyrollException.defect(CatalogLayout.HATS_PROPERTIES + ": " + e.getMessage(), e);
        }
    }

    /** The bytes of both files; the same for equal properties. */
    public byte[] toBytes() {
        PropertiesText text = PropertiesText.empty(CatalogLayout.HATS_PROPERTIES)
                .put("obs_collection", name)
                .put("dataproduct_type", product.label())
                .put("hats_nrows", size.rows())
                .put("hats_col_ra", columns.ra())
                .put("hats_col_dec", columns.dec());
        if (!columns.defaults().isEmpty()) {
            text.put("hats_cols_default", String.join(" ", columns.defaults()));
        }
        text.put("hats_col_healpix", HEALPIX_COLUMN).put("hats_col_healpix_order", HEALPIX_ORDER);
        if (marginOf != null) {
            text.put("hats_primary_table_url", marginOf.primary())
                    .put("hats_margin_threshold", marginOf.thresholdArcsec());
        }
        skymaps.order().ifPresent(order -> text.put("hats_skymap_order", order));
        if (!skymaps.altOrders().isEmpty()) {
            text.put(
                    "hats_skymap_alt_orders",
                    skymaps.altOrders().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        }
        text.put("hats_npix_suffix", CatalogLayout.LEAF_SUFFIX)
                .put("hats_order", size.highestOrder())
                .put("hats_max_rows", size.maxRows())
                .put("hats_estsize", size.kibibytes())
                .put("moc_sky_fraction", size.skyFraction().toPlainString())
                .put("hats_builder", builder)
                .put("hats_creation_date", created)
                .put("hats_version", HATS_VERSION);
        extra.forEach(text::put);
        return text.toBytes("HATS catalog");
    }

    private static CatalogProperties read(PropertiesText values) {
        DataProduct product = DataProduct.parse(values.text("dataproduct_type"));
        Map<String, String> extra = new TreeMap<>(values.values());
        extra.keySet().removeIf(key -> !key.startsWith(EXTRA_PREFIX));
        return new CatalogProperties(
                values.text("obs_collection"),
                product,
                new CatalogColumns(
                        values.text("hats_col_ra"), values.text("hats_col_dec"), values.list("hats_cols_default")),
                new CatalogSize(
                        values.number("hats_nrows"),
                        values.number("hats_max_rows"),
                        Math.toIntExact(values.number("hats_order")),
                        new BigDecimal(values.text("moc_sky_fraction")),
                        values.number("hats_estsize")),
                skymaps(values),
                values.text("hats_builder"),
                values.time("hats_creation_date"),
                product == DataProduct.MARGIN
                        ? new MarginOf(values.text("hats_primary_table_url"), values.fraction("hats_margin_threshold"))
                        : null,
                extra);
    }

    private static Skymaps skymaps(PropertiesText values) {
        return new Skymaps(
                values.values().containsKey("hats_skymap_order")
                        ? Optional.of(Math.toIntExact(values.number("hats_skymap_order")))
                        : Optional.empty(),
                values.list("hats_skymap_alt_orders").stream()
                        .map(Integer::valueOf)
                        .toList());
    }
}
