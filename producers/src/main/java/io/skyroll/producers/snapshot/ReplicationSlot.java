package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Relation;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * A new logical replication slot and the snapshot that it exports: together they say which transactions the snapshot sees, exactly. No
 * other pair does: what {@code pg_current_wal_lsn()} says around a snapshot is not a bound (with synchronous replication, a transaction
 * may be in the log and not yet visible).
 *
 * <p>Both last until this is closed, but a slot with a name of its own stays when it was {@link #keep kept}. Owned by one thread. See
 * PostgreSQL's documentation under "Streaming Replication Protocol".
 */
final class ReplicationSlot implements AutoCloseable {
    private static final int FIRST_WITH_FAILOVER = 17;

    private final Connection connection;
    private final boolean isTemporary;
    private final String name;
    private final String system;
    private final long lsn;
    private final String snapshot;
    private boolean isKept;

    private ReplicationSlot(
            Connection connection, boolean isTemporary, String name, String system, long lsn, String snapshot) {
        this.connection = connection;
        this.isTemporary = isTemporary;
        this.name = name;
        this.system = system;
        this.lsn = lsn;
        this.snapshot = snapshot;
    }

    /**
     * Creates a slot; waits for transactions that are writing now.
     *
     * @param name of a slot that may stay; empty for one that ends with its connection
     * @param holders server processes that keep locks meanwhile, for which these transactions may come to wait
     * @throws SQLException also where {@link SourceWaits#isDeadlock}
     */
    static ReplicationSlot create(
            Connections connections, Optional<String> name, List<Integer> holders, SourceWaits waits)
            throws SQLException {
        Connection connection = open(connections);
        try {
            String system = value(connection, "IDENTIFY_SYSTEM", "systemid");
            int backend = connection.unwrap(PGConnection.class).getBackendPID();
            String command =
                    command(name, backend, connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_FAILOVER);
            return waits.run(
                    "create a replication slot",
                    backend,
                    holders,
                    () -> connection.abort(Runnable::run),
                    () -> create(connection, name.isEmpty(), command, system));
        } catch (SQLException refused) {
            connection.close();
            if (SourceWaits.isDeadlock(refused)) {
                throw refused;
            }
            throw SlotRefusal.explain(refused);
        } catch (RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    /** Those that stay are to survive a failover, where the server can have it; else the older form, which all versions take. */
    private static String command(Optional<String> name, int backend, boolean hasFailover) {
        if (name.isEmpty()) {
            return "CREATE_REPLICATION_SLOT skyroll_snapshot_%d TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT"
                    .formatted(backend);
        }
        return "CREATE_REPLICATION_SLOT %s LOGICAL pgoutput %s"
                .formatted(
                        Relation.quote(name.get()),
                        hasFailover ? "(SNAPSHOT 'export', FAILOVER true)" : "EXPORT_SNAPSHOT");
    }

    private static Connection open(Connections connections) {
        try {
            return connections.openReplication();
        } catch (SQLException refused) {
            throw SlotRefusal.explain(refused);
        }
    }

    private static ReplicationSlot create(Connection connection, boolean isTemporary, String command, String system)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(command)) {
            if (!answer.next()) {
                throw SkyrollException.defect("PostgreSQL created a replication slot without saying where");
            }
            return new ReplicationSlot(
                    connection,
                    isTemporary,
                    answer.getString("slot_name"),
                    system,
                    lsn(answer.getString("consistent_point")),
                    answer.getString("snapshot_name"));
        }
    }

    private static String value(Connection connection, String command, String column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(command)) {
            if (!answer.next()) {
                throw SkyrollException.defect("PostgreSQL did not answer " + command);
            }
            return answer.getString(column);
        }
    }

    /** Reads an LSN as PostgreSQL writes it: two hexadecimal numbers of 32 bits. */
    static long lsn(String text) {
        int slash = text.indexOf('/');
        return Long.parseLong(text.substring(0, slash), 16) << 32 | Long.parseLong(text.substring(slash + 1), 16);
    }

    /** The connection that a temporary slot ends with, and can only be read by. */
    Connection connection() {
        return connection;
    }

    String name() {
        return name;
    }

    /** The database's system identifier. */
    String system() {
        return system;
    }

    /** The slot's consistent point: the snapshot sees every transaction that ended before it, and no other. */
    long lsn() {
        return lsn;
    }

    /** The name that other sessions import the snapshot by. */
    String snapshot() {
        return snapshot;
    }

    /** Has the slot stay when this is closed, if it has a name. */
    void keep() {
        isKept = true;
    }

    /** Drops the slot, unless it stays, and its snapshot; sessions that have imported that keep it. */
    @Override
    public void close() throws SQLException {
        try (connection) {
            if (!isTemporary && !isKept) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("DROP_REPLICATION_SLOT " + Relation.quote(name));
                }
            }
        }
    }
}
