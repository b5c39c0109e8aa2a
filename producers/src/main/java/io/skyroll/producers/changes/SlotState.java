package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.Session;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the server says of a replication slot.
 *
 * @param walStatus whether the log that it needs is there: reserved, extended, unreserved (it may be gone with the next checkpoint) or lost
 * @param confirmed the server may have forgotten what was committed before this place
 * @param activePid the server process that reads it; empty when none does
 * @param retainedBytes how much of its log the server keeps for it; 0 when it is lost
 * @param safeBytes how much more may be written until it may be lost; empty when the server sets no limit, and when it is lost
 * @param behindBytes how far the confirmed place is behind the end of the log
 */
public record SlotState(
        String walStatus,
        long confirmed,
        Optional<Integer> activePid,
        long retainedBytes,
        OptionalLong safeBytes,
        long behindBytes) {
    /** A reader that was killed is missed by the server after its wal_sender_timeout, a minute unless set. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Looks at a slot; empty when there is none of that name. */
    public static Optional<SlotState> of(Session session, String slot) throws SQLException {
        List<SlotState> found = session.rows(
                """
                SELECT coalesce(wal_status, 'lost'), coalesce((confirmed_flush_lsn - '0/0')::text, '0'), active_pid,
                       greatest(0, coalesce(here - restart_lsn, 0))::bigint, safe_wal_size,
                       greatest(0, coalesce(here - confirmed_flush_lsn, 0))::bigint
                FROM pg_catalog.pg_replication_slots, pg_catalog.pg_current_wal_insert_lsn() AS here WHERE slot_name = ?""",
                SlotState::read,
                slot);
        return found.stream().findFirst();
    }

    private static SlotState read(ResultSet row) throws SQLException {
        long safe = row.getLong(5);
        OptionalLong safeBytes = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(safe);
        return new SlotState(
                row.getString(1),
                Long.parseUnsignedLong(row.getString(2)),
                Optional.ofNullable((Integer) row.getObject(3)),
                row.getLong(4),
                safeBytes,
                row.getLong(6));
    }

    /** Whether the server has let go what the slot needs. */
    public boolean isLost() {
        return walStatus.equals("lost");
    }

    /**
     * Makes sure that a slot has everything behind a place.
     *
     * @return what the server says of it
     * @throws SkyrollException when it has not
     */
    static SlotState requireFrom(Session session, String slot, long lsn) throws SQLException {
        String lost =
                "changes since LSN %s are lost to it: start again with --resnapshot, which reads the tables anew; readers keep what they have until then"
                        .formatted(text(lsn));
        SlotState state = of(session, slot)
                .orElseThrow(() -> SkyrollException.configuration(
                        "the replication slot %s is gone, and %s".formatted(slot, lost)));
        if (state.isLost()) {
            throw SkyrollException.configuration(
                    "the server has invalidated the replication slot %s (max_slot_wal_keep_size or idle_replication_slot_timeout may be why), and %s"
                            .formatted(slot, lost));
        }
        if (Long.compareUnsigned(state.confirmed(), lsn) > 0) {
            throw SkyrollException.configuration(
                    "the replication slot %s is at LSN %s: somebody else has advanced it or made it anew, and %s"
                            .formatted(slot, text(state.confirmed()), lost));
        }
        return state;
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
    public static String text(long lsn) {
        return "%X/%X".formatted(lsn >>> Integer.SIZE, lsn & 0xFFFF_FFFFL);
    }
}
