package io.skyroll.streams.filter;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
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

    private PredicateParser() {}

    static SqlNode parse(String filter, Source source) {
        if (source.text().isBlank()) {
            throw SkyrollException.configuration(
                    "filter '%s' is empty: write a predicate, or leave the filter out".formatted(filter));
        }
        try {
            return SqlParser.create(source.text(), GRAMMAR).parseExpression();
        } catch (SqlParseException wrong) {
            SqlParserPos position = wrong.getPos();
            throw located(filter, position, "syntax error" + advice(source, position));
        }
    }

    /** Parses a predicate of which nobody knows yet what its words name: columns, or the parser's key words. */
    static void checkSyntax(String filter, String where) {
        try {
            SqlNode unused = parse(filter, new Source(where));
        } catch (SkyrollException asItStands) {
            String columns =
                    ColumnWords.allQuoted(where, SqlParser.create("", GRAMMAR).getMetadata());
            if (columns.equals(where)) {
                throw asItStands;
            }
            SqlNode unused = parse(filter, new Source(columns));
        }
    }

    /** The predicate with column names in quotes that the parser would take for key words. */
    static Source source(String where, RowSchema schema) {
        return new Source(
                ColumnWords.quoted(where, schema, SqlParser.create("", GRAMMAR).getMetadata()));
    }

    static SkyrollException located(String filter, SqlParserPos position, String message) {
        return SkyrollException.configuration("filter '%s', line %d, column %d: %s"
                .formatted(filter, position.getLineNum(), position.getColumnNum(), message));
    }

    static SkyrollException located(String filter, SqlParserPos position, FilterError wrong) {
        return located(filter, position, String.valueOf(wrong.getMessage()));
    }

    private static String advice(Source source, SqlParserPos position) {
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
        return at;
    }
}
