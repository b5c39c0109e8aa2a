package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Relation;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Checks that go with reading a view or query: nobody but the server knows what is behind it. */
final class WholeRead {

    private WholeRead() {}

    /**
     * Checks that the declared key identifies rows.
     *
     * @throws SkyrollException that names the key, when a row has a null there or two rows have the same
     */
    static void checkKey(Session session, SourceTable table) throws SQLException {
        List<String> key = table.rows().keyColumns();
        if (key.isEmpty()) {
            return;
        }
        String columns = key.stream().map(Relation::quote).collect(Collectors.joining(", "));
        // The number, from 1, of the first key column that is null; composite values are null only as a whole.
        String firstNull = IntStream.range(0, key.size())
                .mapToObj(i -> "WHEN num_nulls(%s) > 0 THEN %d".formatted(Relation.quote(key.get(i)), i + 1))
                .collect(Collectors.joining(" ", "CASE ", " ELSE 0 END"));
        List<Integer> wrong = session.plainRows(
                "SELECT %s FROM %s GROUP BY %s HAVING count(*) > 1 OR num_nulls(%s) > 0 ORDER BY 1 DESC LIMIT 1"
                        .formatted(firstNull, table.whole().orElseThrow(), columns, columns),
                row -> row.getInt(1));
        if (wrong.isEmpty()) {
            return;
        }
        String called = table.name().qualified();
        throw SkyrollException.configuration(
                wrong.get(0) == 0
                        ? "%s: two rows have the same key (%s); name a key that identifies rows, or none"
                                .formatted(called, columns)
                        : "%s: key column \"%s\" is null in a row; leave such rows out, or name another key"
                                .formatted(called, key.get(wrong.get(0) - 1)));
    }

    /**
     * Checks, after reading, that everything read still has the storage that the snapshot knows: a table that was truncated or
     * rewritten since, or a materialised view that was refreshed, shows other rows than the snapshot's, without an error. The
     * transaction's locks tell what was read, and keep it as it is from then on.
     */
    static void checkStorage(Session session, SourceTable table) throws SQLException {
        List<String> changed = session.rows(
                """
                SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_locks l
                JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'm') AND c.relfilenode <> 0
                    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
                    AND c.relfilenode IS DISTINCT FROM pg_relation_filenode(c.oid)
                ORDER BY 1""",
                row -> row.getString(1));
        if (!changed.isEmpty()) {
            throw SkyrollException.unavailable(
                    "%s: %s was truncated, rewritten or refreshed while the snapshot was starting; start again"
                            .formatted(table.name().qualified(), changed),
                    new IllegalStateException("its storage is not the snapshot's"));
        }
    }
}
