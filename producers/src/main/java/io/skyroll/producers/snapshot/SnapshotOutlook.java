package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Relation;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableCatalog;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * What a snapshot would meet in a database, found out by reading alone: nothing is written, locked or created there.
 *
 * @param server the server's version and the role that asks
 * @param tables the tables, in the order asked for; none when they cannot be read
 * @param problems what would keep a snapshot from starting, or from reading the tables
 * @param warnings what may hold it up
 */
public record SnapshotOutlook(String server, List<TableOutlook> tables, List<String> problems, List<String> warnings) {
    /** Two keepers, and the slot. */
    private static final int EXTRA_CONNECTIONS = 3;

    public SnapshotOutlook {
        tables = List.copyOf(tables);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /**
     * A table as a snapshot would read it.
     *
     * @param table what the database's catalog says
     * @param bytes size of what its rows stand in, without what is stored out of line
     * @param storedOutOfLineBytes size of the large values beside it
     * @param chunks in how many transactions it would be read
     * @param replicaIdentity what the log says of an old row: default, nothing, full or index
     */
    public record TableOutlook(
            SourceTable table, long bytes, long storedOutOfLineBytes, int chunks, String replicaIdentity) {

        /** What a column is in Avro. */
        public List<String> avroTypes() {
            return table.rows().toAvro().getFields().stream()
                    .map(Schema.Field::schema)
                    .map(type -> type.isUnion() ? type.getTypes().get(1) : type)
                    .map(type -> type.getLogicalType() == null
                            ? type.getType().getName()
                            : "%s (%s)"
                                    .formatted(
                                            type.getType().getName(),
                                            type.getLogicalType().getName()))
                    .toList();
        }
    }

    /**
     * Looks at tables.
     *
     * @param workers how many connections would read
     * @param chunkBytes how much of a table one of them would read at a time
     * @throws SkyrollException when the database does not answer, or does not let the role in
     */
    public static SnapshotOutlook of(
            Connections connections, List<TableRequest> requests, int workers, int chunkBytes) {
        try (Session session = readOnly(connections)) {
            List<String> problems = new ArrayList<>();
            List<String> warnings = new ArrayList<>();
            checkServer(session, problems);
            checkRoom(session, workers + EXTRA_CONNECTIONS, problems, warnings);
            nameWriters(session, warnings);
            String server = "PostgreSQL %s, as %s"
                    .formatted(session.text("SHOW server_version"), session.text("SELECT current_user"));
            return new SnapshotOutlook(server, tables(session, requests, chunkBytes, problems), problems, warnings);
        } catch (SQLException failure) {
            throw SkyrollException.unavailable("the source database: %s".formatted(failure.getMessage()), failure);
        }
    }

    /** A session in which even a mistake of ours could not write. */
    static Session readOnly(Connections connections) throws SQLException {
        Session session = Session.open(connections, "skyroll plan");
        session.execute("SET default_transaction_read_only = on");
        return session;
    }

    private static List<TableOutlook> tables(
            Session session, List<TableRequest> requests, int chunkBytes, List<String> problems) throws SQLException {
        List<SourceTable> inspected;
        try {
            inspected = TableCatalog.inspect(session, requests);
        } catch (SkyrollException refused) {
            problems.add(String.valueOf(refused.getMessage()));
            return List.of();
        }
        ChunkPlan plan = ChunkPlan.of(session, inspected, chunkBytes);
        List<TableOutlook> tables = new ArrayList<>();
        for (int i = 0; i < inspected.size(); i++) {
            SourceTable table = inspected.get(i);
            long bytes = 0;
            long outOfLine = 0;
            for (Relation relation : table.isWhole() ? List.<Relation>of() : table.relations()) {
                bytes += size(session, "pg_relation_size(oid)", relation);
                outOfLine += size(session, "coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0)", relation);
            }
            tables.add(new TableOutlook(
                    table, bytes, outOfLine, plan.count(i), table.isWhole() ? "nothing" : identity(session, table)));
        }
        return tables;
    }

    private static long size(Session session, String size, Relation relation) throws SQLException {
        return session.rows(
                        "SELECT %s FROM pg_catalog.pg_class WHERE oid = ?::int8::oid".formatted(size),
                        row -> row.getLong(1),
                        relation.oid())
                .get(0);
    }

    private static String identity(Session session, SourceTable table) throws SQLException {
        return session.rows(
                        """
                        SELECT CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' ELSE 'index' END
                        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = ? AND c.relname = ?""",
                        row -> row.getString(1),
                        table.name().schema(),
                        table.name().table())
                .get(0);
    }

    private static void checkServer(Session session, List<String> problems) throws SQLException {
        try {
            SlotRefusal.checkServer(
                    session.text("SHOW wal_level"),
                    session.text("SELECT pg_is_in_recovery()").equals("t"));
        } catch (SkyrollException refused) {
            problems.add(String.valueOf(refused.getMessage()));
        }
    }

    private static void checkRoom(Session session, int connections, List<String> problems, List<String> warnings)
            throws SQLException {
        if (session.text("SELECT rolreplication OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user")
                .equals("f")) {
            warnings.add(
                    "the role is neither a superuser nor may it replicate: unless the provider has its own way (such as rds_replication), creating the slot will be refused; ALTER ROLE ... REPLICATION");
        }
        if (left(session, "max_replication_slots", "pg_replication_slots") < 1) {
            problems.add(
                    "all replication slots are in use: drop one that nobody needs, or raise max_replication_slots and restart");
        }
        if (left(session, "max_wal_senders", "pg_stat_replication") < 1) {
            problems.add("all walsender processes are in use: raise max_wal_senders and restart");
        }
        long free = left(session, "max_connections", "pg_stat_activity WHERE backend_type = 'client backend'");
        if (free < connections) {
            warnings.add(
                    "a snapshot takes %d connections, and the server has %d left: lower source.workers, or close some"
                            .formatted(connections, Math.max(0, free)));
        }
    }

    private static long left(Session session, String setting, String inUse) throws SQLException {
        return Long.parseLong(session.text(
                "SELECT current_setting('%s')::int8 - (SELECT count(*) FROM %s)".formatted(setting, inUse)));
    }

    /** A slot is created when every transaction that is writing now has ended. */
    private static void nameWriters(Session session, List<String> warnings) throws SQLException {
        warnings.addAll(session.rows(
                """
                SELECT pid, coalesce(extract(epoch FROM clock_timestamp() - xact_start)::int8, -1), coalesce(usename, '?'), coalesce(application_name, '?')
                FROM pg_catalog.pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start""",
                row ->
                        "a snapshot would wait for the transaction of %s (%s), process %d, which has been writing for %d s"
                                .formatted(row.getString(3), row.getString(4), row.getInt(1), row.getLong(2))));
        warnings.addAll(session.rows(
                "SELECT gid FROM pg_catalog.pg_prepared_xacts ORDER BY prepared",
                row -> "a snapshot would wait for the prepared transaction '%s'".formatted(row.getString(1))));
    }
}
