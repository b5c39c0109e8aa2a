package io.skyroll.producers.debezium;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's engine in a thread of its own, and the events that it has read ahead. Only ends of transactions are marked as processed: from
 * any other place Debezium would not go on exactly. To be used by one thread; the engine's thread is inside.
 */
final class EventQueue implements DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>>, AutoCloseable {
    private static final int READ_AHEAD = 2;
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final BlockingQueue<List<SourceRecord>> batches = new ArrayBlockingQueue<>(READ_AHEAD);
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    /** Ends of transactions that are not acknowledged; the engine's thread's. */
    private final Queue<RecordChangeEvent<SourceRecord>> ends = new ArrayDeque<>();

    private volatile long acknowledged;
    private volatile boolean isClosing;
    private volatile @Nullable Throwable failure;

    private EventQueue(Properties properties) {
        engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(properties)
                .notifying(this)
                .using((DebeziumEngine.ConnectorCallback) new DebeziumEngine.ConnectorCallback() {
                    @Override
                    public void taskStarted() {
                        started.countDown();
                    }
                })
                .using((DebeziumEngine.CompletionCallback) this::end)
                .build();
    }

    static EventQueue start(Properties properties) {
        EventQueue events = new EventQueue(properties);
        Thread thread = new Thread(events.engine, "debezium");
        thread.setDaemon(true);
        thread.start();
        return events;
    }

    /** Where the commit of a transaction ends in the log, by its END event. */
    static long end(SourceRecord record) {
        return (Long) Objects.requireNonNull(record.sourceOffset().get("lsn_commit"), "an END without a position");
    }

    /**
     * The next events, in order; none when none have come.
     *
     * @throws SQLException when the engine has ended because the database refused or was lost
     */
    List<SourceRecord> next(Duration patience) throws SQLException {
        try {
            @Nullable List<SourceRecord> batch = batches.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (batch != null) {
                return batch;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (ended.getCount() == 0 && batches.isEmpty()) {
            throw why();
        }
        return List.of();
    }

    /** Lets the server forget transactions that end at or before a place; it is told with the next events or the next heartbeat. */
    void acknowledge(long lsn) {
        acknowledged = lsn;
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> records, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        records.stream().filter(EventQueue::isEnd).forEach(ends::add);
        List<SourceRecord> batch =
                records.stream().map(RecordChangeEvent::record).toList();
        while (!batches.offer(batch, STEP.toMillis(), TimeUnit.MILLISECONDS)) {
            if (isClosing) {
                return;
            }
        }
        @Nullable RecordChangeEvent<SourceRecord> last = null;
        long upTo = acknowledged;
        while (!ends.isEmpty() && Long.compareUnsigned(end(ends.element().record()), upTo) <= 0) {
            last = ends.remove();
        }
        if (last != null) {
            committer.markProcessed(last);
            committer.markBatchFinished();
        }
    }

    private static boolean isEnd(RecordChangeEvent<SourceRecord> event) {
        return event.record().value() instanceof Struct value
                && event.record().topic().equals(ConnectorProperties.TRANSACTIONS)
                && value.getString("status").equals("END");
    }

    private void end(boolean isSuccess, String message, @Nullable Throwable error) {
        failure = error != null ? error : new IllegalStateException(message);
        started.countDown();
        ended.countDown();
    }

    /** Why the engine has ended: what the driver said, where it was that. */
    private SQLException why() {
        @Nullable Throwable error = failure;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        throw SkyrollException.unavailable(
                "Debezium has stopped: %s".formatted(error == null ? "no reason given" : error.getMessage()), error);
    }

    @Override
    public void close() {
        isClosing = true;
        try {
            // It cannot be closed while it starts.
            boolean unused = started.await(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (ended.getCount() > 0) {
                engine.close();
            }
            if (!ended.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw SkyrollException.unavailable("Debezium does not stop", null);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            throw SkyrollException.unavailable("Debezium does not stop: %s".formatted(failed.getMessage()), failed);
        }
    }
}
