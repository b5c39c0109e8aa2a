package io.skyroll.sinks.hats;

import java.util.List;

/**
 * The columns of a catalog that readers must know.
 *
 * @param ra column of the right ascension in degrees
 * @param dec column of the declination in degrees
 * @param defaults columns to load when the user names none; empty for all of them
 */
public record CatalogColumns(String ra, String dec, List<String> defaults) {
    public CatalogColumns {
        PropertiesText.checked("ra column", ra);
        PropertiesText.checked("dec column", dec);
        defaults = List.copyOf(defaults);
        defaults.forEach(column -> PropertiesText.checkedElement("default column", column));
    }
}
