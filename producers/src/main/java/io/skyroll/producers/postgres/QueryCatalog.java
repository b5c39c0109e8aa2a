package io.skyroll.producers.postgres;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Asks the server what columns the answer to a query would have, without running it. Owned by the session's thread. */
final class QueryCatalog {
    /** numeric's type modifier is stored with the size of a length word added. */
    private static final int MODIFIER_OFFSET = 4;

    private static final int SCALE_BITS = 0x7FF;

    private QueryCatalog() {}

    /** A query as it stands behind FROM; what a comment at its end hides is the query's own. */
    static String from(String sql) {
        return "(%s\n) AS q".formatted(sql);
    }

    /**
     * The columns of a query's answer, all of them nullable.
     *
     * @throws SQLException when the server refuses the query
     */
    static List<SourceColumn> columns(Session session, String sql) throws SQLException {
        List<SourceColumn> described =
                session.describe("SELECT * FROM %s LIMIT 0".formatted(from(sql)), QueryCatalog::read);
        if (described.isEmpty()
                || described.stream().map(SourceColumn::name).distinct().count() < described.size()) {
            return described;
        }
        // The client is not told types as such: for a domain it is told what that is made of.
        String types = described.stream()
                .map(column -> "pg_typeof(q.%s)::oid::int8".formatted(Relation.quote(column.name())))
                .collect(Collectors.joining(", "));
        String command =
                "SELECT ARRAY[%s]::text FROM (SELECT 1) AS one LEFT JOIN %s ON false".formatted(types, from(sql));
        String[] oids = session.plainRows(command, row -> row.getString(1))
                .get(0)
                .replaceAll("[{}]", "")
                .split(",", -1);
        List<SourceColumn> columns = new ArrayList<>();
        for (int i = 0; i < oids.length; i++) {
            SourceColumn column = described.get(i);
            columns.add(new SourceColumn(
                    column.name(), Long.parseLong(oids[i]), column.modifier(), column.dimensions(), false, 0));
        }
        return columns;
    }

    private static List<SourceColumn> read(ResultSetMetaData answer) throws SQLException {
        List<SourceColumn> columns = new ArrayList<>();
        for (int i = 1; i <= answer.getColumnCount(); i++) {
            columns.add(new SourceColumn(answer.getColumnLabel(i), 0, modifier(answer, i), 0, false, 0));
        }
        return columns;
    }

    /** The modifier of numerics, and of arrays of them; that of other types does not matter. */
    private static int modifier(ResultSetMetaData answer, int column) throws SQLException {
        boolean isNumeric = answer.getColumnType(column) == Types.NUMERIC
                || answer.getColumnTypeName(column).equals("_numeric");
        int precision = answer.getPrecision(column);
        return isNumeric && precision > 0
                ? (precision << Short.SIZE | (answer.getScale(column) & SCALE_BITS)) + MODIFIER_OFFSET
                : -1;
    }
}
