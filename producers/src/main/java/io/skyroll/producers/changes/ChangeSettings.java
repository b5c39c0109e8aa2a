package io.skyroll.producers.changes;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How changes are followed.
 *
 * @param slot name of the replication slot, which is the pipeline's own
 * @param publication name of the publication, which is the pipeline's own
 * @param freshness at least so long is between two cuts of a table
 * @param directory where transactions are put that do not fit into memory; exists
 * @param transactionBytes size that one of Kafka's transactions is ended at: a larger one of the database has several
 * @param budget how much of the server's log the slot may hold back
 * @param end when to stop
 * @param check decides about tables that are altered
 */
public record ChangeSettings(
        String slot,
        String publication,
        Duration freshness,
        Path directory,
        long transactionBytes,
        WalBudget budget,
        End end,
        FormCheck check) {
    public static final long DEFAULT_TRANSACTION_BYTES = 64L << 20;

    /** When following ends. */
    public enum End {
        /** When told to stop. */
        NEVER,
        /** When everything is written, and cut, that was committed before the start. */
        CAUGHT_UP
    }
}
