package io.skyroll.producers.postgres;

import io.skyroll.schemas.failure.SkyrollException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/**
 * A connection in which long reads are safe: no time-out ends it, and row security fails instead of hiding rows. Values are written
 * in one way whatever the server's and the role's settings are. Owned by one thread, except {@link #abort()}.
 */
public final class Session implements AutoCloseable {
    /** The first version that reads a range of blocks without reading the blocks before it. */
    private static final int OLDEST_VERSION = 140000;

    private static final int FIRST_WITH_TRANSACTION_TIMEOUT = 170000;

    private final Connection connection;

    private Session(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens a session.
     *
     * @param purpose shown as application_name in pg_stat_activity
     */
    public static Session open(Connections connections, String purpose) throws SQLException {
        Session session = new Session(connections.open());
        try {
            session.prepare(purpose);
            return session;
        } catch (SQLException | SkyrollException failure) {
            session.close();
            throw failure;
        }
    }

    private void prepare(String purpose) throws SQLException {
        int version = Integer.parseInt(text("SHOW server_version_num"));
        if (version < OLDEST_VERSION) {
            throw SkyrollException.configuration(
                    "PostgreSQL %s is too old: Skyroll needs 14 or newer".formatted(text("SHOW server_version")));
        }
        execute("SET application_name = '%s'".formatted(purpose.replace("'", "''")));
        for (String timeout : List.of("idle_in_transaction_session_timeout", "statement_timeout", "lock_timeout")) {
            execute("SET %s = 0".formatted(timeout));
        }
        if (version >= FIRST_WITH_TRANSACTION_TIMEOUT) {
            execute("SET transaction_timeout = 0");
        }
        execute("SET row_security = off");
        // So that what is read as text does not depend on who reads it, or where.
        execute("SET datestyle = 'ISO, MDY'");
        execute("SET intervalstyle = 'postgres'");
        execute("SET timezone = 'UTC'");
        execute("SET extra_float_digits = 1");
        execute("SET bytea_output = 'hex'");
    }

    public void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The only value of a query with one row and one column, as text. */
    public String text(String sql) throws SQLException {
        return rows(sql, row -> row.getString(1)).get(0);
    }

    /** Runs a query and reads every row of its answer. */
    public <T> List<T> rows(String sql, RowReader<T> reader, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<T> answer = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    answer.add(reader.read(rows));
                }
            }
            return answer;
        }
    }

    /** Runs a query in which a question mark is PostgreSQL's, and reads every row of its answer. */
    public <T> List<T> plainRows(String sql, RowReader<T> reader) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> answer = new ArrayList<>();
            while (rows.next()) {
                answer.add(reader.read(rows));
            }
            return answer;
        }
    }

    /** Reads what a query's answer is made of; a question mark in it is PostgreSQL's. */
    <T> T describe(String sql, AnswerReader<T> reader) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            return reader.read(answer.getMetaData());
        }
    }

    /** Reads what an answer is made of. */
    @FunctionalInterface
    interface AnswerReader<T> {
        T read(ResultSetMetaData answer) throws SQLException;
    }

    /** Reads one row of an answer. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Has parameters of a type that come in binary form sent as they are. */
    void sendInBinary(int type) throws SQLException {
        connection.unwrap(BaseConnection.class).getQueryExecutor().addBinarySendOid(type);
    }

    /** Starts a COPY to the client. */
    public CopyOut copyOut(String sql) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
    }

    /** The process id of the server process behind this session. */
    public int backend() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Cuts the connection; a thread that waits for the server fails. For other threads. */
    public void abort() throws SQLException {
        connection.abort(Runnable::run);
    }

    /** Ends the session and whatever transaction it has open. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
