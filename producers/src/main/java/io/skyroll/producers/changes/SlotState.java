package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.Session;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the server says of a replication slot.
 *
 * @param walStatus whether the log that it needs is there
 * @param confirmed the server may have forgotten what was committed before this place
 * @param activePid the server process that reads it; empty when none does
 */
record SlotState(String walStatus, long confirmed, Optional<Integer> activePid) {
    /** A reader that was killed is missed by the server after its wal_sender_timeout, a minute unless set. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Looks at a slot; empty when there is none of that name. */
    static Optional<SlotState> of(Session session, String slot) throws SQLException {
        List<SlotState> found = session.rows(
                """
                SELECT coalesce(wal_status, 'lost'), coalesce((confirmed_flush_lsn - '0/0')::text, '0'), active_pid
                FROM pg_catalog.pg_replication_slots WHERE slot_name = ?""",
                row -> new SlotState(
                        row.getString(1), Long.parseUnsignedLong(row.getString(2)), Optional.ofNullable((Integer)
                                row.getObject(3))),
                slot);
        return found.stream().findFirst();
    }

    /**
     * Makes sure that a slot has everything behind a place.
     *
     * @throws SkyrollException when it has not
     */
    static void requireFrom(Session session, String slot, long lsn) throws SQLException {
        String lost =
                "changes since LSN %s are lost to it: start again with --resnapshot, which reads the tables anew; readers keep what they have until then"
                        .formatted(text(lsn));
        SlotState state = of(session, slot)
                .orElseThrow(() -> SkyrollException.configuration(
                        "the replication slot %s is gone, and %s".formatted(slot, lost)));
        if (state.walStatus().equals("lost")) {
            throw SkyrollException.configuration(
                    "the server has invalidated the replication slot %s (max_slot_wal_keep_size or idle_replication_slot_timeout may be why), and %s"
                            .formatted(slot, lost));
        }
        if (Long.compareUnsigned(state.confirmed(), lsn) > 0) {
            throw SkyrollException.configuration(
                    "the replication slot %s is at LSN %s: somebody else has advanced it or made it anew, and %s"
                            .formatted(slot, text(state.confirmed()), lost));
        }
    }

    /** Drops a slot, if there is one; waits for its reader to be gone. */
    static void drop(Session session, String slot) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<SlotState> state = of(session, slot);
            if (state.isEmpty()) {
                return;
            }
            if (state.get().activePid().isEmpty()) {
                session.rows("SELECT pg_catalog.pg_drop_replication_slot(?)", row -> slot, slot);
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw SkyrollException.unavailable(
                        "the replication slot %s is in use by server process %d: is another process following the same pipeline?"
                                .formatted(slot, state.get().activePid().get()),
                        null);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(200).toNanos());
        }
    }

    /** An LSN as PostgreSQL writes it. */
    static String text(long lsn) {
        return "%X/%X".formatted(lsn >>> Integer.SIZE, lsn & 0xFFFF_FFFFL);
    }
}
