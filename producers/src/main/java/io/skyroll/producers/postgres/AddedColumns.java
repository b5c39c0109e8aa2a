package io.skyroll.producers.postgres;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.wire.AvroBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What rows have in columns that were added after them. PostgreSQL does not write the rows anew for a default that is the same for all of
 * them: it keeps the value beside the column ({@code pg_attribute.attmissingval}), until they are written anew for another reason.
 * Owned by the session's thread.
 */
public final class AddedColumns {
    private final Session session;

    /** @param session asked about columns; the caller's */
    public AddedColumns(Session session) {
        this.session = session;
    }

    /**
     * Finds the values of columns of a table.
     *
     * @param table a form of it that has the columns
     * @param numbers of the columns
     * @param storage what the rows of the table's relations were stored as before the columns were added, by the relation
     * @return by the column's number, Avro binary with the branch of the nullable column; columns without an entry are null in rows that
     *     were there before them
     * @throws SkyrollException when the rows were written anew, and it cannot be told any more
     */
    public Map<Integer, byte[]> values(SourceTable table, Collection<Integer> numbers, Map<Long, Long> storage)
            throws SQLException {
        Map<Integer, byte[]> values = new HashMap<>();
        for (SourceColumn column : table.source().columns()) {
            if (numbers.contains(column.number())) {
                Optional<String> text = text(table, column, storage);
                if (text.isPresent()) {
                    values.put(column.number(), encode(table, column, text.get()));
                }
            }
        }
        return values;
    }

    /** The value in the type's text form; empty for null. */
    private Optional<String> text(SourceTable table, SourceColumn column, Map<Long, Long> storage) throws SQLException {
        Set<Optional<String>> found = new HashSet<>();
        for (Relation relation : table.relations()) {
            Kept kept = kept(table, relation, column);
            if (kept.isKept()) {
                found.add(Optional.ofNullable(kept.value()));
            } else if (storage.getOrDefault(relation.oid(), 0L) == relation.storage()) {
                found.add(Optional.empty());
            } else {
                found.addAll(present(relation, kept.name()));
            }
        }
        if (found.size() > 1) {
            throw unknown(table, column);
        }
        return found.stream().findFirst().orElse(Optional.empty());
    }

    private Kept kept(SourceTable table, Relation relation, SourceColumn column) throws SQLException {
        return session
                .rows(
                        """
                        SELECT held.attname, held.atthasmissing, (held.attmissingval::text::text[])[1]
                        FROM pg_catalog.pg_attribute named
                        JOIN pg_catalog.pg_attribute held ON held.attrelid = ?::int8::oid AND held.attname = named.attname
                        WHERE named.attrelid = ?::text::regclass AND named.attnum = ? AND NOT named.attisdropped""",
                        row -> new Kept(row.getString(1), row.getBoolean(2), row.getString(3)),
                        relation.oid(),
                        table.sql(),
                        column.number())
                .stream()
                .findFirst()
                .orElseThrow(() -> unknown(table, column));
    }

    /** What the column has now in rows that were written anew: one value, or two of several. */
    private List<Optional<String>> present(Relation relation, String column) throws SQLException {
        return session.rows(
                "SELECT DISTINCT %s::text FROM ONLY %s LIMIT 2".formatted(Relation.quote(column), relation.sql()),
                row -> Optional.ofNullable(row.getString(1)));
    }

    /**
     * What the catalog says of a column of a relation.
     *
     * @param name what it is called now
     * @param isKept whether a value is kept for rows that do not have the column themselves
     * @param value that value, as text
     */
    private record Kept(String name, boolean isKept, @Nullable String value) {}

    private static SkyrollException unknown(SourceTable table, SourceColumn column) {
        return SkyrollException.configuration(
                "table %s: column \"%s\" was added, all rows were written anew, and it cannot be told what rows that were there before had in it; start again with --resnapshot, which reads the table anew"
                        .formatted(table.name().qualified(), column.name()));
    }

    /** Has the server read its own text, and reads what it makes of it as a column of a COPY. */
    private byte[] encode(SourceTable table, SourceColumn column, String text) throws SQLException {
        List<String> problems = new ArrayList<>();
        SourceRows row = new ColumnCatalog(session, problems)
                .rows(table.request(), List.of(column), List.of())
                .orElseThrow(() -> SkyrollException.configuration(String.join("; ", problems)));
        String type = session.rows(
                        "SELECT pg_catalog.format_type(?::int8::oid, ?)",
                        answer -> answer.getString(1),
                        column.type(),
                        column.modifier())
                .get(0);
        String select = "COPY (SELECT %s FROM (SELECT %s::%s AS %s) AS kept) TO STDOUT (FORMAT binary)"
                .formatted(row.selectList(), literal(text), type, Relation.quote(column.name()));
        CopyRows copied = new CopyRows(session.copyOut(select), 1);
        AvroBuffer target = new AvroBuffer(Long.BYTES);
        boolean isEncoded = copied.next()
                && row.rowEncoder()
                                .encode(
                                        copied.message(),
                                        copied.start(),
                                        target,
                                        new int[] {RowPlan.NULL},
                                        new Conversions())
                        == RowEncoder.COMPLETE;
        if (!isEncoded || copied.next()) {
            throw SkyrollException.configuration(
                    "table %s: the default of the new column \"%s\", %s, cannot be represented; start again with --resnapshot"
                            .formatted(table.name().qualified(), column.name(), text));
        }
        return target.toBytes();
    }

    private static String literal(String text) {
        return "E'%s'".formatted(text.replace("\\", "\\\\").replace("'", "''"));
    }
}
