package io.skyroll.schemas.row;

import io.skyroll.schemas.failure.SkyrollException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The columns of a table's rows, in order, and those that identify a row. It is what an Avro record schema says, in the words
 * that the stages use; {@link #toAvro()} and {@link #parse} are inverse. Immutable.
 *
 * @param name the Avro record's full name
 * @param columns at least one column, names distinct
 * @param keyColumns names of the columns of the primary key, in key order; empty for a table without one
 */
public record RowSchema(String name, List<Column> columns, List<String> keyColumns) {
    private static final String KEY = "skyroll.key";

    public RowSchema {
        columns = List.copyOf(columns);
        keyColumns = List.copyOf(keyColumns);
        Map<String, String> byAvroName = new HashMap<>();
        for (Column column : columns) {
            String other = byAvroName.put(column.avroName(), column.name());
            if (other != null) {
                throw SkyrollException.configuration(
                        "%s: the columns '%s' and '%s' have the same Avro name %s: rename one in a view"
                                .formatted(name, other, column.name(), column.avroName()));
            }
        }
        Set<String> names = new HashSet<>();
        columns.forEach(column -> names.add(column.name()));
        for (String key : keyColumns) {
            if (!names.contains(key)) {
                throw new IllegalArgumentException("%s: key column '%s' is not a column".formatted(name, key));
            }
        }
    }

    /** Makes a legal Avro full name for a table's rows. */
    public static String recordName(String namespace, String table) {
        String record = new Column(table, ColumnType.STRING, false).avroName();
        String space = new Column(namespace, ColumnType.STRING, false).avroName();
        return space + "." + record;
    }

    /** Reads a schema made by {@link #toAvro()}. */
    public static RowSchema parse(Schema schema) {
        List<Column> columns = new ArrayList<>();
        schema.getFields().forEach(field -> columns.add(Column.parse(field)));
        List<String> key = new ArrayList<>();
        if (schema.getObjectProp(KEY) instanceof List<?> names) {
            names.forEach(keyName -> key.add((String) keyName));
        }
        return new RowSchema(schema.getFullName(), columns, key);
    }

    public Schema toAvro() {
        List<Schema.Field> fields = new ArrayList<>();
        columns.forEach(column -> fields.add(column.toField(name)));
        Schema schema = record(name, fields);
        schema.addProp(KEY, keyColumns);
        return schema;
    }

    /** The schema of a batch: an array of rows. */
    public Schema toBatchAvro() {
        return Schema.createArray(toAvro());
    }

    /** The schema of the primary key: a record of the key columns, never null, in key order. */
    public Schema toKeyAvro() {
        String keyName = name + "_key";
        List<Schema.Field> fields = new ArrayList<>();
        if (keyColumns.isEmpty()) {
            // A table without a key: the row's place in the source stands for it.
            fields.add(new Schema.Field("id", Schema.create(Schema.Type.BYTES)));
        }
        for (String key : keyColumns) {
            Column column = columns.get(indexOf(key));
            fields.add(new Column(column.name(), column.type(), false).toField(keyName));
        }
        return record(keyName, fields);
    }

    /** The index of a column, from 0. */
    public int indexOf(String column) {
        for (int index = 0; index < columns.size(); index++) {
            if (columns.get(index).name().equals(column)) {
                return index;
            }
        }
        throw new IllegalArgumentException("%s has no column '%s'; it has %s"
                .formatted(name, column, columns.stream().map(Column::name).toList()));
    }

    public boolean hasKey() {
        return !keyColumns.isEmpty();
    }

    private static Schema record(String fullName, List<Schema.Field> fields) {
        return Schema.createRecord(fullName, null, null, false, fields);
    }
}
