package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SeenColumn;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableForms;
import io.skyroll.producers.publish.TableRun;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves transactions from an engine into the topics, and cuts what is there from time to time. The server is told what it may forget when
 * that is kept in Kafka. Owned by one thread.
 */
final class ChangePump implements ChangeTaker {
    private static final Duration POLL = Duration.ofMillis(20);
    /** So long transactions are gathered for one of Kafka's. */
    private static final Duration GATHER = Duration.ofMillis(100);
    /** So often the server is told what it may forget. */
    private static final Duration ACKNOWLEDGE = Duration.ofSeconds(1);
    /** So often a place is noted at which nothing happened to the tables. */
    private static final Duration NOTE = Duration.ofSeconds(10);

    private final ChangeWriter writer;
    private final StagedChanges staged;
    private final List<SourceTable> tables;
    private final List<TableForms> forms;
    private final TransactionTables transaction = new TransactionTables();
    /** Tables that were described in the transaction, and where the last one ended that described a table. */
    private final Set<Integer> described = new HashSet<>();

    private final Map<Integer, Long> describedAt = new HashMap<>();
    /** Tables whose present form cannot be told, and why. */
    private final Map<Integer, SkyrollException> unreadable = new HashMap<>();

    private final Duration freshness;
    private @Nullable ChangeEngine engine;
    private final AlterationWatch watch;
    private Optional<AlterationWatch.Seen> altered = Optional.empty();
    private Optional<List<TableRun>> snapshot;
    private boolean isSnapshotCopied;
    private boolean isInTransaction;
    private long openedAt;
    private long cutAt;
    private long acknowledgedAt;
    private long notedAt;

    /**
     * A pump without an engine.
     *
     * @param tables as they are described now
     * @param forms of each
     * @param watch looks whether they are altered; the caller's
     * @param snapshot that is being taken; empty when none is, so that cuts can be made
     */
    ChangePump(
            ChangeWriter writer,
            StagedChanges staged,
            List<SourceTable> tables,
            List<TableForms> forms,
            AlterationWatch watch,
            Duration freshness,
            Optional<List<TableRun>> snapshot) {
        this.writer = writer;
        this.staged = staged;
        this.tables = List.copyOf(tables);
        this.forms = List.copyOf(forms);
        this.watch = watch;
        this.freshness = freshness;
        this.snapshot = snapshot;
        cutAt = System.nanoTime();
        notedAt = cutAt;
    }

    /** Goes on with another engine, which starts behind what the last one acknowledged. */
    void attach(ChangeEngine next) {
        engine = next;
        isInTransaction = false;
    }

    /** Tells the server that somebody is there, while a large transaction is written. */
    private void keepAlive() {
        try {
            engine().keepAlive();
        } catch (SQLException lost) {
            throw new EngineLost(lost);
        }
    }

    /** The snapshot's rows are written: the next cut ends it. */
    void endSnapshot() {
        isSnapshotCopied = true;
    }

    /** Whether the cut that ends the snapshot is visible, or there was none to end. */
    boolean isSnapshotEnded() {
        return snapshot.isEmpty();
    }

    /** Takes what has come, and writes, cuts and acknowledges what is due. */
    void step() throws SQLException {
        engine().poll(this, POLL);
        if (isInTransaction) {
            // What is written are whole transactions, and Kafka's must not wait for as long as a large one takes to
            // come.
            commitGathered();
            return;
        }
        if (isSnapshotCopied && snapshot.isPresent() && hasPassed(snapshot.get())) {
            writer.cut(snapshot.get());
            writer.commit();
            snapshot = Optional.empty();
            cutAt = System.nanoTime();
        }
        if (isPast(cutAt, freshness)) {
            writer.cut();
            cutAt = System.nanoTime();
            writer.commit();
        }
        if (snapshot.isEmpty()) {
            followAlterations();
        }
        commitGathered();
        acknowledge();
    }

    /** Takes over what the catalog says of tables, once everything has come that was committed before it said so. */
    private void followAlterations() throws SQLException {
        altered = altered.or(watch::look);
        if (altered.isEmpty()
                || Long.compareUnsigned(engine().delivered(), altered.get().lsn()) < 0) {
            return;
        }
        AlterationWatch.Seen seen = altered.get();
        altered = Optional.empty();
        for (Map.Entry<Integer, SourceTable> form : seen.forms().entrySet()) {
            int table = form.getKey();
            // The transaction that came up to the place may be behind it, and behind another alteration.
            boolean isPast = Long.compareUnsigned(describedAt.getOrDefault(table, 0L), seen.lsn()) > 0;
            boolean isKnown = transaction
                    .latest(table)
                    .filter(latest -> latest.source()
                            .columns()
                            .equals(form.getValue().source().columns()))
                    .isPresent();
            if (!isPast && !isKnown) {
                writer.alter(table, form.getValue(), seen.lsn(), seen.time());
                forms.get(table).adopt(form.getValue());
                transaction.add(table, form.getValue());
            }
        }
    }

    /** Whether everything has come that is not behind the place of a snapshot. */
    private boolean hasPassed(List<TableRun> runs) {
        long lsn = runs.get(0).position().lsn();
        return Long.compareUnsigned(writer.position().lsn(), lsn) >= 0
                || Long.compareUnsigned(engine().delivered(), lsn) >= 0;
    }

    private void commitGathered() {
        if (writer.isFull() || isPast(openedAt, GATHER)) {
            writer.commit();
        }
    }

    /** Cuts and makes visible what is written, whatever time it is. */
    void finish() throws SQLException {
        writer.cut();
        writer.commit();
        engine().acknowledge(writer.whole());
    }

    /** Whether everything is handed on and visible that was committed before a place in the log. */
    boolean hasReached(long lsn) {
        return !isInTransaction && !writer.isOpen() && Long.compareUnsigned(engine().delivered(), lsn) >= 0;
    }

    private void acknowledge() throws SQLException {
        if (writer.isOpen() || !isPast(acknowledgedAt, ACKNOWLEDGE)) {
            return;
        }
        long delivered = engine().delivered();
        if (Long.compareUnsigned(delivered, writer.position().lsn()) > 0 && isPast(notedAt, NOTE)) {
            writer.note(delivered);
            notedAt = System.nanoTime();
        }
        engine().acknowledge(writer.whole());
        acknowledgedAt = System.nanoTime();
    }

    @Override
    public void begin() {
        isInTransaction = true;
        staged.clear();
        transaction.begin();
        described.clear();
    }

    @Override
    public Optional<SourceTable> form(int table, List<? extends SeenColumn> seen) throws SQLException {
        SourceTable known = transaction.latest(table).orElse(tables.get(table));
        described.add(table);
        try {
            SourceTable form = forms.get(table).of(known, seen);
            unreadable.remove(table);
            if (transaction.add(table, form)) {
                staged.addForm(table);
            }
            return Optional.of(form);
        } catch (SkyrollException refused) {
            // The transaction may be one that is written already.
            unreadable.put(table, refused);
            return Optional.empty();
        }
    }

    @Override
    public void refuse(int table, Optional<SkyrollException> why) {
        SkyrollException reason = why.or(() -> Optional.ofNullable(unreadable.get(table)))
                .orElseThrow(() -> SkyrollException.defect("a change was refused without a reason"));
        if (reason.kind() != FailureKind.CONFIGURATION) {
            throw reason;
        }
        transaction.change(table);
        transaction.refuse(table, reason);
        staged.addRefused(table);
    }

    @Override
    public void change(Change change) {
        transaction.change(change.table());
        staged.add(change);
    }

    @Override
    public void truncate(int table) {
        transaction.change(table);
        staged.addTruncate(table);
    }

    @Override
    public void commit(long endLsn, Instant time) throws SQLException {
        isInTransaction = false;
        if (!writer.isOpen()) {
            openedAt = System.nanoTime();
        }
        described.forEach(table -> describedAt.put(table, endLsn));
        writer.write(staged, transaction, endLsn, time, this::keepAlive);
        staged.clear();
    }

    private ChangeEngine engine() {
        if (engine == null) {
            throw new IllegalStateException("no engine is attached");
        }
        return engine;
    }

    private static boolean isPast(long start, Duration length) {
        return System.nanoTime() - start >= length.toNanos();
    }

    /** The connection was lost while something else was done. */
    static final class EngineLost extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final SQLException lost;

        EngineLost(SQLException lost) {
            super(lost);
            this.lost = lost;
        }

        SQLException lost() {
            return lost;
        }
    }
}
