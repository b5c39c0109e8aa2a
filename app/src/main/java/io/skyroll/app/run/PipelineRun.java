package io.skyroll.app.run;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.producers.snapshot.SnapshotProducer;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.consume.TableSink;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.publish.VersionSummary;
import io.skyroll.sinks.storage.Store;
import io.skyroll.streams.topology.SkyStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All stages in one process, until the snapshot is published: the same stages as in processes of their own, over the same topics.
 *
 * <p>A run that was interrupted before its last cut starts over; what it had written is void. One that was interrupted after that lets
 * streams and sinks finish. Single use, owned by one thread.
 */
public final class PipelineRun {
    private static final Duration SAMPLE = Duration.ofMillis(200);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private final PipelineConfig config;
    private final Stages stages;
    private final Services services;
    private final Connections connections;
    private final Observer observer;
    private final StoreOpener opener;
    private final InstantSource clock = InstantSource.system();
    private final StageMeter streamMeter = new StageMeter();
    private final StageMeter sinkMeter = new StageMeter();
    private final StageClock produced = new StageClock();
    private final StageClock streamed = new StageClock();
    private final StageClock sunk = new StageClock();
    private final List<SkyStream> streams = new ArrayList<>();
    private final Map<TableConfig, TableSink> sinks = new LinkedHashMap<>();
    private final Map<TableConfig, Store> stores = new LinkedHashMap<>();

    public PipelineRun(PipelineConfig config, Services services, Connections connections, Observer observer) {
        this(config, services, connections, observer, Stages::store);
    }

    /** @param opener opens where a table's catalog is */
    PipelineRun(
            PipelineConfig config, Services services, Connections connections, Observer observer, StoreOpener opener) {
        this.opener = opener;
        this.config = config;
        this.services = services;
        this.stages = new Stages(config, services);
        this.connections = connections;
        this.observer = observer;
    }

    /**
     * Runs until every table's catalog shows the snapshot, or, where readers are pinned to an older version, has it committed.
     *
     * @param newGeneration whether catalogs begin a new generation
     * @throws CancellationException when the thread was interrupted; everything is closed by then
     */
    public RunReport run(boolean newGeneration) throws IOException {
        Instant start = clock.instant();
        SnapshotProducer producer = stages.producer(connections);
        List<SourceTable> tables = producer.inspect();
        for (int i = 0; i < tables.size(); i++) {
            Stages.check(config.tables().get(i), tables.get(i).rows());
        }
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "produce"));
        try {
            openStores();
            Optional<Map<TableName, Position>> unfinished = newGeneration ? Optional.empty() : unfinished();
            startStages(newGeneration);
            long expected =
                    tables.stream().mapToLong(SourceTable::estimatedRows).sum();
            Map<TableName, Position> positions;
            if (unfinished.isPresent()) {
                positions = unfinished.get();
            } else {
                positions = await(thread.submit(producer::run), producer, expected);
            }
            awaitPublished(positions, producer, expected);
            return report(Duration.between(start, clock.instant()));
        } finally {
            observer.done();
            close(producer, thread);
        }
    }

    /** The producer first, so that it does not write to a broker that is closed afterwards. */
    private void close(SnapshotProducer producer, ExecutorService thread) {
        producer.stop();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            thread.shutdownNow();
        }
        sinks.values().forEach(TableSink::close);
        streams.forEach(SkyStream::close);
        stores.values().forEach(Store::close);
    }

    private void openStores() throws IOException {
        for (TableConfig table : config.tables()) {
            stores.put(table, opener.open(table));
        }
    }

    private void startStages(boolean newGeneration) {
        for (TableConfig table : config.tables()) {
            SkyStream stream = stages.stream(table, streamMeter);
            streams.add(stream);
            stream.start();
            TableSink sink = stages.sink(table, store(table), sinkMeter);
            sinks.put(table, sink);
            try {
                sink.start(newGeneration);
            } catch (IOException failure) {
                throw Failures.of("cannot publish to " + table.catalog().path(), failure);
            }
        }
    }

    /** Opens where a table's catalog is; the store is the caller's. */
    interface StoreOpener {
        Store open(TableConfig table) throws IOException;
    }

    /** The positions of an earlier run's snapshot, if its last cut is written but not published everywhere. */
    private Optional<Map<TableName, Position>> unfinished() throws IOException {
        ProducerProgress progress = ProducerProgress.read(stages.kafka(), services.registry(), config.pipeline());
        Map<TableName, Position> positions = new LinkedHashMap<>();
        boolean isPublished = true;
        boolean isBrokenOff = config.tables().stream()
                .map(stages::name)
                .anyMatch(name -> progress.tables().containsKey(name)
                        && progress.completed(name).isEmpty());
        if (isBrokenOff) {
            observer.news("an earlier run was interrupted before its snapshot was whole: starting over");
        }
        for (TableConfig table : config.tables()) {
            TableName name = stages.name(table);
            Optional<Position> completed = progress.completed(name);
            if (completed.isEmpty()) {
                return Optional.empty();
            }
            positions.put(name, completed.get());
            Optional<Version> newest = new Chain(store(table)).newestVersion();
            isPublished &=
                    newest.isPresent() && !completed.get().isAfter(newest.get().cut());
        }
        if (isPublished) {
            return Optional.empty();
        }
        observer.news("an earlier run's snapshot at %s is complete: publishing it, without reading the source again"
                .formatted(positions.values().iterator().next()));
        return Optional.of(positions);
    }

    private Map<TableName, Position> await(
            Future<Map<TableName, Position>> producing, SnapshotProducer producer, long expected) {
        while (true) {
            try {
                return producing.get(SAMPLE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException goesOn) {
                sample("reading", producer, expected);
            } catch (ExecutionException failed) {
                throw Failures.of("the snapshot failed", Objects.requireNonNullElse(failed.getCause(), failed));
            } catch (InterruptedException interrupted) {
                throw interrupted(interrupted);
            }
        }
    }

    private void awaitPublished(Map<TableName, Position> positions, SnapshotProducer producer, long expected)
            throws IOException {
        while (!isPublished(positions)) {
            sample("publishing", producer, expected);
            try {
                TimeUnit.MILLISECONDS.sleep(SAMPLE.toMillis());
            } catch (InterruptedException interrupted) {
                throw interrupted(interrupted);
            }
        }
        sample("published", producer, expected);
    }

    private boolean isPublished(Map<TableName, Position> positions) throws IOException {
        for (Map.Entry<TableConfig, TableSink> entry : sinks.entrySet()) {
            Chain chain = new Chain(store(entry.getKey()));
            Optional<Version> reached = chain.pin().isPresent()
                    ? chain.newestVersion()
                    : entry.getValue().pointedTo();
            Position wanted = positions.get(stages.name(entry.getKey()));
            if (wanted == null
                    || reached.isEmpty()
                    || wanted.isAfter(reached.get().cut())) {
                return false;
            }
        }
        return true;
    }

    private void sample(String phase, SnapshotProducer producer, long expected) {
        for (SkyStream stream : streams) {
            stream.failure().ifPresent(failure -> {
                throw failure;
            });
        }
        sinks.forEach((table, sink) -> sink.failure().ifPresent(failure -> {
            throw Failures.of("cannot publish to " + table.catalog().path(), failure);
        }));
        Instant now = clock.instant();
        produced.sample(producer.rows(), now);
        streamed.sample(streamMeter.rowsIn(), now);
        sunk.sample(sinkMeter.rowsIn(), now);
        observer.progress(phase, stageProgress(), expected);
    }

    private List<StageProgress> stageProgress() {
        return List.of(
                new StageProgress("produce", produced.rows(), produced.rate(), OptionalLong.of(0)),
                new StageProgress("stream", streamed.rows(), streamed.rate(), lag(produced.rows(), streamed.rows())),
                new StageProgress("sink", sunk.rows(), sunk.rate(), lag(streamMeter.rowsOut(), sunk.rows())));
    }

    /** The counters are read one after the other, so that the later stage may seem to be ahead. */
    private static OptionalLong lag(long handedOn, long takenIn) {
        return OptionalLong.of(Math.max(0, handedOn - takenIn));
    }

    private RunReport report(Duration elapsed) throws IOException {
        List<RunReport.Catalog> catalogs = new ArrayList<>();
        for (TableConfig table : config.tables()) {
            Store store = store(table);
            Chain chain = new Chain(store);
            Version version = chain.newestVersion().orElseThrow();
            catalogs.add(new RunReport.Catalog(
                    stages.name(table),
                    table.catalog().path(),
                    version.directory(table.catalog().name()),
                    VersionSummary.of(chain, version)));
        }
        return new RunReport(catalogs, stageProgress(), elapsed);
    }

    private Store store(TableConfig table) {
        Store store = stores.get(table);
        if (store == null) {
            throw SkyrollException.defect("no store was opened for %s".formatted(stages.name(table)));
        }
        return store;
    }

    /** The interruption is answered by this: the thread stays free to close what it opened. */
    private static CancellationException interrupted(InterruptedException cause) {
        CancellationException cancelled = new CancellationException("interrupted");
        cancelled.initCause(cause);
        return cancelled;
    }
}
