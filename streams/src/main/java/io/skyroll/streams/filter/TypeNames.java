package io.skyroll.streams.filter;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types that CAST can name. */
final class TypeNames {
    private static final Pattern NUMERIC =
            Pattern.compile("(?:numeric|decimal)\\s*(?:\\((\\d{1,4})(?:,\\s*(\\d{1,4}))?\\))?");

    private TypeNames() {}

    /**
     * Casts.
     *
     * @param typeName as the parser writes it
     */
    static Expression cast(Expression from, String typeName) {
        String name = typeName.replace("`", "").toLowerCase(Locale.ROOT);
        Matcher numeric = NUMERIC.matcher(name);
        if (numeric.matches()) {
            Expression exact = Casts.explicit(from, Type.NUMERIC);
            if (numeric.group(1) == null) {
                return exact;
            }
            int scale = numeric.group(2) == null ? 0 : Integer.parseInt(numeric.group(2));
            return Casts.limited(exact, Integer.parseInt(numeric.group(1)), scale);
        }
        return Casts.explicit(from, parse(name));
    }

    private static Type parse(String name) {
        return switch (name) {
            case "boolean", "bool" -> Type.BOOLEAN;
            case "smallint", "int2" -> Type.INT2;
            case "integer", "int", "int4" -> Type.INT4;
            case "bigint", "int8" -> Type.INT8;
            case "real", "float4" -> Type.FLOAT4;
            case "double", "double precision", "float", "float8" -> Type.FLOAT8;
            case "text", "varchar" -> Type.TEXT;
            case "date" -> Type.DATE;
            case "timestamp" -> Type.TIMESTAMP;
            case "timestamp with time zone", "timestamptz" -> Type.TIMESTAMPTZ;
            default -> throw new FilterError("a cast to %s is not supported".formatted(name));
        };
    }
}
