package io.skyroll.streams.filter;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.config.Lex;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/** Parses predicates. The grammar is Apache Calcite's, of which nothing but the parser is used. */
final class PredicateParser {
    /** Double quotes around names, whose case is kept as it is written; != beside &lt;&gt;. */
    private static final SqlParser.Config GRAMMAR =
            SqlParser.config().withLex(Lex.MYSQL_ANSI).withConformance(SqlConformanceEnum.LENIENT);

    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9$]*");

    private PredicateParser() {}

    static SqlNode parse(String filter, Source source, RowSchema schema) {
        if (source.text().isBlank()) {
            throw SkyrollException.configuration(
                    "filter '%s' is empty: write a predicate, or leave the filter out".formatted(filter));
        }
        try {
            return SqlParser.create(source.text(), GRAMMAR).parseExpression();
        } catch (SqlParseException wrong) {
            SqlParserPos position = wrong.getPos();
            throw located(filter, position, "syntax error" + advice(source, position, schema));
        }
    }

    static SkyrollException located(String filter, SqlParserPos position, String message) {
        return SkyrollException.configuration("filter '%s', line %d, column %d: %s"
                .formatted(filter, position.getLineNum(), position.getColumnNum(), message));
    }

    static SkyrollException located(String filter, SqlParserPos position, FilterError wrong) {
        return located(filter, position, String.valueOf(wrong.getMessage()));
    }

    private static String advice(Source source, SqlParserPos position, RowSchema schema) {
        String rest = source.from(position);
        String near = rest.isBlank()
                ? "the end"
                : "\"%s\"".formatted(rest.lines().findFirst().orElse(rest).strip());
        String at = " at or near " + near;
        if (rest.startsWith("::") || rest.startsWith(": :")) {
            return at + ": write CAST(... AS type) instead of ::";
        }
        if (rest.regionMatches(true, 0, "collate", 0, "collate".length())) {
            return at + ": COLLATE is not supported; text has =, <>, IN, LIKE and ILIKE";
        }
        Matcher word = WORD.matcher(rest);
        if (word.lookingAt()) {
            String name = word.group().toLowerCase(Locale.ROOT);
            if (schema.columns().stream().anyMatch(column -> column.name().equals(name))) {
                return at + ": the column's name is a key word here, write \"" + name + "\" in double quotes";
            }
        }
        return at;
    }
}
