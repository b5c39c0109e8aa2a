package io.skyroll.producers.pgoutput;

import io.skyroll.producers.changes.ChangeEngine;
import io.skyroll.producers.changes.ChangeTaker;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.ServerText;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * Follows a slot through pgjdbc. The server sends whole transactions only, each when it is committed, rows in the binary form that COPY
 * gives them. Owned by one thread.
 */
public final class PgOutputEngine implements ChangeEngine {
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int STATUS_SECONDS = 5;
    /** Of a large transaction, at once: the caller has other things to see to. */
    private static final int MOST_MESSAGES = 10_000;

    private final Connection connection;
    private final Session session;
    private final PGReplicationStream stream;
    private final List<SourceTable> tables;
    private final Strangers others;
    private final Map<Long, TableTuples> relations = new HashMap<>();
    /** Tables in forms that cannot be told. */
    private final Map<Long, Integer> unreadable = new HashMap<>();
    /** Names of what was described and is none of the tables. */
    private final Map<Long, String> strangers = new HashMap<>();

    private long committed;
    private boolean isInTransaction;

    /** What is made of changes of tables that were not asked for. */
    private enum Strangers {
        REFUSED,
        PASSED_OVER
    }

    private PgOutputEngine(
            Connection connection,
            Session session,
            PGReplicationStream stream,
            List<SourceTable> tables,
            Strangers others) {
        this.connection = connection;
        this.session = session;
        this.stream = stream;
        this.tables = List.copyOf(tables);
        this.others = others;
    }

    /**
     * Attaches to a slot, behind what was acknowledged. No later start is asked for: the server would pass over a transaction of which a
     * part is written, since its end is the position of that part too.
     *
     * @param tables what to follow, in the order that changes name them by
     * @throws SQLException when the server refuses, for example because another process follows the slot
     */
    public static PgOutputEngine open(
            Connections connections, String slot, String publication, List<SourceTable> tables) throws SQLException {
        return attach(connections, connections.openReplication(), slot, publication, tables, Strangers.REFUSED);
    }

    /**
     * Attaches to the temporary slot of a connection, for the changes of one table of the publication.
     *
     * @param connection that made the slot; closed with the engine, or when the server refuses
     */
    static PgOutputEngine openTemporary(
            Connections connections, Connection connection, String slot, String publication, SourceTable table)
            throws SQLException {
        return attach(connections, connection, slot, publication, List.of(table), Strangers.PASSED_OVER);
    }

    private static PgOutputEngine attach(
            Connections connections,
            Connection connection,
            String slot,
            String publication,
            List<SourceTable> tables,
            Strangers others)
            throws SQLException {
        @Nullable Session session = null;
        boolean isOpen = false;
        try {
            session = Session.open(connections, "skyroll changes");
            PGReplicationStream stream = connection
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(slot)
                    .withSlotOption("proto_version", 1)
                    .withSlotOption("publication_names", publication)
                    .withSlotOption("binary", true)
                    .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
                    .withAutomaticFlush(false)
                    .start();
            isOpen = true;
            return new PgOutputEngine(connection, session, stream, tables, others);
        } finally {
            if (!isOpen) {
                try (connection) {
                    if (session != null) {
                        session.close();
                    }
                }
            }
        }
    }

    @Override
    public void poll(ChangeTaker taker, Duration patience) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        @Nullable ByteBuffer received = stream.readPending();
        while (received == null && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE.toNanos());
            received = stream.readPending();
        }
        for (int left = MOST_MESSAGES; received != null; left--) {
            take(new Message(received.array(), received.arrayOffset() + received.position()), taker);
            if (!isInTransaction || left == 0) {
                return;
            }
            received = stream.readPending();
        }
    }

    private void take(Message message, ChangeTaker taker) throws SQLException {
        char kind = message.kind();
        switch (kind) {
            case 'B' -> {
                isInTransaction = true;
                taker.begin();
            }
            case 'C' -> commit(message, taker);
            case 'R' -> relation(message, taker);
            case 'I', 'U', 'D' -> row(kind, message, taker);
            case 'T' -> truncate(message, taker);
            default -> {
                // Types, origins and messages say nothing about rows.
            }
        }
    }

    private void commit(Message message, ChangeTaker taker) throws SQLException {
        message.skip(1 + Long.BYTES);
        committed = message.int64();
        isInTransaction = false;
        taker.commit(committed, message.time());
    }

    private void row(char kind, Message message, ChangeTaker taker) throws SQLException {
        long oid = message.unsigned32();
        @Nullable Integer unread = unreadable.get(oid);
        if (unread != null) {
            taker.refuse(unread, Optional.empty());
            return;
        }
        if (isPassedOver(oid)) {
            return;
        }
        TableTuples table = tuples(oid);
        try {
            switch (kind) {
                case 'I' -> table.insert(message, taker);
                case 'U' -> table.update(message, taker);
                default -> table.delete(message, taker);
            }
        } catch (SkyrollException refused) {
            taker.refuse(table.table(), Optional.of(refused));
        }
    }

    private boolean isPassedOver(long oid) {
        return others == Strangers.PASSED_OVER && strangers.containsKey(oid);
    }

    private TableTuples tuples(long oid) {
        TableTuples found = relations.get(oid);
        if (found == null) {
            throw SkyrollException.configuration(
                    "the publication gives changes of %s, which is no table of the pipeline: it must have the pipeline's tables only, and publish_via_partition_root = true"
                            .formatted(strangers.getOrDefault(oid, "a relation that was not described")));
        }
        return found;
    }

    private void truncate(Message message, ChangeTaker taker) {
        int count = message.int32();
        message.skip(1);
        for (int i = 0; i < count; i++) {
            long oid = message.unsigned32();
            if (isPassedOver(oid)) {
                continue;
            }
            @Nullable Integer unread = unreadable.get(oid);
            taker.truncate(unread == null ? tuples(oid).table() : unread);
        }
    }

    /** Describes a table before its first change, and again after it was altered. */
    private void relation(Message message, ChangeTaker taker) throws SQLException {
        long oid = message.unsigned32();
        String schema = message.text();
        String name = message.text();
        message.skip(1);
        List<RelationColumn> seen = new ArrayList<>();
        int columns = message.int16();
        for (int i = 0; i < columns; i++) {
            message.skip(1);
            seen.add(new RelationColumn(message.text(), message.unsigned32(), message.int32()));
        }
        for (int table = 0; table < tables.size(); table++) {
            SourceTable source = tables.get(table);
            if (source.name().schema().equals(schema) && source.name().table().equals(name)) {
                form(oid, table, taker.form(table, seen));
                return;
            }
        }
        // A partition is described even though its changes come as those of its root.
        strangers.put(oid, schema + "." + name);
    }

    private void form(long oid, int table, Optional<SourceTable> form) {
        if (form.isEmpty()) {
            unreadable.put(oid, table);
            return;
        }
        unreadable.remove(oid);
        relations.put(
                oid,
                new TableTuples(
                        table, form.get(), new ServerText(session, form.get().source())));
    }

    @Override
    public long delivered() {
        long received = stream.getLastReceiveLSN().asLong();
        return isInTransaction || Long.compareUnsigned(received, committed) < 0 ? committed : received;
    }

    @Override
    public void acknowledge(long lsn) throws SQLException {
        stream.setFlushedLSN(LogSequenceNumber.valueOf(lsn));
        stream.setAppliedLSN(LogSequenceNumber.valueOf(lsn));
        stream.forceUpdateStatus();
    }

    @Override
    public void keepAlive() throws SQLException {
        stream.forceUpdateStatus();
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            session.close();
            stream.close();
        }
    }
}
