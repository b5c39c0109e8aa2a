package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.publish.ChangeProgress;
import io.skyroll.producers.publish.ChangeProgress.TableChanges;
import io.skyroll.producers.publish.ProgressTopic;
import io.skyroll.producers.publish.TableRun;
import io.skyroll.producers.publish.TransactionalWriter;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.Op;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes whole transactions of the database into rows topics, several in a Kafka transaction, with the record that says how far they go.
 * What was written before is left out, so that a transaction that comes again is written once. Owned by one thread.
 */
final class ChangeWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChangeWriter.class);
    private final TransactionalWriter writer;
    private final ProgressTopic progress;
    private final List<FollowedTable> tables;
    private final List<TableChanges> others;
    private final Alterations alterations;
    private final String slot;
    private final String system;
    private final long transactionBytes;
    private Position written;
    /** The end of the last transaction that is written whole; 0 before the first: an earlier run may have left a part of one. */
    private long whole;

    private Instant time;
    private boolean open;
    private long bytes;

    /**
     * A writer that goes on where another one stopped.
     *
     * @param writer closed with this
     * @param start how far the topics follow the database; names what stands there
     * @param others tables that are not followed, of which the same is kept
     * @param transactionBytes size that a Kafka transaction is ended at; no cut stands inside a transaction of the database
     */
    ChangeWriter(
            TransactionalWriter writer,
            ProgressTopic progress,
            List<FollowedTable> tables,
            Alterations alterations,
            ChangeProgress start,
            List<TableChanges> others,
            long transactionBytes) {
        this.writer = writer;
        this.progress = progress;
        this.tables = List.copyOf(tables);
        this.alterations = alterations;
        this.others = List.copyOf(others);
        this.slot = start.slot();
        this.system = start.system();
        this.transactionBytes = transactionBytes;
        written = start.position();
        time = start.time();
    }

    /** Position of the last change that is written, if not yet visible. */
    Position position() {
        return written;
    }

    /** Everything up to this place in the log is written, if not yet visible; 0 when that cannot be told yet. */
    long whole() {
        return whole;
    }

    /** Whether something is written that is not visible yet. */
    boolean isOpen() {
        return open;
    }

    /** Whether what is written should be made visible before more is. */
    boolean isFull() {
        return bytes >= transactionBytes;
    }

    /**
     * Writes a transaction that ended at a place in the log. Of one that changed nothing no trace is kept, so the server may not forget
     * what was before it yet: a place where nothing happened has to be noted first.
     *
     * @param transaction what it does to tables
     * @param keepAlive called now and then while a large one is written
     * @throws SQLException when a table was altered and the database does not answer
     */
    void write(StagedChanges changes, TransactionTables transaction, long endLsn, Instant committed, Runnable keepAlive)
            throws SQLException {
        // Where a part of it is written, that was done before.
        if (Long.compareUnsigned(endLsn, written.lsn()) > 0) {
            transaction.refused().forEach((table, why) -> {
                if (isFollowed(tables.get(table), endLsn)) {
                    stop(tables.get(table), why);
                }
            });
            adopt(transaction, endLsn);
        }
        if (Long.compareUnsigned(endLsn, written.lsn()) >= 0) {
            changes.forEach(new Transaction(endLsn, committed, new PresentRows(tables, transaction), keepAlive));
        }
        if (changes.count() > 0) {
            whole = endLsn;
        }
    }

    /** Rows between two cuts have one form: a table that was altered is cut before the first row of its new form. */
    private void adopt(TransactionTables transaction, long endLsn) throws SQLException {
        for (int index : transaction.changed()) {
            FollowedTable table = tables.get(index);
            Optional<SourceTable> form = transaction.latest(index);
            if (isFollowed(table, endLsn) && form.isPresent() && !table.has(form.get())) {
                if (table.isChanged()) {
                    cut(table, written, time);
                }
                try {
                    alterations.apply(table, form.get());
                } catch (SkyrollException refused) {
                    stop(table, refused);
                }
            }
        }
    }

    /**
     * Has a table's rows written in another form from a place on at which nothing happens to it, and cuts it there, so that the form is
     * published; where more is written by now, with its next cut.
     *
     * @param at when the database was at the place
     */
    void alter(int index, SourceTable form, long lsn, Instant at) throws SQLException {
        FollowedTable table = tables.get(index);
        if (table.stopped().isPresent() || table.has(form)) {
            return;
        }
        begin();
        if (table.isChanged()) {
            cut(table, written, time);
        }
        if (Long.compareUnsigned(lsn, written.lsn()) > 0) {
            written = new Position(written.epoch(), lsn, 0);
            whole = lsn;
            time = at;
        }
        try {
            alterations.apply(table, form);
            if (written.isAfter(table.control())) {
                cut(table, written, time);
            }
        } catch (SkyrollException refused) {
            stop(table, refused);
        }
        commit();
    }

    /**
     * Writes nothing of a table any more, from the transaction on that is written next.
     *
     * @throws SkyrollException the reason, when no other table could go on without it: then nothing is lost, and the next run comes back to it
     */
    private void stop(FollowedTable table, SkyrollException why) {
        boolean isLast =
                tables.stream().filter(other -> other.stopped().isEmpty()).allMatch(table::equals);
        if (why.kind() != FailureKind.CONFIGURATION || isLast || table.isSnapshotOpen()) {
            throw why;
        }
        begin();
        table.stop(String.valueOf(why.getMessage()));
        log.atError()
                .addKeyValue("table", table.topic().name().qualified())
                .addKeyValue("reason", why.getMessage())
                .log("the table is not followed any more, the others are");
    }

    /** Whether what a transaction does to a table is to be written. */
    private static boolean isFollowed(FollowedTable table, long endLsn) {
        return table.stopped().isEmpty() && !table.hasRead(endLsn);
    }

    private final class Transaction implements StagedChanges.Taker {
        private final long endLsn;
        private final Instant committed;
        private final PresentRows present;
        private final Runnable keepAlive;
        private long sequence;

        Transaction(long endLsn, Instant committed, PresentRows present, Runnable keepAlive) {
            this.endLsn = endLsn;
            this.committed = committed;
            this.present = present;
            this.keepAlive = keepAlive;
        }

        @Override
        public void change(Change change) {
            if (isNew() && isFollowed(tables.get(change.table()), endLsn)) {
                send(tables.get(change.table()), present.of(change), committed);
            }
        }

        @Override
        public void form(int table) {
            present.next(table);
        }

        /** It has its place among the transaction's changes, and its table is stopped. */
        @Override
        public void refused(int table) {
            boolean unused = isNew();
        }

        @Override
        public void truncate(int table) {
            FollowedTable emptied = tables.get(table);
            if (isNew() && isFollowed(emptied, endLsn)) {
                Control reset = emptied.reset(written, system, committed);
                for (int partition = 0; partition < emptied.topic().partitions(); partition++) {
                    writer.send(emptied.topic().message(partition, reset));
                }
            }
        }

        /** Whether the next change is written for the first time; then it has its position, and a Kafka transaction. */
        private boolean isNew() {
            Position position = new Position(written.epoch(), endLsn, ++sequence);
            if (!position.isAfter(written)) {
                return false;
            }
            if (isFull()) {
                commit();
                keepAlive.run();
            }
            begin();
            written = position;
            time = committed;
            return true;
        }
    }

    private void send(FollowedTable table, Change change, Instant committed) {
        ProducerRecord<byte[], byte[]> message = ChangeMessage.of(table.topic(), change, written, committed);
        writer.send(message);
        table.count(message.partition());
        long size = ChangeMessage.length(message.value());
        table.meter().addRowsIn(1);
        table.meter().addRowsOut(change.op() == Op.DELETE ? 0 : 1);
        table.meter().addBytesOut(size);
        bytes += size + ChangeMessage.length(change.before()) + ChangeMessage.length(change.key());
    }

    /** Writes a cut into the topic of every table that something was written to since its last one. */
    void cut() {
        for (FollowedTable table : tables) {
            if (table.isChanged() && !table.isSnapshotOpen()) {
                cut(table, written, time);
            }
        }
    }

    /** Writes a cut that ends snapshots, whether or not they have rows. */
    void cut(List<TableRun> snapshots) {
        begin();
        for (TableRun snapshot : snapshots) {
            FollowedTable table = tables.stream()
                    .filter(each -> each.topic().name().equals(snapshot.topic().name()))
                    .findFirst()
                    .orElseThrow();
            table.endSnapshot(snapshot.rows());
            boolean isBehind = snapshot.position().isAfter(written);
            cut(table, isBehind ? snapshot.position() : written, isBehind ? snapshot.time() : time);
            writer.send(progress.cutWritten(snapshot, snapshot.rows()));
        }
    }

    private void cut(FollowedTable table, Position position, Instant at) {
        begin();
        List<Control> cuts = table.cut(position, system, at);
        for (int partition = 0; partition < cuts.size(); partition++) {
            writer.send(table.topic().message(partition, cuts.get(partition)));
        }
    }

    /** Notes that nothing happened to the tables up to a place in the log. */
    void note(long lsn) {
        begin();
        written = new Position(written.epoch(), lsn, 0);
        whole = lsn;
        commit();
    }

    /** Makes visible what is written. */
    void commit() {
        if (!open) {
            return;
        }
        writer.send(progress.message(new ChangeProgress(
                slot,
                system,
                written,
                time,
                Stream.concat(tables.stream().map(FollowedTable::progress), others.stream())
                        .toList())));
        writer.commit();
        open = false;
        bytes = 0;
    }

    private void begin() {
        if (!open) {
            writer.begin();
            open = true;
        }
    }

    /** Closes the writer; what is not visible is void. */
    @Override
    public void close() {
        writer.close();
    }
}
