package io.skyroll.app.run;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.producers.changes.ChangeProducer;
import io.skyroll.producers.changes.ChangeSettings;
import io.skyroll.producers.changes.WalBudget;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All stages in one process, following the database: a snapshot at first, then every committed change, published at each cut. It goes on
 * until it is interrupted, or has caught up. Single use, owned by one thread.
 */
public final class FollowingRun {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private final PipelineConfig config;
    private final Stages stages;
    private final ChangeProducer producer;
    private final WalBudget budget;
    private final Observer observer;
    private final Set<TableName> toldStopped = new HashSet<>();
    private Map<TableName, String> stoodStill = Map.of();

    /** @param end when to stop following */
    public FollowingRun(
            PipelineConfig config,
            Services services,
            Connections connections,
            ChangesConfig changes,
            ChangeSettings.End end,
            Observer observer) {
        this.config = config;
        this.stages = new Stages(config, services);
        this.producer = stages.changes(connections, changes, end);
        this.budget = changes.budget();
        this.observer = observer;
    }

    /**
     * Runs until every table's catalog shows what was committed before the start; or, when the end says so, for ever.
     *
     * @param newGeneration whether catalogs begin a new generation
     * @param anew the tables that are read anew
     * @throws CancellationException when the thread was interrupted; everything is closed by then
     */
    public RunReport run(boolean newGeneration, Set<TableName> anew) throws IOException {
        List<SourceTable> tables = producer.inspect(anew);
        tables.forEach(table -> stages.check(table.name(), table.rows()));
        long expected = config.source().readsRows()
                ? tables.stream().mapToLong(SourceTable::estimatedRows).sum()
                : 0;
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "produce"));
        // Closed in the reverse order: a producer must not write to a broker that is closed.
        try (RunningStages running = new RunningStages(config, stages, observer, producer::rows)) {
            try {
                running.openStores(Stages::store);
                running.start(newGeneration);
                running.metrics().slot(producer::slot, budget);
                await(thread.submit(() -> producer.run(anew)), running, expected);
                Map<TableName, Position> cuts = producer.cuts();
                running.awaitPublished(cuts, expected);
                stoodStill = running.stopped();
                return running.report(name -> Stages.conversions(producer.snapshot(), name));
            } finally {
                observer.done();
                producer.stop();
                PipelineRun.end(thread, CLOSE_LIMIT);
            }
        }
    }

    /** Tables that are not followed any more, and why. */
    public Map<TableName, String> stopped() {
        return both(stoodStill);
    }

    private Map<TableName, String> both(Map<TableName, String> streams) {
        Map<TableName, String> stopped = new HashMap<>(streams);
        stopped.putAll(producer.stopped());
        return stopped;
    }

    private void await(Future<?> producing, RunningStages running, long expected) throws IOException {
        Map<TableName, Position> told = Map.of();
        while (true) {
            try {
                producing.get(RunningStages.SAMPLE.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException goesOn) {
                running.watch(producer.cuts().isEmpty() ? "reading" : "following", expected);
                told = tell(running, told);
                tellStopped(both(running.stopped()));
            } catch (ExecutionException failed) {
                throw Failures.of("following the source failed", Objects.requireNonNullElse(failed.getCause(), failed));
            } catch (InterruptedException interrupted) {
                throw RunningStages.interrupted(interrupted);
            }
        }
    }

    private void tellStopped(Map<TableName, String> stopped) {
        stopped.forEach((table, why) -> {
            if (toldStopped.add(table)) {
                observer.news("%s is not followed any more: %s; the others are".formatted(table.qualified(), why));
            }
        });
    }

    /** Says what happened to the slot, and of each table which version is new. */
    private Map<TableName, Position> tell(RunningStages running, Map<TableName, Position> told) throws IOException {
        producer.news().forEach(observer::news);
        Map<TableName, Position> published = new java.util.LinkedHashMap<>(told);
        for (TableConfig table : config.tables()) {
            TableName name = stages.name(table);
            running.pointedTo(table).ifPresent(version -> {
                if (!version.cut().equals(published.put(name, version.cut()))) {
                    observer.news("%s: version %s shows %s%s"
                            .formatted(
                                    name.qualified(),
                                    version.directory(table.catalog().name()),
                                    version.cut(),
                                    running.work(table, version)
                                            .map(work -> "; " + work.text())
                                            .orElse("")));
                }
            });
        }
        return published;
    }
}
