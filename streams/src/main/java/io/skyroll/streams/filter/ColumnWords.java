package io.skyroll.streams.filter;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.RowSchema;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;

/**
 * Puts such column names in quotes as the parser reserves and PostgreSQL does not, {@code dec} above all. A word before a string or a
 * parenthesis stays: there it is a type or a function in PostgreSQL too. What stands behind a quoted name moves by two columns.
 */
final class ColumnWords {
    /** PostgreSQL's reserved words, as its manual's appendix on key words lists them; between is kept with them for the parser's sake. */
    private static final Set<String> RESERVED = Set.of(
            """
            all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate collation
            column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
            current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
            full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime
            localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right
            select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using
            variadic verbose when where window with"""
                    .split("\\s+"));

    /** What predicates are made of, though PostgreSQL would take it for a column as well. */
    private static final Set<String> PARTS_OF_SPEECH = Set.of("escape", "unknown");

    /** A comment, a string or a quoted name, all passed over; or a word, and what comes next. */
    private static final Pattern TOKEN = Pattern.compile(
            "--[^\\n]*|/\\*.*?\\*/|'(?:[^']|'')*'|\"[^\"]*\"|(?<word>[A-Za-z_][A-Za-z_0-9$]*)(?<more>\\s*['(])?",
            Pattern.DOTALL);

    private ColumnWords() {}

    static String quoted(String predicate, RowSchema schema, SqlAbstractParserImpl.Metadata parser) {
        Set<String> columns = schema.columns().stream().map(Column::name).collect(Collectors.toSet());
        return quoted(predicate, columns::contains, parser);
    }

    /** With every such word in quotes, for want of a schema that says which of them are columns. */
    static String allQuoted(String predicate, SqlAbstractParserImpl.Metadata parser) {
        return quoted(predicate, name -> !PARTS_OF_SPEECH.contains(name), parser);
    }

    private static String quoted(String predicate, Predicate<String> isColumn, SqlAbstractParserImpl.Metadata parser) {
        Matcher token = TOKEN.matcher(predicate);
        StringBuilder quoted = new StringBuilder();
        int copied = 0;
        while (token.find()) {
            String word = token.group("word");
            if (word == null) {
                continue;
            }
            if (token.group("more") != null) {
                token.region(token.end("word"), predicate.length());
                continue;
            }
            String name = word.toLowerCase(Locale.ROOT);
            if (isColumn.test(name)
                    && !RESERVED.contains(name)
                    && parser.isReservedWord(word.toUpperCase(Locale.ROOT))) {
                quoted.append(predicate, copied, token.start())
                        .append('"')
                        .append(name)
                        .append('"');
                copied = token.end();
            }
        }
        return quoted.append(predicate, copied, predicate.length()).toString();
    }
}
