package io.skyroll.schemas.row;

import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/**
 * A column of a row schema.
 *
 * @param name the name in the source and in the catalog
 * @param type the type of its values
 * @param nullable whether a row may have no value
 */
public record Column(String name, ColumnType type, boolean nullable) {
    /** The name in the source, where Avro needs another one. */
    private static final String ORIGINAL_NAME = "skyroll.column";

    /** Reads a column from a field made by {@link #toField}. */
    static Column parse(Schema.Field field) {
        String original = field.getProp(ORIGINAL_NAME);
        return parse(original == null ? field.name() : original, field.schema());
    }

    /** Reads a column from its value's schema, a union with null if it is nullable. */
    static Column parse(String name, Schema schema) {
        boolean nullable = schema.isUnion();
        return new Column(name, ColumnType.parse(nullable ? schema.getTypes().get(1) : schema), nullable);
    }

    /**
     * The column as a field of an Avro record.
     *
     * @param recordName the record's full name; records inside are named after it
     */
    Schema.Field toField(String recordName) {
        Schema value = type.toAvro(recordName + "." + avroName());
        Schema.Field field = nullable
                ? new Schema.Field(avroName(), orNull(value), null, Schema.Field.NULL_VALUE)
                : new Schema.Field(avroName(), value);
        if (!avroName().equals(name)) {
            field.addProp(ORIGINAL_NAME, name);
        }
        return field;
    }

    /** The column's value as an element of an Avro array. */
    Schema toAvro(String recordName) {
        Schema value = type.toAvro(recordName);
        return nullable ? orNull(value) : value;
    }

    private static Schema orNull(Schema value) {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), value);
    }

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
