package io.skyroll.sinks.hats;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The content of an index catalog's {@code hats.properties}, and of the equal file {@code properties}.
 *
 * @param name name of the catalog
 * @param column the column whose values it finds
 * @param primary directory of the main catalog
 * @param rows number of entries
 * @param parts number of files that hold them
 * @param builder the program, as {@code skyroll v1.2.3}
 * @param created time of the main catalog's making, kept to the minute
 */
public record IndexProperties(
        String name, String column, String primary, long rows, long parts, String builder, Instant created) {
    private static final String TYPE = "index";

    public IndexProperties {
        PropertiesText.checked("name", name);
        PropertiesText.checkedElement("indexed column", column);
        PropertiesText.checkedDirectory("primary catalog", primary);
        PropertiesText.checked("builder", builder);
        created = created.truncatedTo(ChronoUnit.MINUTES);
    }

    /** Reads what {@link #toBytes} wrote. A {@code DEFECT} if a key is missing or its value malformed. */
    public static IndexProperties parse(byte[] text) {
        PropertiesText values = PropertiesText.parse(CatalogLayout.HATS_PROPERTIES, text);
        return new IndexProperties(
                values.text("obs_collection"),
                values.text("hats_index_column"),
                values.text("hats_primary_table_url"),
                values.number("hats_nrows"),
                values.number("skyroll_parts"),
                values.text("hats_builder"),
                values.time("hats_creation_date"));
    }

    /** The bytes of both files; the same for equal properties. */
    public byte[] toBytes() {
        return PropertiesText.empty(CatalogLayout.HATS_PROPERTIES)
                .put("obs_collection", name)
                .put("dataproduct_type", TYPE)
                .put("hats_nrows", rows)
                .put("hats_primary_table_url", primary)
                .put("hats_index_column", column)
                .put("hats_builder", builder)
                .put("hats_creation_date", created)
                .put("hats_version", CatalogProperties.HATS_VERSION)
                .put("skyroll_parts", parts)
                .toBytes("HATS catalog");
    }
}
