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
import java.sql.SQLException;
import java.util.List;

/**
 * All rows of a table at one moment, as a snapshot would send them, for those who only look: one read-only transaction, and neither a slot
 * nor anything else is made in the database. Owned by one thread.
 */
public final class TableReading implements AutoCloseable {
    private static final int INITIAL_ROW_BYTES = 4 << 10;

    private final Session session;
    private final SourceTable table;
    private final String system;
    private final long lsn;

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

    private TableReading(Session session, SourceTable table, String system, long lsn) {
        this.session = session;
        this.table = table;
        this.system = system;
        this.lsn = lsn;
    }

    /**
     * Opens a table.
     *
     * @throws SkyrollException when the database does not answer, or the table cannot be read
     */
    public static TableReading open(Connections connections, TableRequest request) {
        try {
            Session session = Session.open(connections, "skyroll verify");
            try {
                return open(session, request);
            } catch (SQLException | RuntimeException failure) {
                session.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }

    private static TableReading open(Session session, TableRequest request) throws SQLException {
        SourceTable before = TableCatalog.inspect(session, List.of(request)).get(0);
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        if (!before.isWhole()) {
            // Before the transaction's snapshot is taken: after a TRUNCATE in between, the table would read as empty.
            session.execute("LOCK TABLE %s%s IN ACCESS SHARE MODE"
                    .formatted(before.partitioned() ? "" : "ONLY ", before.sql()));
        }
        SourceTable table = TableCatalog.inspect(session, List.of(request)).get(0);
        if (!table.isReadLike(before)) {
            throw SkyrollException.unavailable(
                    "table %s was changed while it was opened; start again"
                            .formatted(request.name().qualified()),
                    new IllegalStateException("from %s to %s".formatted(before.rows(), table.rows())));
        }
        String system = session.text("SELECT system_identifier FROM pg_catalog.pg_control_system()");
        // On a standby the place that it has replayed.
        String lsn = session.text(
                "SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0')::text");
        return new TableReading(session, table, system, Long.parseUnsignedLong(lsn));
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

    /** Where the database's log ended just after the moment that the rows are of. */
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
            session.close();
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }
}
