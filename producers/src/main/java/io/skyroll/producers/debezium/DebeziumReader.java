package io.skyroll.producers.debezium;

import io.skyroll.producers.changes.ChangeEngine;
import io.skyroll.producers.changes.ChangeTaker;
import io.skyroll.producers.changes.EngineOpener;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Follows a slot through Debezium. What it hands on are its transactions, from their BEGIN to their END, whose position is the end of the
 * commit; single events have no position that could be gone on from. Owned by one thread.
 */
public final class DebeziumReader implements ChangeEngine {
    /** So often a mark is written into an otherwise idle log, for Debezium to show how far it has read. */
    private static final Duration MARK = Duration.ofSeconds(2);
    /** Of a large transaction, at once: the caller has other things to see to. */
    private static final int MOST_EVENTS = 10_000;

    private final Session session;
    private final EventQueue events;
    private final Map<String, Integer> tables = new HashMap<>();
    private final String placeholder;
    private final IdentityHashMap<Schema, Form> bySchema = new IdentityHashMap<>();
    private Iterator<SourceRecord> batch = Collections.emptyIterator();
    private boolean isInTransaction;
    private long taken;
    private long committed;
    private long marked;
    private long markedAt = System.nanoTime() - MARK.toNanos();

    private DebeziumReader(Session session, EventQueue events, List<SourceTable> tables, String placeholder) {
        this.session = session;
        this.events = events;
        this.placeholder = placeholder;
        for (int table = 0; table < tables.size(); table++) {
            SourceTable source = tables.get(table);
            this.tables.put(name(source.name().schema(), source.name().table()), table);
        }
    }

    /** Attaches to a slot, behind what was acknowledged. */
    public static EngineOpener opener(Connections connections, String slot, String publication) {
        return new EngineOpener() {
            @Override
            public ChangeEngine open(List<SourceTable> tables) throws SQLException {
                return DebeziumReader.open(connections, slot, publication, tables);
            }

            @Override
            public List<String> problems(List<SourceTable> tables) {
                return DebeziumReader.problems(tables);
            }
        };
    }

    private static DebeziumReader open(
            Connections connections, String slot, String publication, List<SourceTable> tables) throws SQLException {
        String placeholder = "unsent-%s-%s".formatted(UUID.randomUUID(), UUID.randomUUID());
        Session session = Session.open(connections, "skyroll changes");
        boolean isOpen = false;
        try {
            EventQueue events = EventQueue.start(
                    ConnectorProperties.of(connections.endpoint(), slot, publication, tables, placeholder));
            isOpen = true;
            return new DebeziumReader(session, events, tables, placeholder);
        } finally {
            if (!isOpen) {
                session.close();
            }
        }
    }

    private static List<String> problems(List<SourceTable> tables) {
        return tables.stream()
                .flatMap(table -> ConnectTable.problems(table).stream())
                .toList();
    }

    @Override
    public void poll(ChangeTaker taker, Duration patience) throws SQLException {
        if (!batch.hasNext()) {
            batch = events.next(patience).iterator();
            if (!batch.hasNext()) {
                mark();
                return;
            }
        }
        for (int left = MOST_EVENTS; batch.hasNext() && left > 0; left--) {
            if (take(batch.next(), taker)) {
                return;
            }
        }
    }

    /** Takes an event; true when it ends a transaction. */
    private boolean take(SourceRecord record, ChangeTaker taker) throws SQLException {
        switch (record.topic()) {
            case ConnectorProperties.HEARTBEATS -> {
                return false;
            }
            case ConnectorProperties.MESSAGES -> taken++;
            case ConnectorProperties.TRANSACTIONS -> {
                return transaction(record, (Struct) record.value(), taker);
            }
            default -> {
                taken++;
                Struct event = (Struct) record.value();
                Form form = form(event, taker);
                String operation = event.getString("op");
                if (operation.equals("t")) {
                    taker.truncate(form.table());
                } else {
                    change(form, operation, event, taker);
                }
            }
        }
        return false;
    }

    private static void change(Form form, String operation, Struct event, ChangeTaker taker) {
        if (form.rows().isEmpty()) {
            taker.refuse(form.table(), form.refused());
            return;
        }
        try {
            form.rows().get().change(operation, event, taker);
        } catch (SkyrollException refused) {
            taker.refuse(form.table(), Optional.of(refused));
        }
    }

    private boolean transaction(SourceRecord record, Struct event, ChangeTaker taker) throws SQLException {
        if (event.getString("status").equals("BEGIN")) {
            isInTransaction = true;
            taken = 0;
            taker.begin();
            return false;
        }
        long expected = event.getInt64("event_count");
        if (!isInTransaction || taken != expected) {
            throw SkyrollException.defect("Debezium gave %d events of transaction %s, which had %d"
                    .formatted(taken, event.getString("id"), expected));
        }
        isInTransaction = false;
        committed = EventQueue.end(record);
        taker.commit(committed, Instant.ofEpochMilli(event.getInt64("ts_ms")));
        return true;
    }

    /** Debezium describes a table anew when the server does. */
    private Form form(Struct event, ChangeTaker taker) throws SQLException {
        @Nullable Form known = bySchema.get(event.schema());
        if (known != null) {
            return known;
        }
        Struct source = event.getStruct("source");
        String name = name(source.getString("schema"), source.getString("table"));
        @Nullable Integer index = tables.get(name);
        if (index == null) {
            throw SkyrollException.configuration(
                    "the publication gives changes of %s, which is no table of the pipeline: it must have the pipeline's tables only, and publish_via_partition_root = true"
                            .formatted(name));
        }
        List<ConnectColumn> seen = event.schema().field("after").schema().fields().stream()
                .map(ConnectColumn::of)
                .toList();
        Form form = form(index, taker.form(index, seen));
        bySchema.put(event.schema(), form);
        return form;
    }

    private Form form(int table, Optional<SourceTable> source) throws SQLException {
        try {
            Optional<ConnectTable> rows = source.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ConnectTable(table, source.get(), session, placeholder));
            return new Form(table, rows, Optional.empty());
        } catch (SkyrollException refused) {
            return new Form(table, Optional.empty(), Optional.of(refused));
        }
    }

    /**
     * What events of one schema are.
     *
     * @param table the index of their table
     * @param rows gives changes; empty when they cannot be told
     * @param refused why, where that is not known otherwise
     */
    private record Form(int table, Optional<ConnectTable> rows, Optional<SkyrollException> refused) {}

    private static String name(String schema, String table) {
        return schema + "." + table;
    }

    /**
     * Writes something into the log that comes back, when more is there than has come. Debezium does not tell how far it has read in what
     * is not published.
     */
    private void mark() throws SQLException {
        if (Long.compareUnsigned(marked, committed) > 0 || System.nanoTime() - markedAt < MARK.toNanos()) {
            return;
        }
        markedAt = System.nanoTime();
        long written = lsn("pg_current_wal_insert_lsn()");
        if (Long.compareUnsigned(written, committed) > 0) {
            marked = lsn("pg_logical_emit_message(true, 'skyroll', '')");
        }
    }

    private long lsn(String function) throws SQLException {
        return Long.parseUnsignedLong(session.text("SELECT (%s - '0/0')::text".formatted(function)));
    }

    @Override
    public long delivered() {
        return committed;
    }

    @Override
    public void acknowledge(long lsn) {
        events.acknowledge(lsn);
    }

    @Override
    public void keepAlive() {
        // Debezium has a thread for that.
    }

    @Override
    public void close() throws SQLException {
        try (session) {
            events.close();
        }
    }
}
