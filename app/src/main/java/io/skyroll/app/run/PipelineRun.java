package io.skyroll.app.run;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.producers.snapshot.SnapshotProducer;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private final PipelineConfig config;
    private final Stages stages;
    private final Services services;
    private final Connections connections;
    private final Observer observer;
    private final RunningStages.StoreOpener opener;

    public PipelineRun(PipelineConfig config, Services services, Connections connections, Observer observer) {
        this(config, services, connections, observer, Stages::store);
    }

    /** @param opener opens where a table's catalog is */
    PipelineRun(
            PipelineConfig config,
            Services services,
            Connections connections,
            Observer observer,
            RunningStages.StoreOpener opener) {
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
        SnapshotProducer producer = stages.producer(connections);
        List<SourceTable> tables = producer.inspect();
        for (int i = 0; i < tables.size(); i++) {
            Stages.check(config.tables().get(i), tables.get(i).rows());
        }
        long expected = tables.stream().mapToLong(SourceTable::estimatedRows).sum();
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "produce"));
        // Closed in the reverse order: a producer must not write to a broker that is closed.
        try (RunningStages running = new RunningStages(config, stages, observer, producer::rows)) {
            try {
                running.openStores(opener);
                Optional<Map<TableName, Position>> unfinished = newGeneration ? Optional.empty() : unfinished(running);
                running.start(newGeneration);
                Map<TableName, Position> positions = unfinished.isPresent()
                        ? unfinished.get()
                        : await(thread.submit(producer::run), running, expected);
                running.awaitPublished(positions, expected);
                return running.report(name -> Stages.conversions(producer, name));
            } finally {
                observer.done();
                stop(producer, thread);
            }
        }
    }

    private static void stop(SnapshotProducer producer, ExecutorService thread) {
        producer.stop();
        end(thread, CLOSE_LIMIT);
    }

    /** Waits for a producer's thread that was told to stop. */
    static void end(ExecutorService thread, Duration limit) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            thread.shutdownNow();
        }
    }

    /** The positions of an earlier run's snapshot, if its last cut is written but not published everywhere. */
    private Optional<Map<TableName, Position>> unfinished(RunningStages running) throws IOException {
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
            Optional<Version> newest = running.chain(table).newestVersion();
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

    private static Map<TableName, Position> await(
            Future<Map<TableName, Position>> producing, RunningStages running, long expected) {
        while (true) {
            try {
                return producing.get(RunningStages.SAMPLE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException goesOn) {
                running.watch("reading", expected);
            } catch (ExecutionException failed) {
                throw Failures.of("the snapshot failed", Objects.requireNonNullElse(failed.getCause(), failed));
            } catch (InterruptedException interrupted) {
                throw RunningStages.interrupted(interrupted);
            }
        }
    }
}
