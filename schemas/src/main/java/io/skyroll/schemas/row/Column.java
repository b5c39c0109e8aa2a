package io.skyroll.schemas.row;

import java.nio.charset.StandardCharsets;

/**
 * A column of a row schema.
 *
 * @param name the name in the source and in the catalog
 * @param type the type of its values
 * @param nullable whether a row may have no value
 */
public record Column(String name, ColumnType type, boolean nullable) {

    /** The name as an Avro field: letters, digits and underscores; any other byte becomes {@code _xHH_}. */
    public String avroName() {
        StringBuilder legal = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (letter || (digit && !legal.isEmpty())) {
                legal.append(c);
            } else {
                legal.append("_x%02x_".formatted((int) c));
            }
        }
        return legal.toString();
    }
}
