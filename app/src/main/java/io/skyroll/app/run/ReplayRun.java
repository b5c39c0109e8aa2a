package io.skyroll.app.run;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.FilterConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.SkyLayout;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.publish.VersionSummary;
import io.skyroll.streams.topology.SkyStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Rebuilds catalogs from the topics as new generations, without the database, until they show what is newest there. Readers keep the old
 * generation until then. Single use, owned by one thread.
 */
public final class ReplayRun {
    private static final int KEY_ORDER = 29;

    private final PipelineConfig config;
    private final Services services;
    private final Stages stages;
    private final Observer observer;

    /** Where a replay starts. */
    public enum From {
        /** The rows that passed the filters of their time, at the place that they had then. */
        SKY_TOPICS,
        /** All rows: streams begin anew, with the file's filters and coordinates. */
        ROWS_TOPICS
    }

    public ReplayRun(PipelineConfig config, Services services, Observer observer) {
        this.config = config;
        this.services = services;
        this.stages = new Stages(config, services);
        this.observer = observer;
    }

    /**
     * Replays.
     *
     * @throws SkyrollException when the topics hold nothing whole, or not what the file asks for
     * @throws CancellationException when the thread was interrupted; everything is closed by then
     */
    public RunReport run(From from) throws IOException {
        try (RunningStages running = new RunningStages(config, stages, observer, () -> 0)) {
            running.openStores(Stages::store);
            Map<TableName, Position> positions = wanted(running, from);
            if (from == From.ROWS_TOPICS) {
                resetStreams();
            }
            running.start(true);
            running.awaitPublished(positions, 0);
            return running.report(name -> Map.of());
        } finally {
            observer.done();
        }
    }

    /** Looks at all tables before it changes one. */
    private void resetStreams() {
        List<SkyStream> streams = config.tables().stream()
                .map(table -> stages.stream(table, new StageMeter()))
                .toList();
        streams.forEach(stream -> stream.requireResettable(services.isKafkaEmbedded()));
        for (int i = 0; i < streams.size(); i++) {
            observer.news("%s: its sky and rejects topics are made anew"
                    .formatted(stages.name(config.tables().get(i)).qualified()));
            streams.get(i).reset();
        }
    }

    /** What the catalogs are to show: the newest whole snapshot; or, if a later one was broken off, what is published. */
    private Map<TableName, Position> wanted(RunningStages running, From from) throws IOException {
        ProducerProgress progress = ProducerProgress.read(stages.kafka(), services.registry(), config.pipeline());
        Map<TableName, Position> positions = new LinkedHashMap<>();
        for (TableConfig table : config.tables()) {
            TableName name = stages.name(table);
            Chain chain = running.chain(table);
            Optional<Version> published = chain.newestVersion();
            Position wanted = progress.completed(name)
                    .or(() -> published.map(Version::cut))
                    .orElseThrow(() -> SkyrollException.configuration(
                            "%s: there is no whole snapshot in the topics, so there is nothing to replay: use 'skyroll run'"
                                    .formatted(name.qualified())));
            Optional<Generation> generation = chain.newestGeneration();
            if (from == From.SKY_TOPICS
                    && generation.isPresent()
                    && generation.get().layout() instanceof SkyLayout written) {
                requireSamePartitions(table, written);
            }
            if (from == From.SKY_TOPICS && published.isPresent()) {
                requireSameFilters(table, VersionSummary.of(chain, published.get()));
            }
            observer.news("%s: replaying its topics up to %s".formatted(name.qualified(), wanted));
            positions.put(name, wanted);
        }
        return positions;
    }

    /** Rows stand in the partition that the lowest order gave them; another may put one leaf's rows into two. */
    private void requireSamePartitions(TableConfig table, SkyLayout written) {
        int partitions = config.kafka().topicPartitions();
        if (written.partitions() == partitions) {
            SkyPartitions before = new SkyPartitions(written.lowestOrder(), partitions);
            SkyPartitions now = new SkyPartitions(table.catalog().output().lowestOrder(), partitions);
            for (int partition = 0; partition < partitions; partition++) {
                if (first29(before, partition) != first29(now, partition)) {
                    throw SkyrollException.configuration(
                            "%s: rows stand in the topic's partitions as lowest_order %d puts them, and %d would put some elsewhere: a replay cannot change that; go back to %d, or use 'skyroll replay --reset-streams'"
                                    .formatted(
                                            stages.name(table).qualified(),
                                            written.lowestOrder(),
                                            table.catalog().output().lowestOrder(),
                                            written.lowestOrder()));
                }
            }
        }
    }

    private static long first29(SkyPartitions partitions, int partition) {
        return partitions.firstCell(partition) << (2 * (KEY_ORDER - partitions.lowestOrder()));
    }

    /** What the sky topic lacks was rejected by the filters of its time; only their names are known. */
    private void requireSameFilters(TableConfig table, VersionSummary published) {
        Set<String> gone = new HashSet<>(published.rejects().keySet());
        // Skyroll's own rules have a dot in their name; filters cannot.
        gone.removeIf(rule -> rule.contains("."));
        table.filters().stream().map(FilterConfig::name).forEach(gone::remove);
        if (!gone.isEmpty()) {
            throw SkyrollException.configuration(
                    "%s: rows were rejected by %s, which the file has no more: a replay goes on from filtered rows and cannot bring them back; use 'skyroll run', which reads and filters anew, or 'skyroll replay --reset-streams', which filters anew without the database"
                            .formatted(stages.name(table).qualified(), gone));
        }
    }
}
