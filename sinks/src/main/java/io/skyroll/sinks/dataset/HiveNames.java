package io.skyroll.sinks.dataset;

import io.skyroll.schemas.failure.SkyrollException;
import java.nio.charset.StandardCharsets;

/** How Hive, and all that read its folders, write a value into a folder's name. */
final class HiveNames {
    /** In place of an absent value. */
    static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    /** What Hive escapes, besides control characters: all that a path or a shell could take for something else. */
    private static final String ESCAPED = "\"#%'*/:=?\\{[]^\u007F";

    /** What common file systems take. */
    private static final int MAX_BYTES = 255;

    private static final int SHOWN = 40;

    private HiveNames() {}

    /** A text with {@code %XX} in place of characters that may not be in a folder's name. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || ESCAPED.indexOf(c) >= 0) {
                escaped.append("%%%02X".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /**
     * The name of a folder.
     *
     * @param table for messages
     * @throws SkyrollException when file systems do not take it, or when readers would take it for another
     */
    static String folder(String table, String key, String value) {
        if (value.equals(NULL)) {
            throw refused(table, key, value, "readers would take it for NULL");
        }
        String name = key + "=" + escape(value);
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw refused(
                    table, key, value, "it would have %d bytes, and file systems take %d".formatted(bytes, MAX_BYTES));
        }
        return name;
    }

    /** The name of the folder of rows without a value. */
    static String folderOfNull(String key) {
        return key + "=" + NULL;
    }

    private static SkyrollException refused(String table, String key, String value, String reason) {
        String shown = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "...";
        return SkyrollException.configuration(
                "%s: a row's value of %s, '%s', cannot name a folder: %s; filter such rows, or take another column for catalog.folders"
                        .formatted(table, key, shown, reason));
    }
}
