package io.skyroll.producers.changes;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Reads what was committed, from a replication slot. Reading starts anew behind the last transaction that was acknowledged, and always
 * with a whole transaction. Owned by one thread.
 */
public interface ChangeEngine extends AutoCloseable {

    /**
     * Hands on what has come by now: one transaction at most, or a part of a large one.
     *
     * @param patience how long to wait when nothing has
     * @throws SQLException when the connection is lost, or the server refuses to go on
     */
    void poll(ChangeTaker taker, Duration patience) throws SQLException;

    /** A place in the log before which every committed transaction has been handed on; at least the end of the last one. */
    long delivered();

    /** Lets the server forget what was committed up to a place, since it is kept elsewhere. */
    void acknowledge(long lsn) throws SQLException;

    /** Tells the server that this reader is alive; to be called every few seconds by who is busy otherwise. */
    void keepAlive() throws SQLException;

    @Override
    void close() throws SQLException;
}
