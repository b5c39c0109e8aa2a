package io.skyroll.streams.filter;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.RowSchema;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;

/** Finds columns by the names in a predicate. */
final class ColumnNames {
    /** Names that PostgreSQL reads as functions unless they are quoted. */
    private static final Set<String> CLOCKS =
            Set.of("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp");

    private static final Set<String> SESSION = Set.of(
            "current_catalog", "current_role", "current_schema", "current_user", "session_user", "system_user", "user");

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[a-z_][a-z_0-9]*");
    private static final int MAX_LISTED = 40;

    private final RowSchema schema;

    ColumnNames(RowSchema schema) {
        this.schema = schema;
    }

    /** Reads the column that is named. */
    Expression resolve(SqlIdentifier identifier) {
        int index = indexOf(identifier);
        return Columns.read(index, schema.columns().get(index));
    }

    /** Whether the column that is named is NULL; it may be of any type. */
    Expression isNull(SqlIdentifier identifier) {
        return Columns.isNull(indexOf(identifier));
    }

    private int indexOf(SqlIdentifier identifier) {
        if (!identifier.isSimple()) {
            throw new FilterError("%s: write the column's name alone".formatted(identifier));
        }
        String name = identifier.getSimple();
        if (!identifier.isComponentQuoted(0)) {
            name = lowerCase(name);
            if (CLOCKS.contains(name)) {
                throw new FilterError(
                        "%s is not supported, since a filter must give the same answer at every replay: write a literal, DATE '...'"
                                .formatted(name));
            }
            if (SESSION.contains(name)) {
                throw new FilterError("%s is a function in PostgreSQL: if a column is meant, write it in double quotes"
                        .formatted(name));
            }
        }
        List<Column> columns = schema.columns();
        for (int index = 0; index < columns.size(); index++) {
            if (columns.get(index).name().equals(name)) {
                return index;
            }
        }
        throw unknown(name);
    }

    private FilterError unknown(String name) {
        List<String> names = schema.columns().stream().map(Column::name).toList();
        String nearest = names.stream()
                .min(Comparator.comparingInt(known -> distance(known, name)))
                .map(known -> NEEDS_NO_QUOTES.matcher(known).matches() ? known : '"' + known + '"')
                .orElse("");
        String listed = names.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
        return new FilterError("column \"%s\" does not exist; the nearest name is %s; the columns are %s%s"
                .formatted(name, nearest, listed, names.size() > MAX_LISTED ? ", ..." : ""));
    }

    /** PostgreSQL lower-cases the letters of ASCII and no others. */
    private static String lowerCase(String name) {
        StringBuilder lower = new StringBuilder(name);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c - 'A' + 'a'));
            }
        }
        return lower.toString();
    }

    /** Levenshtein's distance, without regard to case. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
