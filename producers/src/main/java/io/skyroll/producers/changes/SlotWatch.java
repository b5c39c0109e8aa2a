package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a replication slot while it is followed, through the run's control session, and gives it up when it holds back more of the
 * server's log than allowed: nobody but its reader can let that go, so a slot that is only left alone fills the database's disk.
 *
 * <p>Owned by one thread; {@link #newest()} and {@link #news()} are for others.
 */
final class SlotWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SlotWatch.class);
    /** A busy server writes a segment of its log, 16 MB, in about this time. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Connections connections;
    private final String slot;
    private final WalBudget budget;
    private final WalVerdict verdict;
    private final Queue<String> news = new ConcurrentLinkedQueue<>();
    private @Nullable Session session;
    private @Nullable Duration lookedAt;
    private volatile @Nullable SlotState newest;

    SlotWatch(Connections connections, String slot, WalBudget budget) {
        this.connections = connections;
        this.slot = slot;
        this.budget = budget;
        this.verdict = new WalVerdict(budget);
    }

    /** The run's control session; a new one when the last was lost. */
    Session session() throws SQLException {
        Session open = session;
        if (open == null) {
            open = Session.open(connections, "skyroll changes control");
            session = open;
        }
        return open;
    }

    /** What was last seen; empty before the first look. */
    Optional<SlotState> newest() {
        return Optional.ofNullable(newest);
    }

    /** What has happened since the last call that people should read, a line each. */
    List<String> news() {
        List<String> lines = new ArrayList<>();
        for (String line = news.poll(); line != null; line = news.poll()) {
            lines.add(line);
        }
        return lines;
    }

    /**
     * Looks if it is time to.
     *
     * @param written a place in the log up to which changes are written
     * @throws OverLimit when the slot is to be given up
     * @throws SkyrollException when the slot is gone or lost
     */
    void look(long written) {
        Duration now = Duration.ofNanos(System.nanoTime());
        if (lookedAt != null && now.minus(lookedAt).compareTo(INTERVAL) < 0) {
            return;
        }
        lookedAt = now;
        try {
            SlotState state = SlotState.requireFrom(session(), slot, written);
            newest = state;
            switch (verdict.judge(state, now)) {
                case FINE -> {}
                case WARN -> warn(state);
                case STOP -> throw new OverLimit(state);
            }
        } catch (SQLException lost) {
            // The engine has its own connection, and says when the database is gone.
            log.atWarn()
                    .addKeyValue("slot", slot)
                    .addKeyValue("error", lost.getMessage())
                    .log("cannot look at the replication slot");
            forgetSession();
        }
    }

    private void warn(SlotState state) {
        String line = budget.describe(slot, state);
        log.atWarn()
                .addKeyValue("slot", slot)
                .addKeyValue("bytes", state.retainedBytes())
                .log(line);
        news.add("warning: " + line);
    }

    /**
     * Makes sure that the slot still has everything behind a place, before it is attached to: an engine that finds none may make one, which
     * would begin later.
     *
     * @throws SkyrollException when it has not
     * @throws SQLException when the server cannot be asked
     */
    void requireFrom(long written) throws SQLException {
        boolean isAnswered = false;
        try {
            newest = SlotState.requireFrom(session(), slot, written);
            isAnswered = true;
        } finally {
            if (!isAnswered) {
                forgetSession();
            }
        }
    }

    /**
     * Looks whether a failure of the engine is the slot's.
     *
     * @throws SkyrollException when the slot is gone or lost
     */
    void explain(SQLException failure, long written) {
        try {
            requireFrom(written);
        } catch (SQLException unasked) {
            failure.addSuppressed(unasked);
        }
    }

    /** Drops the slot, which nobody reads any more, and says why and what to do. */
    SkyrollException giveUp(OverLimit reason) {
        SlotState state = reason.state;
        String dropped = "it was dropped, so that the server lets its log go";
        try {
            SlotState.drop(session(), slot);
        } catch (SQLException | SkyrollException refused) {
            dropped = "it could not be dropped (%s): run SELECT pg_drop_replication_slot('%s')"
                    .formatted(refused.getMessage(), slot);
        }
        return SkyrollException.configuration(
                "%s. That did not get less for %d s, and the slot was given up: %s. What is published stands: start again with --resnapshot, which reads the tables anew; readers keep what they have until then"
                        .formatted(
                                budget.describe(slot, state), budget.patience().toSeconds(), dropped),
                reason);
    }

    private void forgetSession() {
        Session broken = session;
        session = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException closing) {
                log.atInfo().addKeyValue("error", closing.getMessage()).log("a lost connection was closed");
            }
        }
    }

    @Override
    public void close() throws SQLException {
        if (session != null) {
            session.close();
        }
    }

    /** The slot holds back more than allowed. Thrown through the engine, which has to be closed before the slot can be dropped. */
    static final class OverLimit extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient SlotState state;

        OverLimit(SlotState state) {
            super("the slot holds back more of the log than source.max_slot_wal_bytes");
            this.state = state;
        }
    }
}
