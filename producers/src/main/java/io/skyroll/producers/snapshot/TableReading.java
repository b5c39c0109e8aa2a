package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Conversions;
import io.skyroll.producers.postgres.CopyRows;
import io.skyroll.producers.postgres.Relation;
import io.skyroll.producers.postgres.RowEncoder;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableCatalog;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.wire.AvroBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All rows of a table at one moment, as a snapshot would send them, for those who only look: one read-only transaction, and nothing is made
 * in the database but, if wanted, a replication slot that ends with this. Owned by one thread.
 */
public final class TableReading implements AutoCloseable {
    private static final int INITIAL_ROW_BYTES = 4 << 10;
    /** So long to wait for others without a word. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Each fails only where the table was altered just then. */
    private static final int ATTEMPTS = 10;

    private final Session session;
    private final SourceTable table;
    private final String system;
    private final long lsn;
    private final Optional<ReplicationSlot> slot;

    /** Takes a row's Avro binary. */
    public interface Taker {
        /**
         * Takes a row.
         *
         * @param bytes valid until the method returns
         * @param end exclusive
         */
        void take(byte[] bytes, int start, int end);
    }

    private TableReading(Session session, SourceTable table, String system, long lsn, Optional<ReplicationSlot> slot) {
        this.session = session;
        this.table = table;
        this.system = system;
        this.lsn = lsn;
        this.slot = slot;
    }

    /**
     * Opens a table.
     *
     * @throws SkyrollException when the database does not answer, or the table cannot be read
     */
    public static TableReading open(Connections connections, TableRequest request) {
        return open(connections, session -> {
            SourceTable before = begin(session, request);
            SourceTable table = inspect(session, request);
            if (!table.isReadLike(before)) {
                return Optional.empty();
            }
            String system = session.text("SELECT system_identifier FROM pg_catalog.pg_control_system()");
            // On a standby the place that it has replayed.
            String lsn = session.text(
                    "SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0')::text");
            return Optional.of(new TableReading(session, table, system, Long.parseUnsignedLong(lsn), Optional.empty()));
        });
    }

    /**
     * Opens a table together with a temporary replication slot, which gives what was committed after the moment that the rows are of, and
     * nothing else. Waits for transactions that are writing now.
     *
     * @throws SkyrollException when the database does not answer, or the table cannot be read; of kind configuration also when no slot
     *     can be made
     */
    public static TableReading openWithSlot(Connections connections, TableRequest request) {
        return open(connections, session -> {
            SlotRefusal.checkServer(
                    session.text("SHOW wal_level"),
                    session.text("SELECT pg_is_in_recovery()").equals("t"));
            SourceTable before = begin(session, request);
            SourceWaits waits = new SourceWaits(connections, new StopSignal(), PATIENCE);
            ReplicationSlot slot =
                    ReplicationSlot.create(connections, Optional.empty(), List.of(session.backend()), waits);
            try {
                session.execute("SET TRANSACTION SNAPSHOT '%s'".formatted(slot.snapshot()));
                SourceTable table = inspect(session, request);
                if (!table.isReadLike(before)) {
                    slot.close();
                    return Optional.empty();
                }
                return Optional.of(new TableReading(session, table, slot.system(), slot.lsn(), Optional.of(slot)));
            } catch (SQLException | RuntimeException failure) {
                slot.close();
                throw failure;
            }
        });
    }

    /** Opens a table in a session. */
    private interface Opener {
        /** Empty when the table was altered meanwhile. */
        Optional<TableReading> open(Session session) throws SQLException;
    }

    private static TableReading open(Connections connections, Opener opener) {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<TableReading> opened = tryOpen(connections, opener);
                if (opened.isPresent()) {
                    return opened.get();
                }
            }
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
        throw SkyrollException.unavailable(
                "the table was altered at each of %d attempts to open it; start again".formatted(ATTEMPTS), null);
    }

    private static Optional<TableReading> tryOpen(Connections connections, Opener opener) throws SQLException {
        Session session = Session.open(connections, "skyroll verify");
        Optional<TableReading> opened = Optional.empty();
        try {
            opened = opener.open(session);
        } catch (SQLException refused) {
            if (!SourceWaits.isDeadlock(refused)) {
                throw refused;
            }
        } finally {
            if (opened.isEmpty()) {
                session.close();
            }
        }
        return opened;
    }

    private static SourceTable begin(Session session, TableRequest request) throws SQLException {
        SourceTable before = inspect(session, request);
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        if (!before.isWhole()) {
            // Before the transaction's snapshot is taken: after a TRUNCATE in between, the table would read as empty.
            session.execute("LOCK TABLE %s%s IN ACCESS SHARE MODE"
                    .formatted(before.partitioned() ? "" : "ONLY ", before.sql()));
        }
        return before;
    }

    private static SourceTable inspect(Session session, TableRequest request) throws SQLException {
        return TableCatalog.inspect(session, List.of(request)).get(0);
    }

    /** The table as it is at this moment. */
    public SourceTable table() {
        return table;
    }

    /**
     * The connection that made the slot, the only one that can read it: the server drops the slot when it is closed.
     *
     * @throws IllegalStateException without a slot
     */
    public Connection slotConnection() {
        return slot.orElseThrow(IllegalStateException::new).connection();
    }

    /**
     * The slot's name.
     *
     * @throws IllegalStateException without a slot
     */
    public String slotName() {
        return slot.orElseThrow(IllegalStateException::new).name();
    }

    public TableName name() {
        return table.name();
    }

    /** The columns of its rows, and its key. */
    public RowSchema rows() {
        return table.rows();
    }

    /** The database's system identifier. */
    public String system() {
        return system;
    }

    /**
     * Where the database's log ended just after the moment that the rows are of; with a slot the exact place: of the transactions, those
     * are seen that ended before it, and no others.
     */
    public long lsn() {
        return lsn;
    }

    /**
     * Reads all rows but those that cannot be represented.
     *
     * @throws SkyrollException when the database does not answer
     */
    public void forEach(Taker taker) {
        try {
            if (table.isWhole()) {
                read(table.whole().orElseThrow(), taker);
                WholeRead.checkStorage(session, table);
            } else {
                for (Relation relation : table.relations()) {
                    read("ONLY " + relation.sql(), taker);
                }
            }
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }

    private void read(String from, Taker taker) throws SQLException {
        int columns = table.rows().columns().size();
        String command = "COPY (SELECT %s FROM %s) TO STDOUT (FORMAT binary)"
                .formatted(table.source().selectList(), from);
        CopyRows rows = new CopyRows(session.copyOut(command), columns);
        RowEncoder encoder = table.source().rowEncoder();
        Conversions conversions = new Conversions();
        AvroBuffer row = new AvroBuffer(INITIAL_ROW_BYTES);
        int[] offsets = new int[columns];
        while (rows.next()) {
            row.clear();
            conversions.clear();
            if (encoder.encode(rows.message(), rows.start(), row, offsets, conversions) == RowEncoder.COMPLETE) {
                taker.take(row.bytes(), 0, row.size());
            }
        }
    }

    private static SkyrollException unavailable(SQLException failure) {
        return SkyrollException.unavailable("the source database: %s".formatted(failure.getMessage()), failure);
    }

    @Override
    public void close() {
        try {
            try (session) {
                if (slot.isPresent()) {
                    slot.get().close();
                }
            }
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }
}
