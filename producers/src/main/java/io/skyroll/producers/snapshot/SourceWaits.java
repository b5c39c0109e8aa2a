package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what may have to wait for other transactions of the database, and says which ones when it takes long. Owned by one
 * thread.
 */
final class SourceWaits {
    private static final Logger log = LoggerFactory.getLogger(SourceWaits.class);
    private static final Duration LIMIT = Duration.ofHours(1);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final int WARNING_INTERVAL = 10;
    /** So often it is looked whether others wait for what is held meanwhile; as the server does. */
    private static final Duration CYCLES = Duration.ofSeconds(1);

    /** The server's own word for transactions that wait for each other. */
    private static final String DEADLOCK = "40P01";

    private final Connections connections;
    private final StopSignal stop;
    private final Duration patience;

    /** @param patience how long to wait without a word */
    SourceWaits(Connections connections, StopSignal stop, Duration patience) {
        this.connections = connections;
        this.stop = stop;
        this.patience = patience;
    }

    /** Cuts the connection that an action waits on. */
    @FunctionalInterface
    interface Cut {
        void run() throws SQLException;
    }

    /** Whether this failed since others wait for what was held meanwhile: once that is released, it may succeed. */
    static boolean isDeadlock(SQLException failure) {
        return DEADLOCK.equals(failure.getSQLState());
    }

    /** Runs an action that waits for others while nothing is held that they may wait for. */
    <T> T run(String what, int backend, Cut cut, Callable<T> action) throws SQLException {
        return run(what, backend, List.of(), cut, action);
    }

    /**
     * Runs an action and waits for it.
     *
     * @param what the action in words: "lock the tables"
     * @param backend the server process that the action waits for
     * @param holders server processes that keep locks until the action is done; the server does not know that they wait for it
     * @param cut makes the action fail; called when the run shall end, or the wait is too long
     * @throws SQLException also where {@link #isDeadlock}
     */
    <T> T run(String what, int backend, List<Integer> holders, Cut cut, Callable<T> action) throws SQLException {
        FutureTask<T> task = new FutureTask<>(action);
        Thread thread = new Thread(task, "snapshot-setup");
        thread.setDaemon(true);
        thread.start();
        long start = System.nanoTime();
        Duration nextWarning = patience;
        Duration nextLook = CYCLES;
        while (true) {
            try {
                return task.get(TICK.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException waiting) {
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                if (stop.isStopped()) {
                    cut.run();
                    stop.check();
                }
                if (waited.compareTo(nextLook) > 0) {
                    nextLook = waited.plus(CYCLES);
                    if (isHeldUpBy(holders, backend)) {
                        cut.run();
                        throw new SQLException(
                                "could not %s: others wait for locks that are held meanwhile".formatted(what),
                                DEADLOCK);
                    }
                }
                if (waited.compareTo(nextWarning) > 0) {
                    nextWarning = nextWarning.multipliedBy(WARNING_INTERVAL);
                    warn(what, backend, waited);
                }
                if (waited.compareTo(LIMIT) > 0) {
                    List<Blocker> blockers = blockers(backend);
                    cut.run();
                    throw SkyrollException.unavailable(
                            "could not %s in %s: waited for %s; end these transactions and start again"
                                    .formatted(what, LIMIT, blockers),
                            waiting);
                }
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof SQLException refused) {
                    throw refused;
                }
                throw SkyrollException.defect("could not " + what, failure);
            } catch (InterruptedException interrupted) {
                cut.run();
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while waiting to %s".formatted(what));
            }
        }
    }

    private void warn(String what, int backend, Duration waited) throws SQLException {
        for (Blocker blocker : blockers(backend)) {
            log.atWarn()
                    .addKeyValue("action", what)
                    .addKeyValue("elapsedMs", waited.toMillis())
                    .addKeyValue("pid", blocker.pid())
                    .addKeyValue("ageSecs", blocker.ageSecs())
                    .addKeyValue("user", blocker.user())
                    .addKeyValue("application", blocker.application())
                    .log("snapshot waits for an open transaction");
        }
    }

    private boolean isHeldUpBy(List<Integer> holders, int backend) throws SQLException {
        if (holders.isEmpty()) {
            return false;
        }
        try (Session session = Session.open(connections, "skyroll snapshot watch")) {
            List<Integer> before = session.rows(
                    """
                    WITH RECURSIVE before(pid) AS (
                        SELECT unnest(pg_blocking_pids(?)) UNION SELECT unnest(pg_blocking_pids(pid)) FROM before)
                    SELECT pid FROM before""",
                    row -> row.getInt(1),
                    backend);
            return holders.stream().anyMatch(before::contains);
        }
    }

    /** Who holds a server process up; asked on a connection of its own, since the waiting one is busy. */
    List<Blocker> blockers(int backend) throws SQLException {
        try (Session session = Session.open(connections, "skyroll snapshot watch")) {
            return session.rows(
                    """
                    SELECT b.pid, coalesce(extract(epoch FROM clock_timestamp() - a.xact_start)::int8, -1),
                        coalesce(a.usename, '?'), coalesce(a.application_name, '?')
                    FROM unnest(pg_blocking_pids(?)) AS b(pid) LEFT JOIN pg_stat_activity a ON a.pid = b.pid""",
                    row -> new Blocker(row.getInt(1), row.getLong(2), row.getString(3), row.getString(4)),
                    backend);
        }
    }

    /**
     * A transaction that others wait for.
     *
     * @param pid its server process; 0 for a prepared transaction
     * @param ageSecs how long ago it began, in seconds; -1 when the role may not see that
     * @param user the role it belongs to
     * @param application what its client calls itself
     */
    record Blocker(int pid, long ageSecs, String user, String application) {}
}
