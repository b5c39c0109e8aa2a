package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableCatalog;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One place in a database's history, kept readable: two keeper transactions hold its snapshot and locks on the tables, so that
 * any number of sessions can join it, also after a lost connection. Sessions that have joined do not need the keepers any more.
 *
 * <p>Every session locks the tables (ACCESS SHARE) before the snapshot exists and until it ends. A TRUNCATE or a rewriting ALTER
 * TABLE in between would make them read an empty table, without an error. And all who join at the start lock before anybody
 * reads: a session that came later would queue behind a waiting TRUNCATE, which waits for the keepers.
 *
 * <p>Opened and closed by one thread; {@link #join} is thread-safe.
 */
final class ConsistentPoint implements AutoCloseable {
    private static final int KEEPERS = 2;
    private static final String SNAPSHOT_GONE = "42704";
    private static final String LOCK_REFUSED = "55P03";

    private final Connections connections;
    private final List<Session> keepers;
    private final List<Session> workers;
    private final List<SourceTable> tables;
    private final List<String> snapshots;
    private final Place place;

    /**
     * Which place it is.
     *
     * @param system the database's system identifier
     * @param lsn every transaction that ended before it is seen, and no other
     * @param time the server's clock just then
     */
    record Place(String system, long lsn, Instant time) {}

    private ConsistentPoint(Connections connections, List<Session> sessions, List<SourceTable> tables, Place place)
            throws SQLException {
        this.connections = connections;
        this.keepers = sessions.subList(0, KEEPERS);
        this.workers = sessions.subList(KEEPERS, sessions.size());
        this.tables = tables;
        this.place = place;
        List<String> exported = new ArrayList<>();
        for (Session keeper : keepers) {
            exported.add(keeper.text("SELECT pg_export_snapshot()"));
        }
        this.snapshots = List.copyOf(exported);
    }

    /**
     * Tries to open a place; waits for transactions that are in the way.
     *
     * @param workerCount how many sessions join at once
     * @param slot name of the replication slot that stays behind at this place; empty for none
     * @return null when something changed in between, so that it should be tried again
     */
    static @Nullable ConsistentPoint tryOpen(
            Connections connections,
            List<SourceTable> inspected,
            int workerCount,
            Optional<String> slot,
            SourceWaits waits)
            throws SQLException {
        List<Session> sessions = new ArrayList<>();
        ConsistentPoint opened = null;
        try {
            for (int i = 0; i < KEEPERS + workerCount; i++) {
                String purpose = i < KEEPERS ? keeperName(i) : workerName(i - KEEPERS);
                sessions.add(Session.open(connections, purpose));
            }
            Session first = sessions.get(0);
            SlotRefusal.checkServer(
                    first.text("SHOW wal_level"),
                    first.text("SELECT pg_is_in_recovery()").equals("t"));
            List<SourceTable> before = inspectAgain(first, inspected);
            if (lock(sessions, lockCommand(before), waits)) {
                opened = open(connections, sessions, before, slot, waits);
            }
            return opened;
        } catch (SQLException refused) {
            if (SourceWaits.isDeadlock(refused)) {
                return null;
            }
            throw refused;
        } finally {
            if (opened == null) {
                closeAll(sessions);
            }
        }
    }

    private static @Nullable ConsistentPoint open(
            Connections connections,
            List<Session> sessions,
            List<SourceTable> before,
            Optional<String> name,
            SourceWaits waits)
            throws SQLException {
        Session first = sessions.get(0);
        List<Integer> holders = new ArrayList<>();
        for (Session session : sessions) {
            holders.add(session.backend());
        }
        try (ReplicationSlot slot = ReplicationSlot.create(connections, name, holders, waits)) {
            for (Session session : sessions) {
                session.execute("SET TRANSACTION SNAPSHOT '%s'".formatted(slot.snapshot()));
            }
            Instant time = first.rows("SELECT clock_timestamp() AT TIME ZONE 'UTC'", row -> row.getObject(
                                    1, java.time.LocalDateTime.class)
                            .toInstant(ZoneOffset.UTC))
                    .get(0);
            Place place = new Place(slot.system(), slot.lsn(), time);
            List<SourceTable> tables = inspectInSnapshot(first, before);
            for (int i = 0; i < tables.size(); i++) {
                if (!tables.get(i).isReadLike(before.get(i))) {
                    // A partition was added after the locks were taken, so it has none.
                    return null;
                }
            }
            slot.keep();
            return new ConsistentPoint(connections, sessions, tables, place);
        }
    }

    /**
     * What is behind a query is locked when the server looks at it, and a keeper must not hold such locks: an ALTER TABLE would wait for
     * it, and the workers for the ALTER TABLE.
     */
    private static List<SourceTable> inspectInSnapshot(Session first, List<SourceTable> before) throws SQLException {
        first.execute("SAVEPOINT inspection");
        List<SourceTable> tables = inspectAgain(first, before);
        first.execute("ROLLBACK TO SAVEPOINT inspection");
        first.execute("RELEASE SAVEPOINT inspection");
        return tables;
    }

    private static List<SourceTable> inspectAgain(Session session, List<SourceTable> before) throws SQLException {
        List<SourceTable> tables = TableCatalog.inspect(
                session, before.stream().map(SourceTable::request).toList());
        for (int i = 0; i < tables.size(); i++) {
            if (!tables.get(i).rows().equals(before.get(i).rows())) {
                throw SkyrollException.unavailable(
                        "table %s: its columns were changed while the snapshot was starting; start again"
                                .formatted(before.get(i).name().qualified()),
                        new IllegalStateException("from %s to %s"
                                .formatted(before.get(i).rows(), tables.get(i).rows())));
            }
        }
        return tables;
    }

    /** Locks the tables in every session; LOCK TABLE takes no snapshot, so one can still be imported. */
    private static boolean lock(List<Session> sessions, String command, SourceWaits waits) throws SQLException {
        Session first = sessions.get(0);
        for (Session session : sessions) {
            begin(session);
            if (command.isEmpty()) {
                continue;
            }
            if (session == first) {
                waits.run("lock the tables", first.backend(), first::abort, () -> {
                    first.execute(command);
                    return true;
                });
            } else if (!lockAtOnce(session, command)) {
                return false;
            }
        }
        return true;
    }

    private static boolean lockAtOnce(Session session, String command) throws SQLException {
        try {
            session.execute(command + " NOWAIT");
            return true;
        } catch (SQLException refused) {
            if (LOCK_REFUSED.equals(refused.getSQLState())) {
                return false;
            }
            throw refused;
        }
    }

    private static void begin(Session session) throws SQLException {
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }

    /** Locks the tables that are read in parts; what is behind views and queries is looked at when it was read. */
    private static String lockCommand(List<SourceTable> tables) {
        String all = tables.stream()
                .filter(table -> !table.isWhole())
                .map(table -> table.partitioned() ? table.sql() : "ONLY " + table.sql())
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "" : "LOCK TABLE %s IN ACCESS SHARE MODE".formatted(all);
    }

    static String keeperName(int keeper) {
        return "skyroll snapshot keeper " + keeper;
    }

    static String workerName(int worker) {
        return "skyroll snapshot worker " + worker;
    }

    Place place() {
        return place;
    }

    /** The tables as they are at this place, in the order asked for. */
    List<SourceTable> tables() {
        return tables;
    }

    /** For questions to the catalog before the workers start. */
    Session keeper() {
        return keepers.get(0);
    }

    /** The session that was opened for a worker; the worker closes it. */
    Session worker(int worker) {
        return workers.get(worker);
    }

    /**
     * Joins with a new session, in place of a lost one.
     *
     * @throws SQLException when the server does not answer, or a session that waits for an exclusive lock is in the way
     * @throws SkyrollException when both keepers are gone, and the snapshot with them
     */
    Session join(int worker) throws SQLException {
        SQLException gone = new SQLException("no keeper");
        for (String snapshot : snapshots) {
            Session session = Session.open(connections, workerName(worker));
            try {
                begin(session);
                String command = lockCommand(tables);
                if (!command.isEmpty()) {
                    session.execute(command + " NOWAIT");
                }
                session.execute("SET TRANSACTION SNAPSHOT '%s'".formatted(snapshot));
                return session;
            } catch (SQLException refused) {
                session.close();
                if (!SNAPSHOT_GONE.equals(refused.getSQLState())) {
                    throw refused;
                }
                gone = refused;
            }
        }
        throw SkyrollException.unavailable(
                "the database ended both transactions that kept the snapshot, and a worker's connection: what is missing cannot be read any more; start again (was the server restarted?)",
                gone);
    }

    @Override
    public void close() throws SQLException {
        closeAll(keepers);
        closeAll(workers);
    }

    private static void closeAll(List<Session> sessions) throws SQLException {
        for (Session session : sessions) {
            session.close();
        }
    }
}
