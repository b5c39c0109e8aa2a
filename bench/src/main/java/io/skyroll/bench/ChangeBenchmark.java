package io.skyroll.bench;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig.Engine;
import io.skyroll.app.config.PipelineConfig.SourceConfig;
import io.skyroll.app.demo.DemoPipeline;
import io.skyroll.app.demo.Detections;
import io.skyroll.app.progress.NoProgress;
import io.skyroll.app.run.FollowingRun;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.Stages;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.producers.changes.ChangeProducer;
import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.schemas.topic.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Times how fast a backlog of updates is drained: into the rows topic alone, and by all stages to a published version, by both engines;
 * and by Debezium alone, which throws the events away. Each row of the table is updated once, in transactions of 1,000 rows, while nobody
 * follows.
 *
 * <p>Arguments: rows, rounds.
 */
final class ChangeBenchmark {
    private static final int PARTITIONS = 12;
    private static final int TRANSACTION_ROWS = 1000;
    /** Of the rows, for the warm-up. */
    private static final int WARM_UP_SHARE = 5;
    /** Of the made-up detections. */
    private static final long FIRST_ID = 9_000_000_000_000_000L;

    private final EmbeddedDatabase database;
    private final Connections connections;
    private final PipelineConfig config;
    private final ChangesConfig changes;
    private final Engine engine;
    private final String identity;
    private final long rows;

    private ChangeBenchmark(Path directory, EmbeddedDatabase database, Engine engine, String identity, long rows) {
        this.database = database;
        this.engine = engine;
        this.identity = identity;
        this.rows = rows;
        connections = DemoPipeline.connections(database);
        changes = new ChangesConfig(
                engine, Duration.ofSeconds(60), "bench", "bench", OptionalLong.empty(), ChangesConfig.Start.SNAPSHOT);
        PipelineConfig demo = DemoPipeline.config(new Detections(rows), directory.resolve("out"), PARTITIONS);
        SourceConfig source = demo.source();
        config = new PipelineConfig(
                demo.pipeline(),
                new SourceConfig(source.connection(), source.workers(), source.chunkBytes(), Optional.of(changes)),
                demo.kafka(),
                demo.registryUrl(),
                demo.tables(),
                demo.sink(),
                demo.dataDirectory());
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            throw new IllegalArgumentException("arguments: rows rounds");
        }
        long rows = Long.parseLong(args[0]);
        Path directory = Files.createTempDirectory("skyroll-bench");
        System.out.println("data in " + directory);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"))) {
            try (Connection connection = database.connect()) {
                new Detections(rows).load(connection);
            }
            for (Engine engine : Engine.values()) {
                new ChangeBenchmark(directory, database, engine, "FULL", rows).warmUp();
            }
            System.out.println("that was the warm-up");
            for (String identity : new String[] {"FULL", "DEFAULT"}) {
                for (Engine engine : Engine.values()) {
                    new ChangeBenchmark(directory, database, engine, identity, rows).run(Integer.parseInt(args[1]));
                }
            }
        }
        System.out.printf("peak resident memory of the JVM: %d MB%n", Usage.peakResidentBytes() >> 20);
        System.exit(0);
    }

    /** Every part once, with fewer changes. */
    private void warmUp() throws Exception {
        execute("ALTER TABLE public.detections REPLICA IDENTITY " + identity);
        catchUp(tables());
        boolean isDebezium = engine == Engine.DEBEZIUM;
        if (isDebezium) {
            execute("SELECT pg_create_logical_replication_slot('alone', 'pgoutput')");
        }
        update(rows / WARM_UP_SHARE);
        produce();
        catchUp(Set.of());
        if (isDebezium) {
            DebeziumAlone.drain(connections.endpoint(), "alone", "bench", rows / WARM_UP_SHARE);
            execute("SELECT pg_drop_replication_slot('alone')");
        }
    }

    private void run(int rounds) throws Exception {
        execute("ALTER TABLE public.detections REPLICA IDENTITY " + identity);
        report("snapshot, all stages", 0, () -> catchUp(tables()));
        for (int round = 0; round < rounds; round++) {
            if (engine == Engine.DEBEZIUM) {
                execute("SELECT pg_create_logical_replication_slot('alone', 'pgoutput')");
            }
            update(rows);
            report("rows topic", round, this::produce);
            report("stream and sink", round, () -> catchUp(Set.of()));
            if (engine == Engine.DEBEZIUM) {
                report(
                        "Debezium alone",
                        round,
                        () -> DebeziumAlone.drain(connections.endpoint(), "alone", "bench", rows));
                execute("SELECT pg_drop_replication_slot('alone')");
            }
            update(rows);
            report("all stages", round, () -> catchUp(Set.of()));
        }
    }

    /** What is timed. */
    private interface Work {
        void run() throws Exception;
    }

    private void report(String what, int round, Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%-22s %-9s %-8s %5d %8.1f s %,12.0f changes/s%n",
                what,
                engine,
                identity,
                round,
                seconds,
                rows / seconds);
    }

    private void produce() throws Exception {
        Files.createDirectories(config.dataDirectory());
        try (Services services = Services.forWholePipeline(config);
                Stages stages = new Stages(config, services)) {
            ChangeProducer producer = stages.changes(connections, changes, End.CAUGHT_UP);
            producer.run();
        }
    }

    private Set<TableName> tables() {
        return config.tables().stream()
                .map(table -> new TableName(config.pipeline(), table.schema(), table.table()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void catchUp(Set<TableName> anew) throws Exception {
        Files.createDirectories(config.dataDirectory());
        try (Services services = Services.forWholePipeline(config)) {
            new FollowingRun(config, services, connections, changes, End.CAUGHT_UP, new NoProgress()).run(false, anew);
        }
    }

    private void update(long count) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (long first = 0; first < count; first += TRANSACTION_ROWS) {
                statement.execute(
                        "UPDATE public.detections SET mag = mag + 0.001 WHERE source_id >= %d AND source_id < %d"
                                .formatted(FIRST_ID + first, FIRST_ID + first + TRANSACTION_ROWS));
                connection.commit();
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
