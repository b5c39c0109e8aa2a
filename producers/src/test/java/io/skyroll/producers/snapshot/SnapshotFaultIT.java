package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.KafkaAccess;
import io.skyroll.producers.publish.Packing;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.producers.publish.RowWriter.RecordForm;
import io.skyroll.producers.publish.TransactionalWriter;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.topic.Topics;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What a snapshot leaves in the topics, when connections, processes or other people get in its way. */
@Order(1)
class SnapshotFaultIT {
    private static final int ROWS = 60_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final KafkaAccess kafka = LiveStack.shared().kafka();
    private final SchemaRegistry registry = LiveStack.shared().registry();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private String pipeline = "";
    private Database database = new Database("");
    private TableName stars = new TableName("p", "s", "t");

    @BeforeEach
    void newDatabase(TestInfo test) throws Exception {
        pipeline = test.getTestMethod().orElseThrow().getName();
        database = LiveStack.shared().newDatabase(pipeline.toLowerCase(Locale.ROOT));
        stars = new TableName(pipeline, "public", "stars");
        database.execute(
                "CREATE TABLE stars (id int8 PRIMARY KEY, ra float8)",
                "INSERT INTO stars SELECT i, i FROM generate_series(1, %d) i".formatted(ROWS));
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    @DisplayName("B31: lost worker connections and a lost keeper leave every row once")
    void lostConnectionsLeaveEveryRowOnce() throws Throwable {
        SnapshotProducer producer = producer(2);
        Future<Position> run = start(producer);
        terminate("skyroll snapshot keeper 0");
        for (int i = 0; i < 3; i++) {
            long before = producer.meter(stars).rowsOut();
            terminate("skyroll snapshot worker %");
            await().atMost(LIMIT)
                    .until(() -> run.isDone() || producer.meter(stars).rowsOut() > before);
        }

        Position position = result(run);

        assertEveryRowOnce(position);
    }

    @Test
    @DisplayName("B31: a snapshot whose keepers and a worker are lost ends with a clear error and no cut")
    void lostKeepersAndWorkerEndTheRunClearly() throws Throwable {
        SnapshotProducer producer = producer(2);
        Future<Position> run = start(producer);
        terminate("skyroll snapshot keeper %");
        terminate("skyroll snapshot worker 0");

        assertThatThrownBy(() -> result(run))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("the database ended both transactions that kept the snapshot")
                .hasMessageContaining("start again");
        assertNoCut();
        assertThat(backends("%")).isZero();
    }

    @Test
    @DisplayName("A45: a TRUNCATE waits until the snapshot is whole, and hides no row from it")
    void truncateWaitsUntilTheSnapshotIsWhole() throws Throwable {
        Future<Position> run = start(producer(2));
        Future<?> truncate = threads.submit(() -> {
            database.execute("TRUNCATE stars");
            return null;
        });
        await().atMost(LIMIT).until(() -> blocked("TRUNCATE stars"));
        assertThat(run.isDone()).isFalse();

        Position position = result(run);

        truncate.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(database.value("SELECT count(*) FROM stars")).isEqualTo("0");
        assertEveryRowOnce(position);
    }

    @Test
    void aDroppedColumnWaitsUntilTheSnapshotIsWholeAndIsInIt() throws Throwable {
        Future<Position> run = start(producer(2));
        Future<?> drop = threads.submit(() -> {
            database.execute("ALTER TABLE stars DROP COLUMN ra");
            return null;
        });
        await().atMost(LIMIT).until(() -> blocked("ALTER TABLE stars%"));
        assertThat(run.isDone()).isFalse();

        Position position = result(run);

        drop.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEveryRowOnce(position);
        assertThat(content().rows(position))
                .allSatisfy(row -> assertThat(row.get("ra")).isEqualTo(((Long) row.get("id")).doubleValue()));
    }

    @Test
    @DisplayName("A45: a table locked exclusively at the start is read after it is free, as it then is")
    void aTableThatIsBeingTruncatedIsReadAsItIsAfterwards() throws Throwable {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("TRUNCATE stars");
            statement.execute("INSERT INTO stars VALUES (7, 7)");
            Future<Position> run = threads.submit(() -> run(producer(2)));
            await().atMost(LIMIT).until(() -> blocked("LOCK TABLE%"));
            connection.commit();

            Position position = result(run);

            assertThat(content().rows(position)).singleElement().satisfies(row -> assertThat(row.get("id"))
                    .isEqualTo(7L));
        }
    }

    @Test
    void theTransactionThatHoldsUpTheSlotIsNamed() throws Exception {
        StopSignal stop = new StopSignal();
        SourceWaits waits = new SourceWaits(database, stop, Duration.ofMillis(100));
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET application_name = 'slow import'");
            statement.execute("INSERT INTO stars VALUES (-1, 0)");
            Future<ReplicationSlot> slot =
                    threads.submit(() -> ReplicationSlot.create(database, Optional.empty(), List.of(), waits));
            String walsender =
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walsender' AND wait_event = 'transactionid'";
            await().atMost(LIMIT).until(() -> !database.query(walsender).isEmpty());

            List<SourceWaits.Blocker> blockers = waits.blockers(Integer.parseInt(database.value(walsender)));

            assertThat(blockers).singleElement().satisfies(blocker -> {
                assertThat(blocker.application()).isEqualTo("slow import");
                assertThat(blocker.ageSecs()).isGreaterThanOrEqualTo(0);
            });
            assertThat(slot.isDone()).isFalse();
            stop.stop();
            assertThatThrownBy(() -> slot.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CancellationException.class);
        }
    }

    @Test
    @DisplayName("A6: a stopped run leaves no part of a chunk and no cut, and the next one is whole")
    void aStoppedRunLeavesOnlyWholeChunksAndTheNextOneIsWhole() throws Exception {
        SnapshotProducer stopped = producer(2);
        Future<Position> run = start(stopped);
        stopped.stop();

        assertThatThrownBy(() -> result(run)).isInstanceOf(CancellationException.class);
        assertNoCut();
        Set<Object> found = content().rows().stream().map(row -> row.get("id")).collect(Collectors.toSet());
        assertThat(found)
                .hasSizeGreaterThanOrEqualTo((int) stopped.meter(stars).rowsOut())
                .hasSizeLessThan(ROWS);
        for (List<String> block :
                database.query("SELECT string_agg(id::text, ',') FROM stars GROUP BY (ctid::text::point)[0]")) {
            Set<Object> ids = Arrays.stream(block.get(0).split(",", -1))
                    .map(Long::valueOf)
                    .collect(Collectors.toSet());
            ids.removeAll(found);
            assertThat(ids.isEmpty() || ids.size() == block.get(0).split(",", -1).length)
                    .as("a chunk in part: %s", ids)
                    .isTrue();
        }
        assertThat(ProducerProgress.read(kafka, registry, pipeline).completed(stars))
                .isEmpty();
        assertEveryRowOnce(run(producer(1)));
    }

    @Test
    @DisplayName("A6: an interrupted run ends, with its thread's interrupt flag kept and nothing left open")
    void anInterruptedRunEnds() throws Exception {
        SnapshotProducer producer = producer(2);
        Thread[] runner = new Thread[1];
        Future<Boolean> run = threads.submit(() -> {
            runner[0] = Thread.currentThread();
            try {
                producer.run();
                return false;
            } catch (CancellationException expected) {
                return Thread.interrupted();
            }
        });
        await().atMost(LIMIT).until(() -> producer.meter(stars).rowsOut() > 0);

        runner[0].interrupt();

        assertThat(run.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertNoCut();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(backends("%")).isZero());
    }

    @Test
    @DisplayName(
            "A6: an older run that goes on is fenced, and nothing it writes is seen, whatever the numbers of workers")
    void anOlderRunIsFenced() throws Exception {
        SnapshotProducer zombie = producer(3);
        Future<Position> older = start(zombie);

        Position position = run(producer(1));

        // A broker that is just fencing answers a commit with an unexpected error now and then, which is as good a
        // refusal.
        assertThatThrownBy(() -> result(older))
                .isInstanceOf(SkyrollException.class)
                .hasMessageFindingMatch("another producer has taken over|Kafka did not let .* commit");
        assertEveryRowOnce(position);
        for (int partition = 0; partition < 3; partition++) {
            List<TopicContent.Entry> entries = content().partition(partition);
            int reset = entries.stream()
                    .map(entry -> entry.op() == Op.RESET && entry.position().equals(position))
                    .toList()
                    .indexOf(true);
            assertThat(entries.subList(reset, entries.size()))
                    .allMatch(entry -> entry.position().equals(position));
        }
        assertThat(content().controls())
                .filteredOn(control -> control.kind() == io.skyroll.schemas.control.Control.Kind.CUT)
                .hasSize(3);
    }

    @Test
    @DisplayName("A6: a writer learns that another one has taken its id over")
    void aFencedWriterIsToldSo() {
        try (Admin admin = kafka.admin()) {
            Topics.ensureCompacted(admin, pipeline);
        }
        try (TransactionalWriter first = TransactionalWriter.open(kafka, pipeline);
                TransactionalWriter second = TransactionalWriter.open(kafka, pipeline)) {
            first.begin();
            assertThatThrownBy(() -> {
                        first.send(new ProducerRecord<>(pipeline, new byte[0], new byte[0]));
                        first.commit();
                    })
                    .isInstanceOf(SkyrollException.class)
                    .hasMessageContaining("another producer has taken over as " + pipeline);
            second.begin();
            second.send(new ProducerRecord<>(pipeline, new byte[0], new byte[0]));
            second.commit();
        }
    }

    @Test
    void aTableThatChangedSinceItsInspectionIsNotRead() throws Exception {
        SnapshotProducer producer = producer(1);
        List<SourceTable> inspected = producer.inspect();
        assertThat(inspected).hasSize(1);
        database.execute("ALTER TABLE stars ADD COLUMN dec float8");

        assertThatThrownBy(producer::run)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("table public.stars: its columns were changed");
        assertThat(content().entries()).isEmpty();
    }

    /** Starts a run and waits until its first chunk is in. */
    private Future<Position> start(SnapshotProducer producer) {
        Future<Position> run = threads.submit(() -> run(producer));
        await().pollInterval(Duration.ofMillis(5))
                .atMost(LIMIT)
                .until(() -> run.isDone() || producer.meter(stars).rowsOut() > 0);
        assertThat(run.isDone()).isFalse();
        return run;
    }

    /** One block a chunk, so that a run takes some hundred transactions. */
    private SnapshotProducer producer(int workers) {
        SnapshotSettings settings = new SnapshotSettings(
                pipeline,
                List.of(TableRequest.table(stars)),
                3,
                workers,
                8 << 10,
                new RecordForm(Packing.BATCHES, 2 << 10),
                kafka);
        return new SnapshotProducer(settings, database, registry);
    }

    private static Position result(Future<Position> run) throws Throwable {
        try {
            return run.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() == null ? failure : failure.getCause();
        }
    }

    private Position run(SnapshotProducer producer) {
        return Objects.requireNonNull(producer.run().get(stars));
    }

    private void terminate(String application) throws SQLException {
        String pids =
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%s'"
                        .formatted(application);
        assertThat(database.query("SELECT pg_terminate_backend(pid) FROM (%s) AS x".formatted(pids)))
                .isNotNull();
    }

    private long backends(String name) throws SQLException {
        return Long.parseLong(database.value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'skyroll snapshot %s'"
                        .formatted(name)));
    }

    private boolean blocked(String query) throws SQLException {
        return database.value(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%s' AND cardinality(pg_blocking_pids(pid)) > 0"
                                .formatted(query))
                .equals("1");
    }

    private void assertEveryRowOnce(Position position) throws Exception {
        assertThat(content().rows(position).stream()
                        .map(row -> (Long) row.get("id"))
                        .sorted()
                        .toList())
                .isEqualTo(LongStream.rangeClosed(1, ROWS).boxed().toList());
    }

    private void assertNoCut() throws Exception {
        assertThat(content().entries()).noneMatch(entry -> entry.op() == Op.CUT);
    }

    private TopicContent content() throws Exception {
        return TopicContent.read(LiveStack.shared().bootstrapServers(), registry, stars.rowsTopic());
    }
}
