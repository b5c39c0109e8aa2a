package io.skyroll.producers.postgres;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Identity;
import io.skyroll.schemas.topic.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what the database's catalog says about tables, with plain queries only: within a transaction they answer from its
 * snapshot, where the catalog's own functions would answer from the present. Owned by the session's thread.
 */
public final class TableCatalog {
    private static final Map<String, String> REFUSED_KINDS = Map.of(
            "f", "a foreign table: name the table in the database where its rows are",
            "S", "a sequence",
            "c", "a composite type",
            "i", "an index",
            "I", "an index",
            "t", "a TOAST table");

    /** Classes of the server's errors that say that a query cannot be right: syntax, names, rights, features, values. */
    private static final Set<String> REFUSED_QUERY = Set.of("42", "0A", "22", "3F");

    private final Session session;
    private final List<String> problems = new ArrayList<>();

    private TableCatalog(Session session) {
        this.session = session;
    }

    /**
     * Describes tables.
     *
     * @return one per request, in the same order
     * @throws SkyrollException that lists everything about all of the tables that keeps them from being read
     */
    public static List<SourceTable> inspect(Session session, List<TableRequest> requests) throws SQLException {
        TableCatalog catalog = new TableCatalog(session);
        catalog.checkServer();
        List<SourceTable> tables = new ArrayList<>();
        for (TableRequest request : requests) {
            catalog.inspect(request).ifPresent(tables::add);
        }
        if (!catalog.problems.isEmpty()) {
            throw SkyrollException.configuration("the source has %d problem(s):\n  - %s"
                    .formatted(catalog.problems.size(), String.join("\n  - ", catalog.problems)));
        }
        return tables;
    }

    private void checkServer() throws SQLException {
        if (session.text("SHOW server_encoding").equals("SQL_ASCII")) {
            problems.add(
                    "the database's encoding is SQL_ASCII, so nobody knows what its texts are: dump it and load it into one in UTF8");
        }
    }

    private Optional<SourceTable> inspect(TableRequest request) throws SQLException {
        return request.sql().isPresent() ? inspectQuery(request, request.sql().get()) : inspectRelation(request);
    }

    private Optional<SourceTable> inspectQuery(TableRequest request, String sql) throws SQLException {
        TableName name = request.name();
        List<SourceColumn> columns;
        try {
            columns = QueryCatalog.columns(session, sql);
        } catch (SQLException refused) {
            if (refused.getSQLState() == null
                    || !REFUSED_QUERY.contains(refused.getSQLState().substring(0, 2))) {
                throw refused;
            }
            throw SkyrollException.configuration(
                    "%s: the server refuses the query: %s".formatted(name.qualified(), refused.getMessage()), refused);
        }
        Relation called = new Relation(0, name.schema(), name.table(), 0, 0);
        return whole(request, columns, called, QueryCatalog.from(sql));
    }

    /** A view or query, which is read in one go. */
    private Optional<SourceTable> whole(TableRequest request, List<SourceColumn> columns, Relation called, String from)
            throws SQLException {
        return new ColumnCatalog(session, problems)
                .rowsWithKey(request, columns)
                .map(rows -> new SourceTable(
                        request, rows, false, List.of(called), Optional.empty(), Optional.of(from), List.of()));
    }

    private Optional<SourceTable> inspectRelation(TableRequest request) throws SQLException {
        TableName name = request.name();
        int before = problems.size();
        List<Candidate> found = session.rows(
                """
                SELECT c.oid::int8, c.relkind::text, n.nspname, c.relname, greatest(c.reltuples, 0)::int8, am.amname,
                    has_table_privilege(c.oid, 'SELECT'),
                    EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid), c.relfilenode::int8
                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
                WHERE n.nspname = ? AND c.relname = ?""",
                Candidate::read,
                name.schema(),
                name.table());
        if (found.isEmpty()) {
            problems.add(
                    "%s: no such table in this database (names are case-sensitive here)".formatted(name.qualified()));
            return Optional.empty();
        }
        Candidate root = found.get(0);
        check(name, root);
        boolean partitioned = root.kind().equals("p");
        List<Relation> relations = partitioned ? leaves(name, root.relation().oid()) : List.of(root.relation());
        if (problems.size() > before) {
            return Optional.empty();
        }
        long oid = root.relation().oid();
        if (root.isView()) {
            return whole(request, columns(oid), root.relation(), root.relation().sql());
        }
        if (!request.key().isEmpty()) {
            problems.add("%s: a table is read by its primary key; only a view or query has a key of its own"
                    .formatted(name.qualified()));
        }
        List<String> notes = notes(oid);
        Optional<Identity> identity = identity(session, relations);
        return new ColumnCatalog(session, problems)
                .rows(request, columns(oid), key(oid))
                .map(rows -> new SourceTable(request, rows, partitioned, relations, identity, Optional.empty(), notes));
    }

    /** Finds what forbids to read a relation, the root or a leaf. */
    private void check(TableName name, Candidate candidate) {
        String called = candidate.relation().sql();
        if (!candidate.isView()
                && !candidate.kind().equals("r")
                && !candidate.kind().equals("p")) {
            problems.add("%s: %s is %s"
                    .formatted(name.qualified(), called, REFUSED_KINDS.getOrDefault(candidate.kind(), "no table")));
            return;
        }
        if (candidate.kind().equals("r") && candidate.hasChildren()) {
            problems.add("%s: %s has inheriting tables, whose rows it shows as its own; name these tables instead"
                    .formatted(name.qualified(), called));
        }
        if (candidate.kind().equals("r") && !candidate.accessMethod().equals("heap")) {
            problems.add("%s: %s is stored by access method %s; this version reads heap only"
                    .formatted(name.qualified(), called, candidate.accessMethod()));
        }
        if (!candidate.readable()) {
            problems.add("%s: the role may not read it; GRANT SELECT ON %s".formatted(name.qualified(), called));
        }
    }

    private List<Relation> leaves(TableName name, long root) throws SQLException {
        List<Candidate> tree = session.rows(
                """
                WITH RECURSIVE tree(oid) AS (
                    SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = ?::int8::oid
                    UNION ALL
                    SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid)
                SELECT c.oid::int8, c.relkind::text, n.nspname, c.relname, greatest(c.reltuples, 0)::int8, am.amname,
                    has_table_privilege(c.oid, 'SELECT'), false, c.relfilenode::int8
                FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
                WHERE c.relkind <> 'p' ORDER BY c.oid""",
                Candidate::read,
                root);
        tree.forEach(leaf -> check(name, leaf));
        return tree.stream().map(Candidate::relation).toList();
    }

    private List<SourceColumn> columns(long oid) throws SQLException {
        return session.rows(
                """
                SELECT a.attname, a.atttypid::int8, a.atttypmod, a.attndims,
                    a.attnotnull AND NOT EXISTS (
                        SELECT 1 FROM pg_catalog.pg_constraint k
                        WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum AND NOT k.convalidated),
                    a.attnum
                FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = ?::int8::oid AND a.attnum > 0 AND NOT a.attisdropped
                ORDER BY a.attnum""",
                row -> new SourceColumn(
                        row.getString(1),
                        row.getLong(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getBoolean(5),
                        row.getInt(6)),
                oid);
    }

    private List<String> notes(long oid) throws SQLException {
        return session.rows(
                """
                SELECT attname FROM pg_catalog.pg_attribute
                WHERE attrelid = ?::int8::oid AND attnum > 0 AND NOT attisdropped AND attgenerated <> '' ORDER BY attnum""",
                row -> "column \"%s\" is generated; its values are read like any other's".formatted(row.getString(1)),
                oid);
    }

    /** What the log has of old rows; each partition says that for itself, and they must agree. */
    static Optional<Identity> identity(Session session, List<Relation> relations) throws SQLException {
        List<String> found = session.rows(
                "SELECT DISTINCT relreplident::text FROM pg_catalog.pg_class WHERE oid = ANY (?::text::int8[]::oid[])",
                row -> row.getString(1),
                relations.stream()
                        .map(Relation::oid)
                        .toList()
                        .toString()
                        .replace('[', '{')
                        .replace(']', '}'));
        return switch (String.join("", found)) {
            case "f" -> Optional.of(Identity.FULL);
            case "d" -> Optional.of(Identity.KEY);
            default -> Optional.empty();
        };
    }

    /** The primary key's columns in key order, without those that its index merely includes. */
    private List<String> key(long oid) throws SQLException {
        return session.rows(
                """
                SELECT a.attname FROM pg_catalog.pg_index i
                CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = ?::int8::oid AND i.indisprimary AND k.place <= i.indnkeyatts
                ORDER BY k.place""",
                row -> row.getString(1),
                oid);
    }

    /** One of the relations that a name may stand for, or of the leaves of a partitioned table. */
    private record Candidate(
            Relation relation, String kind, String accessMethod, boolean readable, boolean hasChildren) {
        boolean isView() {
            return kind.equals("v") || kind.equals("m");
        }

        static Candidate read(ResultSet row) throws SQLException {
            Relation relation =
                    new Relation(row.getLong(1), row.getString(3), row.getString(4), row.getLong(5), row.getLong(9));
            String method = row.getString(6);
            return new Candidate(
                    relation, row.getString(2), method == null ? "none" : method, row.getBoolean(7), row.getBoolean(8));
        }
    }
}
