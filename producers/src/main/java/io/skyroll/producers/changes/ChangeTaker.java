package io.skyroll.producers.changes;

import java.time.Instant;

/** Takes committed transactions one after the other, in the order of their commits. Called by one thread. */
public interface ChangeTaker {
    /** A transaction starts; what an unfinished one left is void. */
    void begin();

    /** The transaction has changed a row. */
    void change(Change change);

    /** The transaction has emptied a table. */
    void truncate(int table);

    /**
     * The transaction is whole.
     *
     * @param endLsn where its commit record ends in the database's log: greater than that of every transaction before
     * @param time when it was committed, by the server's clock
     */
    void commit(long endLsn, Instant time);
}
