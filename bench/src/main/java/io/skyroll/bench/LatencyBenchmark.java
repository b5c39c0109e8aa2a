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
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.schemas.position.Position;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Times how long a change takes from its commit to the version that readers are pointed to, at a steady rate of changes: first within 20
 * fields of the sky, then anywhere. Everything in one JVM, the database beside it.
 *
 * <p>Arguments: rows of the table, changes per second, seconds of each part.
 */
final class LatencyBenchmark {
    private static final int PARTITIONS = 12;
    private static final int FIELDS = 20;
    private static final double FIELD_DEGREES = 0.5;
    private static final int TRANSACTIONS_PER_SECOND = 20;
    private static final Duration FRESHNESS = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final EmbeddedDatabase database;
    private final Path collection;
    private final ConcurrentLinkedQueue<Commit> waiting = new ConcurrentLinkedQueue<>();
    private final List<Double> seconds = new ArrayList<>();
    private String version = "";
    private int versions;

    /** @param lsn a place in the log before the commit and behind every other one: there is one writer */
    private record Commit(long lsn, long nanos) {}

    private LatencyBenchmark(EmbeddedDatabase database, Path collection) {
        this.database = database;
        this.collection = collection;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            throw new IllegalArgumentException("arguments: rows, changes per second, seconds");
        }
        long rows = Long.parseLong(args[0]);
        int rate = Integer.parseInt(args[1]);
        int length = Integer.parseInt(args[2]);
        Path directory = Files.createTempDirectory("skyroll-bench");
        System.out.println("data in " + directory);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            new Detections(rows).load(connection);
            connection.createStatement().execute("ALTER TABLE public.detections REPLICA IDENTITY FULL");
            // What both have in common is warm when the slower one's turn comes.
            for (Engine engine : List.of(Engine.PGOUTPUT, Engine.DEBEZIUM)) {
                Path out = directory.resolve(engine.name());
                new LatencyBenchmark(database, out).run(config(rows, out, engine), engine, rate, length);
            }
        }
        System.exit(0);
    }

    private static PipelineConfig config(long rows, Path out, Engine engine) {
        PipelineConfig demo = DemoPipeline.config(new Detections(rows), out, PARTITIONS);
        SourceConfig source = demo.source();
        String name = "bench_" + engine.name().toLowerCase(Locale.ROOT);
        return new PipelineConfig(
                demo.pipeline(),
                new SourceConfig(
                        source.connection(),
                        source.workers(),
                        source.chunkBytes(),
                        Optional.of(new ChangesConfig(
                                engine, FRESHNESS, name, name, OptionalLong.empty(), ChangesConfig.Start.SNAPSHOT))),
                demo.kafka(),
                demo.registryUrl(),
                demo.tables(),
                demo.sink(),
                demo.dataDirectory());
    }

    private void run(PipelineConfig config, Engine engine, int rate, int length) throws Exception {
        Files.createDirectories(config.dataDirectory());
        Connections connections = DemoPipeline.connections(database);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Services services = Services.forWholePipeline(config)) {
            FollowingRun run = new FollowingRun(
                    config,
                    services,
                    connections,
                    config.source().changes().orElseThrow(),
                    End.NEVER,
                    new NoProgress());
            Future<?> running = thread.submit(() -> run.run(false, Set.of()));
            while (shown().isEmpty()) {
                if (running.isDone()) {
                    running.get();
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            for (boolean isScattered : new boolean[] {false, true}) {
                measure(engine, isScattered, rate, length);
            }
            running.cancel(true);
        } finally {
            thread.shutdownNow();
            thread.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private void measure(Engine engine, boolean isScattered, int rate, int length) throws Exception {
        List<Long> ids = isScattered ? all() : fields();
        // The first seconds warm up.
        change(ids, rate, length / 2);
        settle();
        seconds.clear();
        versions = 0;
        change(ids, rate, length);
        settle();
        seconds.sort(Double::compare);
        System.out.printf(
                Locale.ROOT,
                "%-9s %-24s %,d changes/s: commit to version p50 %.1f s, p99 %.1f s, most %.1f s; %d versions, %d commits%n",
                engine,
                isScattered ? "anywhere" : "within %d fields".formatted(FIELDS),
                rate,
                seconds.get(seconds.size() / 2),
                seconds.get((int) (seconds.size() * 0.99)),
                seconds.get(seconds.size() - 1),
                versions,
                seconds.size());
    }

    private void settle() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!waiting.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("%d commits are not published".formatted(waiting.size()));
            }
            look();
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private void change(List<Long> ids, int rate, int length) throws Exception {
        Random random = new Random(1);
        long start = System.nanoTime();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int transaction = 0; transaction < TRANSACTIONS_PER_SECOND * length; transaction++) {
                long due = start + transaction * TimeUnit.SECONDS.toNanos(1) / TRANSACTIONS_PER_SECOND;
                while (System.nanoTime() < due) {
                    look();
                    LockSupport.parkNanos(Math.max(0, Math.min(10_000_000, due - System.nanoTime())));
                }
                StringBuilder list = new StringBuilder();
                for (int i = 0; i < rate / TRANSACTIONS_PER_SECOND; i++) {
                    list.append(i == 0 ? "" : ",").append(ids.get(random.nextInt(ids.size())));
                }
                int changed = statement.executeUpdate(
                        "UPDATE public.detections SET mag = mag + 0.001 WHERE source_id IN (%s)".formatted(list));
                if (changed == 0) {
                    throw new IllegalStateException("nothing was changed");
                }
                long lsn = lsn(statement);
                connection.commit();
                waiting.add(new Commit(lsn, System.nanoTime()));
            }
        }
    }

    private static long lsn(Statement statement) throws SQLException {
        try (ResultSet answer = statement.executeQuery("SELECT pg_current_wal_insert_lsn() - '0/0'")) {
            answer.next();
            return answer.getLong(1);
        }
    }

    private List<Long> all() throws SQLException {
        return ids("SELECT source_id FROM public.detections");
    }

    private List<Long> fields() throws SQLException {
        return ids(
                """
                SELECT d.source_id FROM (SELECT ra, dec FROM public.detections TABLESAMPLE bernoulli (1) REPEATABLE (7) LIMIT %d) f
                JOIN public.detections d ON abs(d.ra - f.ra) < %f AND abs(d.dec - f.dec) < %f"""
                        .formatted(FIELDS, FIELD_DEGREES, FIELD_DEGREES));
    }

    private List<Long> ids(String sql) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    /** Takes what readers see by now from what is waited for. */
    private void look() throws IOException {
        Optional<Position> shown = shown();
        long now = System.nanoTime();
        while (shown.isPresent()
                && !waiting.isEmpty()
                && waiting.peek().lsn() < shown.get().lsn()) {
            seconds.add((now - waiting.remove().nanos()) / 1e9);
        }
    }

    /** Where the version is that readers are pointed to. */
    private Optional<Position> shown() throws IOException {
        Path pointer = collection.resolve("collection.properties");
        if (Files.notExists(pointer)) {
            return Optional.empty();
        }
        String pointed = read(pointer).getProperty("hats_primary_table_url", "");
        if (!pointed.equals(version)) {
            version = pointed;
            versions++;
        }
        try {
            return Optional.of(Position.parse(
                    read(collection.resolve(pointed).resolve("hats.properties")).getProperty("skyroll_position")));
        } catch (NoSuchFileException retired) {
            return Optional.empty();
        }
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }
}
