package io.skyroll.app.run;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.metrics.Metrics;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.consume.TableSink;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.StepWork;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.publish.VersionSummary;
import io.skyroll.sinks.storage.Store;
import io.skyroll.streams.topology.SkyStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Streams and sinks of all tables in this process, and how they go on. Owned by one thread; single use. */
final class RunningStages implements AutoCloseable {
    static final Duration SAMPLE = Duration.ofMillis(200);

    private final PipelineConfig config;
    private final Stages stages;
    private final Observer observer;
    private final LongSupplier producedRows;
    private final InstantSource clock = InstantSource.system();
    private final Metrics metrics;
    private final StageMeter streamMeter = new StageMeter();
    private final StageMeter sinkMeter = new StageMeter();
    private final StageClock produced = new StageClock();
    private final StageClock streamed = new StageClock();
    private final StageClock sunk = new StageClock();
    private final Map<TableName, SkyStream> streams = new LinkedHashMap<>();
    private final Map<TableConfig, TableSink> sinks = new LinkedHashMap<>();
    private final Map<TableConfig, Store> stores = new LinkedHashMap<>();
    private Instant started = Instant.EPOCH;

    /** Opens where a table's catalog is; the store is the caller's. */
    interface StoreOpener {
        Store open(TableConfig table) throws IOException;
    }

    /** @param producedRows reads how many rows have been put into rows topics by now; thread-safe */
    RunningStages(PipelineConfig config, Stages stages, Observer observer, LongSupplier producedRows) {
        this.config = config;
        this.stages = stages;
        this.observer = observer;
        this.producedRows = producedRows;
        this.metrics = new Metrics(config.pipeline());
    }

    /** What tools read of this run; closed with it. */
    Metrics metrics() {
        return metrics;
    }

    void openStores(StoreOpener opener) throws IOException {
        started = clock.instant();
        for (TableConfig table : config.tables()) {
            stores.put(table, opener.open(table));
        }
    }

    /** The chain of a table's collection. */
    Chain chain(TableConfig table) {
        Store store = stores.get(table);
        if (store == null) {
            throw SkyrollException.defect("no store was opened for %s".formatted(stages.name(table)));
        }
        return new Chain(store);
    }

    /** @param newGeneration whether catalogs begin a new generation */
    void start(boolean newGeneration) {
        metrics.stage("produce", producedRows, producedRows);
        metrics.stage("stream", streamMeter::rowsIn, streamMeter::rowsOut);
        metrics.stage("sink", sinkMeter::rowsIn, sinkMeter::rowsOut);
        for (TableConfig table : config.tables()) {
            SkyStream stream = stages.stream(table, streamMeter);
            streams.put(stages.name(table), stream);
            stream.start();
            Store store = stores.get(table);
            if (store == null) {
                throw SkyrollException.defect("no store was opened for %s".formatted(stages.name(table)));
            }
            try {
                TableSink sink = stages.sink(table, store, sinkMeter);
                sinks.put(table, sink);
                sink.start(newGeneration);
            } catch (IOException failure) {
                throw Failures.of("cannot publish to " + table.catalog().path(), failure);
            }
        }
    }

    /**
     * Shows how the stages go on, if they can.
     *
     * @throws SkyrollException when one of them has failed, or the embedded broker's disk is nearly full
     */
    void watch(String phase, long expected) {
        stages.requireRoom();
        sample(phase, expected);
    }

    /**
     * Shows how the stages go on.
     *
     * @throws SkyrollException when one of them has failed
     */
    private void sample(String phase, long expected) {
        streams.values().forEach(stream -> stream.failure().ifPresent(failure -> {
            throw failure;
        }));
        sinks.forEach((table, sink) -> sink.failure().ifPresent(failure -> {
            throw Failures.of("cannot publish to " + table.catalog().path(), failure);
        }));
        Instant now = clock.instant();
        produced.sample(producedRows.getAsLong(), now);
        streamed.sample(streamMeter.rowsIn(), now);
        sunk.sample(sinkMeter.rowsIn(), now);
        observer.progress(phase, progress(), expected);
    }

    /**
     * Waits until every table's catalog shows a position, in its newest generation; where readers are pinned to an older version, until
     * the version is committed. Tables that are paused or stand still are not waited for.
     *
     * @throws CancellationException when the thread was interrupted
     */
    void awaitPublished(Map<TableName, Position> positions, long expected) throws IOException {
        while (!isPublished(positions)) {
            watch("publishing", expected);
            try {
                TimeUnit.MILLISECONDS.sleep(SAMPLE.toMillis());
            } catch (InterruptedException interrupted) {
                throw interrupted(interrupted);
            }
        }
        sample("published", expected);
    }

    /** Tables whose streams stand still until they are read anew, and why. */
    Map<TableName, String> stopped() {
        Map<TableName, String> stopped = new HashMap<>();
        streams.forEach((table, stream) -> stream.stopped().ifPresent(why -> stopped.put(table, why)));
        return stopped;
    }

    /** The version of a table that readers were last seen to be pointed to. */
    Optional<Version> pointedTo(TableConfig table) {
        return Optional.ofNullable(sinks.get(table)).flatMap(TableSink::pointedTo);
    }

    /** What a version took to publish; empty if that was not counted, or the version is no longer retained. */
    Optional<StepWork> work(TableConfig table, Version version) {
        try {
            return VersionSummary.of(chain(table), version).work();
        } catch (NoSuchFileException collected) {
            return Optional.empty();
        } catch (IOException failure) {
            throw Failures.of("cannot read " + table.catalog().path(), failure);
        }
    }

    private boolean isPublished(Map<TableName, Position> positions) throws IOException {
        for (Map.Entry<TableConfig, TableSink> entry : sinks.entrySet()) {
            Chain chain = chain(entry.getKey());
            if (chain.isPaused() || stopped().containsKey(stages.name(entry.getKey()))) {
                continue;
            }
            Optional<Version> reached = chain.pin().isPresent()
                    ? chain.newestVersion()
                    : entry.getValue().pointedTo();
            int generation = chain.newestGeneration().map(Generation::number).orElse(0);
            Position wanted = positions.get(stages.name(entry.getKey()));
            if (wanted == null
                    || reached.isEmpty()
                    || reached.get().generation() != generation
                    || wanted.isAfter(reached.get().cut())) {
                return false;
            }
        }
        return true;
    }

    private List<StageProgress> progress() {
        return List.of(
                new StageProgress("produce", produced.rows(), produced.rate(), OptionalLong.of(0)),
                new StageProgress("stream", streamed.rows(), streamed.rate(), lag(produced.rows(), streamed.rows())),
                new StageProgress("sink", sunk.rows(), sunk.rate(), lag(streamMeter.rowsOut(), sunk.rows())));
    }

    /** The counters are read one after the other, so that the later stage may seem to be ahead. */
    private static OptionalLong lag(long handedOn, long takenIn) {
        return OptionalLong.of(Math.max(0, handedOn - takenIn));
    }

    /**
     * What is published by now.
     *
     * @param conversions values of a table that were changed on the way, by the policy's key
     */
    RunReport report(Function<TableName, Map<String, Long>> conversions) throws IOException {
        List<RunReport.Catalog> catalogs = new ArrayList<>();
        for (TableConfig table : config.tables()) {
            Chain chain = chain(table);
            Version version = chain.newestVersion()
                    .orElseThrow(() -> SkyrollException.configuration(
                            stopped().getOrDefault(stages.name(table), "no version was published")));
            catalogs.add(new RunReport.Catalog(
                    stages.name(table),
                    table.catalog().output().type(),
                    table.catalog().path(),
                    table.catalog().name(),
                    version.directory(table.catalog().name()),
                    VersionSummary.of(chain, version),
                    chain.pin().map(pin -> OptionalLong.of(pin.version())).orElseGet(OptionalLong::empty),
                    conversions.apply(stages.name(table))));
        }
        return new RunReport(catalogs, progress(), Duration.between(started, clock.instant()));
    }

    @Override
    public void close() {
        metrics.close();
        sinks.values().forEach(TableSink::close);
        streams.values().forEach(SkyStream::close);
        stores.values().forEach(Store::close);
        stages.close();
    }

    /** The interruption is answered by this: the thread stays free to close what it opened. */
    static CancellationException interrupted(InterruptedException cause) {
        CancellationException cancelled = new CancellationException("interrupted");
        cancelled.initCause(cause);
        return cancelled;
    }
}
