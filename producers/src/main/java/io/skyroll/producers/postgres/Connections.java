package io.skyroll.producers.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to the source database; every call gives a new one, owned by the caller. Thread-safe. */
public interface Connections {

    /** A connection for SQL, in auto-commit mode. */
    Connection open() throws SQLException;

    /**
     * A connection that speaks the replication protocol (pgjdbc: {@code replication=database},
     * {@code preferQueryMode=simple}, {@code assumeMinServerVersion=10}).
     */
    Connection openReplication() throws SQLException;

    /** The server that {@link #open} gives a connection to now. */
    Endpoint endpoint() throws SQLException;
}
