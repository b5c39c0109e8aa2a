package io.skyroll.app.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Has DuckDB give values of any type whole: as JSON of lists, of records by number of the field, and of texts that round nothing. */
final class DuckDbValues {
    private static final JsonMapper JSON = new JsonMapper();

    private DuckDbValues() {}

    /** The SQL expression of a column's values as JSON. */
    static String json(String column, ColumnType type) {
        return "to_json(%s)::VARCHAR".formatted(expression(quoted(column), type, 0));
    }

    private static String expression(String value, ColumnType type, int depth) {
        return switch (type.kind()) {
            case LIST -> "list_transform(%s, lambda e%d: %s)"
                    .formatted(
                            value, depth, expression("e" + depth, type.element().type(), depth + 1));
            case RECORD -> "CASE WHEN %s IS NOT NULL THEN {%s} END".formatted(value, fields(value, type, depth));
            case BYTES -> "'\\x' || lower(hex(%s))".formatted(value);
            case DATE -> "(%s - DATE '1970-01-01')::VARCHAR".formatted(value);
                // DuckDB calls the last microsecond of 64 bits infinity.
            case TIMESTAMP, TIMESTAMP_UTC -> "CASE WHEN isinf(%1$s) THEN %2$d ELSE epoch_us(%1$s) END::VARCHAR"
                    .formatted(value, Long.MAX_VALUE);
            case TIME -> "date_diff('microseconds', TIME '00:00', %s)::VARCHAR".formatted(value);
            default -> value + "::VARCHAR";
        };
    }

    private static String fields(String value, ColumnType type, int depth) {
        List<Column> parts = type.parts();
        return IntStream.range(0, parts.size())
                .mapToObj(i -> "f%d: %s"
                        .formatted(
                                i,
                                expression(
                                        "%s.%s"
                                                .formatted(
                                                        value,
                                                        quoted(parts.get(i).name())),
                                        parts.get(i).type(),
                                        depth)))
                .collect(Collectors.joining(", "));
    }

    private static String quoted(String name) {
        return '"' + name + '"';
    }

    /** What DuckDB gave: null, a text, or a list of such for lists and records. */
    static @Nullable Object value(@Nullable String json) {
        try {
            return json == null ? null : value(JSON.readTree(json));
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(json, wrong);
        }
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (!node.isContainerNode()) {
            return node.asText();
        }
        List<@Nullable Object> parts = new ArrayList<>();
        node.forEach(part -> parts.add(value(part)));
        return parts;
    }
}
