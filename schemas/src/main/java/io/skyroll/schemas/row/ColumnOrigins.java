package io.skyroll.schemas.row;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Which of the source's columns the columns of followed rows are, whatever they are called. It stands in the Avro schema of the rows, so
 * that whoever has rows of an earlier schema knows what they are by this one; see {@link RowEvolution}.
 *
 * @param numbers the source's number of each column, which it gives once and never to another one (PostgreSQL's {@code attnum})
 * @param defaults what rows have in a column that was added after them, by its number: Avro binary with the branch of the nullable
 *     column; a column without an entry is null there
 */
public record ColumnOrigins(List<Integer> numbers, Map<Integer, byte[]> defaults) {
    private static final String NUMBERS = "skyroll.columns";
    private static final String DEFAULTS = "skyroll.defaults";

    public ColumnOrigins {
        numbers = List.copyOf(numbers);
        defaults = Map.copyOf(defaults);
    }

    /** Marks the schema of rows. */
    public Schema mark(Schema rows) {
        rows.addProp(NUMBERS, numbers);
        if (!defaults.isEmpty()) {
            Map<String, String> written = new HashMap<>();
            defaults.forEach((number, value) ->
                    written.put(number.toString(), Base64.getEncoder().encodeToString(value)));
            rows.addProp(DEFAULTS, written);
        }
        return rows;
    }

    /** What the schema of rows says; empty when no changes follow them. */
    public static Optional<ColumnOrigins> of(Schema rows) {
        if (!(rows.getObjectProp(NUMBERS) instanceof List<?> written)) {
            return Optional.empty();
        }
        List<Integer> numbers = new ArrayList<>();
        written.forEach(number -> numbers.add(((Number) number).intValue()));
        Map<Integer, byte[]> defaults = new HashMap<>();
        if (rows.getObjectProp(DEFAULTS) instanceof Map<?, ?> values) {
            values.forEach((number, value) -> defaults.put(
                    Integer.valueOf(number.toString()), Base64.getDecoder().decode(value.toString())));
        }
        return Optional.of(new ColumnOrigins(numbers, defaults));
    }
}
