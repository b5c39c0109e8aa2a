package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * A temporary logical replication slot and the snapshot that it exports: together they say which transactions the snapshot sees,
 * exactly. No other pair does: what {@code pg_current_wal_lsn()} says around a snapshot is not a bound (with synchronous
 * replication, a transaction may be in the log and not yet visible).
 *
 * <p>Both last until this is closed. Owned by one thread. See PostgreSQL's documentation under "Streaming Replication Protocol".
 */
final class ReplicationSlot implements AutoCloseable {
    private final Connection connection;
    private final String system;
    private final long lsn;
    private final String snapshot;

    private ReplicationSlot(Connection connection, String system, long lsn, String snapshot) {
        this.connection = connection;
        this.system = system;
        this.lsn = lsn;
        this.snapshot = snapshot;
    }

    /** Creates a slot; waits for transactions that are writing now. */
    static ReplicationSlot create(Connections connections, SourceWaits waits) throws SQLException {
        Connection connection = open(connections);
        try {
            String system = value(connection, "IDENTIFY_SYSTEM", "systemid");
            int backend = connection.unwrap(PGConnection.class).getBackendPID();
            // The older form of the command, which all versions take.
            String command = "CREATE_REPLICATION_SLOT skyroll_snapshot_%d TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT"
                    .formatted(backend);
            return waits.run(
                    "create a replication slot",
                    backend,
                    () -> connection.abort(Runnable::run),
                    () -> create(connection, command, system));
        } catch (SQLException refused) {
            connection.close();
            throw SlotRefusal.explain(refused);
        } catch (RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    private static Connection open(Connections connections) {
        try {
            return connections.openReplication();
        } catch (SQLException refused) {
            throw SlotRefusal.explain(refused);
        }
    }

    private static ReplicationSlot create(Connection connection, String command, String system) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(command)) {
            if (!answer.next()) {
                throw SkyrollException.defect("PostgreSQL created a replication slot without saying where");
            }
            return new ReplicationSlot(
                    connection, system, lsn(answer.getString("consistent_point")), answer.getString("snapshot_name"));
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

    /** Drops the slot and its snapshot; sessions that have imported it keep it. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
