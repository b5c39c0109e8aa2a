package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Conversion;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableCatalog;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.ControlWriter;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.producers.publish.ProgressTopic;
import io.skyroll.producers.publish.RowWriter;
import io.skyroll.producers.publish.RowsTopic;
import io.skyroll.producers.publish.SnapshotProgress;
import io.skyroll.producers.publish.SnapshotRun;
import io.skyroll.producers.publish.TableRun;
import io.skyroll.producers.publish.WorkerWriters;
import io.skyroll.producers.snapshot.SnapshotSettings.Content;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads tables whole, all at one place in the database's history, and writes them into their rows topics: a reset in every
 * partition, the rows, then a cut that says how many there are. Whatever an earlier run left behind is void from the reset on.
 *
 * <p>Single use. {@link #inspect()} and {@link #run()} belong to one thread; {@link #stop()} and meters are thread-safe.
 */
public final class SnapshotProducer {
    private static final Logger log = LoggerFactory.getLogger(SnapshotProducer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int ATTEMPTS = 10;

    private final SnapshotSettings settings;
    private final Connections connections;
    private final SchemaRegistry registry;
    private final StopSignal stop = new StopSignal();
    private final Map<TableName, StageMeter> meters;
    private final ConversionCounts conversions = new ConversionCounts();
    private final Optional<Handover> handover;
    private List<SourceTable> inspected = List.of();

    /** A snapshot that nothing follows. */
    public SnapshotProducer(SnapshotSettings settings, Connections connections, SchemaRegistry registry) {
        this(settings, connections, registry, Optional.empty());
    }

    /** @param handover told of what follows the changes behind the snapshot */
    public SnapshotProducer(
            SnapshotSettings settings, Connections connections, SchemaRegistry registry, Optional<Handover> handover) {
        this.handover = handover;
        this.settings = settings;
        this.connections = connections;
        this.registry = registry;
        meters = settings.tables().stream()
                .map(TableRequest::name)
                .collect(Collectors.toUnmodifiableMap(table -> table, table -> new StageMeter()));
    }

    /**
     * Describes the tables, without writing anything.
     *
     * @return one per table of the settings, in their order
     * @throws SkyrollException that lists everything that keeps the tables from being read
     */
    public List<SourceTable> inspect() {
        try (Session session = Session.open(connections, "skyroll snapshot inspection")) {
            inspected = TableCatalog.inspect(session, settings.tables());
            return inspected;
        } catch (SQLException failure) {
            throw unavailable(failure);
        }
    }

    /** Counts a table's rows and bytes, by committed chunks. */
    public StageMeter meter(TableName table) {
        StageMeter meter = meters.get(table);
        if (meter == null) {
            throw new IllegalArgumentException("no table of this producer: %s".formatted(table));
        }
        return meter;
    }

    /** Rows of all tables by now, by committed chunks. */
    public long rows() {
        return meters.values().stream().mapToLong(StageMeter::rowsOut).sum();
    }

    /** How many of a table's values the policies for types have changed by now, by committed chunks; only what did happen. */
    public Map<Conversion, Long> conversions(TableName table) {
        return conversions.of(table);
    }

    /** Makes {@link #run()} end soon, without a cut. */
    public void stop() {
        stop.stop();
    }

    /**
     * Takes the snapshot.
     *
     * @return where each table was read, when the cut is written
     * @throws SkyrollException when the source or Kafka refuses or fails
     * @throws CancellationException when stopped, or the thread interrupted: what was written will be void at the next run
     */
    public Map<TableName, Position> run() {
        if (inspected.isEmpty()) {
            inspect();
        }
        try {
            Topics topics = openTopics();
            try (ControlWriter control = ControlWriter.open(settings.kafka(), topics.progress(), settings.pipeline())) {
                return run(topics, control);
            }
        } catch (SQLException failure) {
            stop.check();
            throw unavailable(failure);
        } catch (org.apache.kafka.common.errors.InterruptException interrupted) {
            CancellationException cancelled = new CancellationException("interrupted before the snapshot was whole");
            cancelled.initCause(interrupted);
            throw cancelled;
        }
    }

    private Map<TableName, Position> run(Topics topics, ControlWriter control) throws SQLException {
        // After the control writer has fenced an earlier run: what is read now does not change behind our back.
        ProducerProgress progress = ProducerProgress.read(settings.kafka(), registry, settings.pipeline());
        try (WorkerWriters writers = WorkerWriters.open(
                        settings.kafka(), settings.pipeline(), settings.workers(), progress.workers());
                ConsistentPoint point = openPoint()) {
            ConsistentPoint.Place place = point.place();
            Position position = new Position(progress.epoch(place.system()), place.lsn(), 0);
            settings.tables().forEach(table -> progress.requireAfter(table.name(), position));
            ChunkPlan plan = settings.content() == Content.NOTHING
                    ? ChunkPlan.NOTHING
                    : ChunkPlan.of(point.keeper(), point.tables(), settings.chunkBytes());
            SnapshotRun run = new SnapshotRun(position, place.system(), settings.workers(), place.time());
            List<TableRun> runs = new ArrayList<>();
            for (int table = 0; table < topics.rows().size(); table++) {
                RowsTopic topic = topics.rows().get(table);
                int chunks = settings.content() == Content.NOTHING ? SnapshotProgress.NO_ROWS : plan.count(table);
                runs.add(new TableRun(topic, run, chunks, meter(topic.name())));
            }
            log.atInfo()
                    .addKeyValue("lsn", position)
                    .addKeyValue("chunks", plan.chunks().size())
                    .log("snapshot started");
            control.reset(runs);
            handover.ifPresent(follower -> follower.started(point.tables(), runs));
            copy(point, plan, writers, topics, runs);
            stop.check();
            if (settings.content() == Content.ROWS) {
                warnOfEmptyTables(point.tables(), runs);
            }
            handover.ifPresentOrElse(Handover::copied, () -> control.cut(runs));
            log.atInfo()
                    .addKeyValue("lsn", position)
                    .addKeyValue(
                            "rows", runs.stream().mapToLong(TableRun::rowCount).sum())
                    .log("snapshot complete");
            return positions(position);
        }
    }

    private void copy(ConsistentPoint point, ChunkPlan plan, WorkerWriters writers, Topics topics, List<TableRun> runs)
            throws SQLException {
        Queue<Chunk> queue = new ConcurrentLinkedQueue<>(plan.chunks());
        List<ChunkWorker> workers = new ArrayList<>();
        for (int number = 0; number < settings.workers(); number++) {
            int worker = number;
            workers.add(new ChunkWorker(
                    worker,
                    point,
                    queue,
                    table -> new TableCopy(
                            point.tables().get(table),
                            new RowWriter(writers.writer(worker), topics.progress(), runs.get(table), settings.form()),
                            conversions),
                    stop));
        }
        new Workers(workers, stop).run();
    }

    private ConsistentPoint openPoint() throws SQLException {
        SourceWaits waits = new SourceWaits(connections, stop, PATIENCE);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            stop.check();
            ConsistentPoint point = ConsistentPoint.tryOpen(
                    connections, inspected, settings.workers(), handover.flatMap(Handover::slot), waits);
            if (point != null) {
                return point;
            }
            log.atInfo().addKeyValue("attempt", attempt).log("tables were being changed, snapshot set-up is repeated");
            stop.pause(PAUSE);
        }
        throw SkyrollException.unavailable(
                "tables were locked or changed at each of %d attempts to start a snapshot: is something like TRUNCATE or CREATE TABLE ... PARTITION OF running again and again?"
                        .formatted(ATTEMPTS),
                new IllegalStateException("locked or changed"));
    }

    private Topics openTopics() {
        try (Admin admin = settings.kafka().admin()) {
            List<RowsTopic> rows = inspected.stream()
                    .map(table -> RowsTopic.open(
                            admin, registry, table.name(), table.avro(Map.of()), settings.topicPartitions()))
                    .toList();
            return new Topics(ProgressTopic.open(admin, registry, settings.pipeline()), rows);
        }
    }

    private static void warnOfEmptyTables(List<SourceTable> tables, List<TableRun> runs) {
        for (int table = 0; table < tables.size(); table++) {
            long expected = tables.get(table).estimatedRows();
            if (expected > 0 && runs.get(table).rowCount() == 0) {
                log.atWarn()
                        .addKeyValue("table", tables.get(table).name().qualified())
                        .addKeyValue("estimatedRows", expected)
                        .log("table is empty, though the planner expected rows");
            }
        }
    }

    private Map<TableName, Position> positions(Position position) {
        Map<TableName, Position> positions = new LinkedHashMap<>();
        settings.tables().forEach(table -> positions.put(table.name(), position));
        return positions;
    }

    private static SkyrollException unavailable(SQLException failure) {
        return SkyrollException.unavailable("the source database: %s".formatted(failure.getMessage()), failure);
    }

    private record Topics(ProgressTopic progress, List<RowsTopic> rows) {}
}
