package io.skyroll.streams.filter;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import org.apache.calcite.sql.SqlNode;

/**
 * A SQL predicate on the columns of a row, as one would write it behind WHERE in PostgreSQL, with PostgreSQL's semantics:
 *
 * <ul>
 *   <li>logic is three-valued; a row whose predicate is NULL is not accepted;
 *   <li>names without double quotes are lower-cased;
 *   <li>1 is an integer, 0.1 and 1e3 are numeric and exact; what meets a float is compared as double precision;
 *   <li>NaN equals itself and is greater than every other number; integer division truncates;
 *   <li>overflow and division by zero are errors of the row, see {@link FilterError};
 *   <li>a string literal takes the type of what it meets: {@code vmag < '12'}.
 * </ul>
 *
 * <p>Columns (all types of a row schema), literals, {@code DATE}, {@code TIMESTAMP} and {@code TIMESTAMP WITH TIME ZONE} literals
 * in ISO 8601; AND, OR, NOT; = &lt;&gt; != &lt; &lt;= &gt; &gt;=; [NOT] BETWEEN [SYMMETRIC], IN, LIKE, ILIKE; IS [NOT] NULL, TRUE,
 * FALSE, UNKNOWN, DISTINCT FROM; + - * / % on numbers; abs, ceil, ceiling, coalesce, floor, pow, power, sqrt; CASE; CAST.
 *
 * <p>Where it stands apart from PostgreSQL: the session's time zone is UTC, so a timestamp with time zone without an offset is in
 * UTC; text has no order, since a row does not carry the database's collation; all text is compared by its bytes, also what was
 * char(n), uuid or json in the source; what is not listed above is refused at start, and so is a constant part that has an error,
 * as 1/0.
 *
 * <p>Immutable; usable by any thread. Comparisons, arithmetic on integers and floats, NULL tests and equality of text run without
 * allocation; arithmetic on numeric columns, LIKE and ILIKE may allocate.
 */
public final class Filter {
    private static final ThreadLocal<Frame> FRAMES = ThreadLocal.withInitial(Frame::new);

    private final String name;
    private final Code.Truth predicate;

    private Filter(String name, Code.Truth predicate) {
        this.name = name;
        this.predicate = predicate;
    }

    /**
     * Compiles a predicate.
     *
     * @param name the filter's name in the pipeline; stands in messages
     * @param where the predicate
     * @param schema the columns that it can name
     * @throws SkyrollException (configuration) if the predicate is wrong or not supported, with filter, line and column
     */
    public static Filter compile(String name, String where, RowSchema schema) {
        Source source = PredicateParser.source(where, schema);
        SqlNode root = PredicateParser.parse(name, source);
        return new Filter(name, new Binder(name, source, schema).predicate(root));
    }

    /**
     * Finds out whether a text is a predicate at all, before anybody knows the columns.
     *
     * @throws SkyrollException (configuration) if it is not, with filter, line and column
     */
    public static void checkSyntax(String name, String where) {
        PredicateParser.checkSyntax(name, where);
    }

    public String name() {
        return name;
    }

    /**
     * Whether the predicate is true for a row: neither false nor NULL.
     *
     * @param row the array that the row's Avro binary is in
     * @param offsets where each column's value starts in it, from {@link io.skyroll.schemas.row.RowPlan#locate}
     * @throws FilterError if PostgreSQL would raise an error for this row: reject it with the message as reason
     */
    public boolean accepts(byte[] row, int[] offsets) {
        return predicate.of(FRAMES.get().at(row, offsets)) == Code.TRUE;
    }
}
