package io.skyroll.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.skyroll.app.config.PipelineConfig.ReadConfig;
import io.skyroll.producers.postgres.TypePolicies;
import io.skyroll.producers.postgres.TypePolicies.ArrayShape;
import io.skyroll.producers.postgres.TypePolicies.Nested;
import io.skyroll.producers.postgres.TypePolicies.OnArrayBounds;
import io.skyroll.producers.postgres.TypePolicies.OnInfinity;
import io.skyroll.producers.postgres.TypePolicies.OnNan;
import io.skyroll.producers.postgres.TypePolicies.OnTime24;
import io.skyroll.producers.postgres.TypePolicies.OtherTypes;
import io.skyroll.schemas.row.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads how a table's entry says that it is read. */
final class ReadsReader {
    private static final Pattern DECIMAL = Pattern.compile("decimal\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");
    private static final int MAX_PRECISION = 38;

    private ReadsReader() {}

    /**
     * Reads an entry of {@code source.tables}.
     *
     * @param types the pipeline's policies for types, where the table has none of its own
     */
    static ReadConfig read(Section table, Section types) {
        Optional<String> sql = table.text("sql").map(String::strip);
        if (sql.filter(query -> query.endsWith(";")).isPresent()) {
            table.problem("sql", "expected one query without a semicolon at its end");
        }
        List<String> key = new ArrayList<>();
        for (JsonNode column : table.list("key")) {
            if (!column.isTextual() || column.asText().isEmpty() || key.contains(column.asText())) {
                table.problem("key", "expected names of columns, each once, found %s".formatted(column));
            } else {
                key.add(column.asText());
            }
        }
        return new ReadConfig(sql, key, policies(table.section("types", types)));
    }

    private static TypePolicies policies(Section section) {
        TypePolicies policies = new TypePolicies(
                choice(section, "infinity", OnInfinity.REJECT),
                choice(section, "numeric_nan", OnNan.REJECT),
                unboundedNumeric(section),
                choice(section, "time_24", OnTime24.REJECT),
                choice(section, "array_shape", ArrayShape.REJECT),
                choice(section, "array_bounds", OnArrayBounds.REJECT),
                choice(section, "other_types", OtherTypes.TEXT),
                choice(section, "nested", Nested.LIST_OF_STRUCTS));
        section.finish();
        return policies;
    }

    /** One of an enum's constants, in small letters. */
    private static <E extends Enum<E>> E choice(Section section, String key, E byDefault) {
        Class<E> type = byDefault.getDeclaringClass();
        String[] allowed = Stream.of(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        String chosen = section.oneOf(key, byDefault.name().toLowerCase(Locale.ROOT), allowed);
        return Enum.valueOf(type, chosen.toUpperCase(Locale.ROOT));
    }

    private static ColumnType unboundedNumeric(Section section) {
        String value = section.text("unbounded_numeric").orElse("text");
        Matcher decimal = DECIMAL.matcher(value);
        if (decimal.matches()) {
            int precision = Integer.parseInt(decimal.group(1));
            int scale = Integer.parseInt(decimal.group(2));
            if (precision >= 1 && precision <= MAX_PRECISION && scale <= precision) {
                return ColumnType.decimal(precision, scale);
            }
        }
        if (!value.equals("text") && !value.equals("double")) {
            section.problem(
                    "unbounded_numeric",
                    "expected text, double or decimal(p,s) with p from 1 to 38 and s up to p, found '%s'"
                            .formatted(value));
        }
        return value.equals("double") ? ColumnType.FLOAT64 : TypePolicies.NUMERIC_TEXT;
    }
}
