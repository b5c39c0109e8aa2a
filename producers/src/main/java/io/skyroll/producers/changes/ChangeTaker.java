package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SeenColumn;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes committed transactions one after the other, in the order of their commits. Called by one thread. */
public interface ChangeTaker {
    /** A transaction starts; what an unfinished one left is void. */
    void begin();

    /**
     * Changes of a table have these columns from now on. Comes before its first change, and again when it was altered.
     *
     * @param table the index of the table among those that are followed
     * @param seen its columns, in the table's order
     * @return the table with rows of this form, which changes are to be given in; empty when it cannot be told what rows of this form are,
     *     so that every change is to be refused
     */
    Optional<SourceTable> form(int table, List<? extends SeenColumn> seen) throws SQLException;

    /**
     * The transaction has done something to a table that cannot be told.
     *
     * @param why empty when the table's form is the reason
     */
    void refuse(int table, Optional<SkyrollException> why);

    /** The transaction has changed a row. */
    void change(Change change);

    /** The transaction has emptied a table. */
    void truncate(int table);

    /**
     * The transaction is whole.
     *
     * @param endLsn where its commit record ends in the database's log: greater than that of every transaction before
     * @param time when it was committed, by the server's clock
     * @throws SQLException when a table was altered and the database does not answer
     */
    void commit(long endLsn, Instant time) throws SQLException;
}
