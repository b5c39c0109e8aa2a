package io.skyroll.sinks.hats;

import io.skyroll.schemas.failure.SkyrollException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of {@code collection.properties}: which of the catalogs in a collection's directory a reader opens. Readers refuse keys
 * that they do not know, so there is no room for our own; those are in the catalog's properties.
 *
 * @param name name of the collection
 * @param primary directory of the main catalog, within the collection's
 * @param margins directories of its margin catalogs; the first is the default
 * @param indexes directories of its index catalogs, by the column that each is for; the first is the default
 * @param builder the program, as {@code skyroll v1.2.3}
 * @param created time of the main catalog's making, kept to the minute
 */
public record CollectionPointer(
        String name,
        String primary,
        List<String> margins,
        Map<String, String> indexes,
        String builder,
        Instant created) {
    public CollectionPointer {
        PropertiesText.checked("name", name);
        PropertiesText.checkedDirectory("primary catalog", primary);
        margins = List.copyOf(margins);
        margins.forEach(margin -> PropertiesText.checkedDirectory("margin catalog", margin));
        if (new HashSet<>(margins).size() < margins.size()) {
            throw new IllegalArgumentException("margin catalogs must differ: " + margins);
        }
        indexes = Collections.unmodifiableMap(new LinkedHashMap<>(indexes));
        indexes.forEach((column, directory) -> {
            PropertiesText.checkedElement("indexed column", column);
            PropertiesText.checkedDirectory("index catalog", directory);
        });
        PropertiesText.checked("builder", builder);
        created = created.truncatedTo(ChronoUnit.MINUTES);
    }

    /** Reads what {@link #toBytes} wrote. A {@code DEFECT} if a key is missing or its value malformed. */
    public static CollectionPointer parse(byte[] text) {
        PropertiesText values = PropertiesText.parse(CatalogLayout.COLLECTION_PROPERTIES, text);
        try {
            return new CollectionPointer(
                    values.text("obs_collection"),
                    values.text("hats_primary_table_url"),
                    values.list("all_margins"),
                    indexes(values.list("all_indexes")),
                    values.text("hats_builder"),
                    values.time("hats_creation_date"));
        } catch (IllegalArgumentException e) {
            throw SkyrollException.defect(CatalogLayout.COLLECTION_PROPERTIES + ": " + e.getMessage(), e);
        }
    }

    /** The bytes of the file; the same for equal pointers. */
    public byte[] toBytes() {
        PropertiesText text = PropertiesText.empty(CatalogLayout.COLLECTION_PROPERTIES)
                .put("obs_collection", name)
                .put("hats_primary_table_url", primary);
        if (!margins.isEmpty()) {
            text.put("all_margins", String.join(" ", margins)).put("default_margin", margins.get(0));
        }
        if (!indexes.isEmpty()) {
            List<String> pairs = new ArrayList<>();
            indexes.forEach((column, directory) -> pairs.addAll(List.of(column, directory)));
            text.put("all_indexes", String.join(" ", pairs)).put("default_index", pairs.get(0));
        }
        return text.put("hats_builder", builder)
                .put("hats_creation_date", created)
                .toBytes("HATS Collection");
    }

    /** A column and its directory in turn. */
    private static Map<String, String> indexes(List<String> pairs) {
        if (pairs.size() % 2 != 0) {
            throw new IllegalArgumentException("all_indexes must name a directory for each column: " + pairs);
        }
        Map<String, String> indexes = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            indexes.put(pairs.get(i), pairs.get(i + 1));
        }
        return indexes;
    }
}
