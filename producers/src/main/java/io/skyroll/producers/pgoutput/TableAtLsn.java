package io.skyroll.producers.pgoutput;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.TableReading;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * All rows of a table whose changes are published: as they are at the moment when this is opened, and, while the database goes on, as they
 * are at a later place in its log. The one comes from a snapshot, the other from what was committed since, which a temporary replication
 * slot gives. For those who only look: when this is closed, nothing is left in the database. Until then it holds the lock of a reader, so
 * the table cannot be truncated or altered. Owned by one thread.
 */
public final class TableAtLsn implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    /** So long the server may read in its log without a word. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int INITIAL_KEY_BYTES = 64;

    private final Connections connections;
    private final Session session;
    private final TableReading reading;
    private final String publication;
    private final long limitBytes;
    private ChangedRows changed;
    private long lsn;

    private TableAtLsn(
            Connections connections, Session session, TableReading reading, String publication, long limitBytes) {
        this.connections = connections;
        this.session = session;
        this.reading = reading;
        this.publication = publication;
        this.limitBytes = limitBytes;
        lsn = reading.lsn();
        changed = new ChangedRows(name().qualified(), Optional.of(table()), lsn, limitBytes);
    }

    /**
     * Opens a table. Waits for transactions that are writing now.
     *
     * @param publication that has the table's changes
     * @param limitBytes how much memory changed rows may take
     * @throws SkyrollException when the database does not answer, or the table cannot be read; of kind configuration also when its changes
     *     cannot
     */
    public static TableAtLsn open(Connections connections, TableRequest request, String publication, long limitBytes) {
        try {
            Session session = Session.open(connections, "skyroll verify");
            try {
                requirePublished(session, request.name(), publication);
                TableReading reading = TableReading.openWithSlot(connections, request);
                return new TableAtLsn(connections, session, reading, publication, limitBytes);
            } catch (SQLException | RuntimeException failure) {
                session.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }

    private static void requirePublished(Session session, TableName name, String publication) throws SQLException {
        boolean isPublished = !session.rows(
                        "SELECT 1 FROM pg_catalog.pg_publication_tables WHERE pubname = ? AND schemaname = ? AND tablename = ?",
                        row -> true,
                        publication,
                        name.schema(),
                        name.table())
                .isEmpty();
        if (!isPublished) {
            throw SkyrollException.configuration(
                    "the publication %s does not have table %s, so its changes reach nobody: run the pipeline, which adds it"
                            .formatted(publication, name.qualified()));
        }
    }

    public TableName name() {
        return reading.name();
    }

    /** The table as it was when this was opened; nobody can have altered it since. */
    public SourceTable table() {
        return reading.table();
    }

    /** The database's system identifier. */
    public String system() {
        return reading.system();
    }

    /** The place in the database's log that the rows are of: every transaction that ended there or before is seen, and no other. */
    public long lsn() {
        return lsn;
    }

    /**
     * Whether the reader of another slot has told the server that it keeps everything up to the moment when this was opened.
     *
     * @param slot its name
     * @throws SkyrollException when the database does not answer
     */
    public boolean isKeptBy(String slot) {
        try {
            return session
                    .rows(
                            "SELECT coalesce((confirmed_flush_lsn - '0/0')::text, '0') FROM pg_catalog.pg_replication_slots WHERE slot_name = ?",
                            row -> Long.parseUnsignedLong(row.getString(1)),
                            slot)
                    .stream()
                    .anyMatch(confirmed -> Long.compareUnsigned(confirmed, reading.lsn()) >= 0);
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }

    /**
     * Whether somebody reads another slot just now, so that its changes get on.
     *
     * @param slot its name
     * @throws SkyrollException when the database does not answer
     */
    public boolean isRead(String slot) {
        try {
            return session.rows(
                            "SELECT active FROM pg_catalog.pg_replication_slots WHERE slot_name = ?",
                            row -> row.getBoolean(1),
                            slot)
                    .contains(true);
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }

    /**
     * Goes on to a later place in the log, once: reads what was committed until then.
     *
     * @param end not before {@link #lsn()}, and in the log's past
     * @throws SkyrollException when the server does not answer, does not tell a changed row as a whole, or more has changed than there is
     *     memory for
     */
    public void advanceTo(long end) {
        if (end == lsn) {
            return;
        }
        if (lsn != reading.lsn() || Long.compareUnsigned(end, lsn) < 0) {
            throw new IllegalStateException("from %X to %X".formatted(lsn, end));
        }
        changed = new ChangedRows(name().qualified(), Optional.of(table()), end, limitBytes);
        try (PgOutputEngine engine = PgOutputEngine.openTemporary(
                connections, reading.slotConnection(), reading.slotName(), publication, table())) {
            advance(engine, end);
        } catch (SQLException failure) {
            throw unavailable(failure);
        } catch (SkyrollException refused) {
            if (refused.kind() == FailureKind.CONFIGURATION) {
                throw SkyrollException.configuration(
                        "what was committed since the comparison began cannot be read: " + refused.getMessage(),
                        refused);
            }
            throw refused;
        }
        lsn = end;
    }

    private void advance(PgOutputEngine engine, long end) throws SQLException {
        long moved = System.nanoTime();
        long seen = 0;
        while (!changed.isPast() && Long.compareUnsigned(engine.delivered(), end) < 0) {
            engine.poll(changed, POLL);
            long now = engine.delivered() + changed.taken();
            if (now != seen) {
                seen = now;
                moved = System.nanoTime();
            }
            if (System.nanoTime() - moved > PATIENCE.toNanos()) {
                throw SkyrollException.unavailable(
                        "table %s: the server has told nothing of its changes for %s"
                                .formatted(name().qualified(), PATIENCE),
                        null);
            }
        }
    }

    /**
     * Reads all rows, as they are at {@link #lsn()}, but those that cannot be represented.
     *
     * @throws SkyrollException when the database does not answer
     */
    public void forEach(TableReading.Taker taker) {
        if (changed.isEmpty()) {
            reading.forEach(taker);
            return;
        }
        RowPlan plan = new RowPlan(table().rows());
        int[] offsets = new int[plan.columnCount()];
        AvroBuffer key = new AvroBuffer(INITIAL_KEY_BYTES);
        reading.forEach((bytes, start, rowEnd) -> {
            plan.locate(bytes, start, offsets);
            key.clear();
            plan.writeKey(bytes, offsets, key);
            ByteBuffer row = ByteBuffer.wrap(key.bytes(), 0, key.size());
            if (changed.has(row)) {
                changed.complete(row, bytes, start);
            } else {
                taker.take(bytes, start, rowEnd);
            }
        });
        changed.present().forEach(row -> taker.take(row, 0, row.length));
    }

    private static SkyrollException unavailable(SQLException failure) {
        return SkyrollException.unavailable("the source database: %s".formatted(failure.getMessage()), failure);
    }

    @Override
    public void close() {
        try (reading) {
            session.close();
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }
}
