package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.local.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dseed=N} repeats the workload, {@code -Dversions=100} makes it longer. */
@Timeout(900)
final class ChangesScenarioIT {
    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final int TRANSACTIONS = Integer.getInteger("transactions", 50);
    private static final int PAUSE_MILLIS = 200;

    private static final int VERSIONS = Integer.getInteger("versions", 3);
    private static final int WRITERS = 2;
    private static final int ROWS = 3_000;
    /** Payloads that PostgreSQL does not send again with changes that leave them as they are. */
    private static final int OUT_OF_LINE = 150;

    private static final int IN_LINE = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int INTERRUPTED = 130;
    private static final String COLUMNS = "id, ra, dec, mag, amount, name, payload, %s, epoch_us(seen), night, host";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void everyVersionIsAStateOfTheDatabaseAndTheLastIsItsPresent() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            ChangeWorkload.create(connection, "public.whole", OUT_OF_LINE, ROWS);
            ChangeWorkload.create(connection, "public.keyed", IN_LINE, ROWS);
            execute(connection, "ALTER TABLE public.whole REPLICA IDENTITY FULL");
            Path file = pipeline(database, "debezium");
            try (SkyrollProcess run = SkyrollProcess.start(directory.resolve("run.log"), "run", file.toString())) {
                watch(run, database);
                awaitEqual(run, connection);
                CommandRun status = CommandRun.of("status", file.toString());
                assertThat(status.code()).as(status.out() + status.err()).isZero();
                assertThat(status.out())
                        .containsPattern("slot +skyroll_followed, (reserved|extended), read by server process \\d+")
                        .containsPattern("version +keyed_g1_v\\d{6}, committed \\S+, [0-9,]+ rows")
                        .contains("embedded: lags are shown by the run itself");
                assertThat(run.output())
                        .containsPattern(
                                "public.keyed: version keyed_g1_v\\d{6} shows \\S+; [0-9,]+ changes; row groups: [0-9,]+ decoded, [0-9,]+ copied");
                assertThat(CommandRun.of(
                                        "inspect",
                                        directory.resolve("out/keyed").toString())
                                .out())
                        .containsPattern("the newest took [0-9,]+ changes; row groups: [0-9,]+ decoded");
                run.interrupt();
                assertThat(run.ends(PATIENCE)).as(run.output()).isTrue();
                assertThat(run.exitCode()).as(run.output()).isEqualTo(INTERRUPTED);
            }
            work(database, 1, workload -> workload.run(TRANSACTIONS));
            // The other engine goes on where this one stopped.
            pipeline(database, "pgoutput");
            CommandRun caughtUp = CommandRun.of("run", "-q", file.toString(), "--catch-up");

            assertThat(caughtUp.code()).as(message(caughtUp.err())).isZero();
            assertEqual(connection);

            CommandRun idle = CommandRun.of("run", "-q", file.toString(), "--catch-up");
            assertThat(idle.code()).as(idle.err()).isZero();
            assertEqual(connection);
            assertStatusNamesAMissingSlot(connection, file);
        }
    }

    private static void assertStatusNamesAMissingSlot(Connection connection, Path file) throws Exception {
        CommandRun stopped = CommandRun.of("status", file.toString(), "--json");
        assertThat(stopped.code()).as(stopped.out() + stopped.err()).isZero();
        assertThat(stopped.out())
                .contains("\"name\" : \"skyroll_followed\"", "\"activePid\" : null", "\"attention\" : [ ]");

        execute(connection, "SELECT pg_drop_replication_slot('skyroll_followed')");
        CommandRun missing = CommandRun.of("status", file.toString());

        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.out())
                .contains(
                        "attention: the replication slot skyroll_followed is missing: changes since the published versions are lost, and 'skyroll run --resnapshot' reads the tables anew");
    }

    private void awaitEqual(SkyrollProcess run, Connection connection) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            assertThat(run.isAlive()).as(message(run.output())).isTrue();
            return published("keyed").equals(wanted(connection, "keyed"))
                    && published("whole").equals(wanted(connection, "whole"));
        });
    }

    /** Looks at the first versions, while a workload runs from before the snapshot on; each must be a state between two transactions. */
    private void watch(SkyrollProcess run, EmbeddedDatabase database) throws Exception {
        AtomicBoolean isEnough = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> working = thread.submit(() -> {
                work(database, 0, workload -> workload.run(PAUSE_MILLIS, isEnough::get));
                return null;
            });
            Set<String> seen = new HashSet<>();
            PublishedCatalog catalog = new PublishedCatalog(directory.resolve("out/keyed"));
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
                assertThat(run.isAlive()).as(message(run.output())).isTrue();
                String version = catalog.pointed();
                if (!version.isEmpty() && seen.add(version)) {
                    assertThat(catalog.query("SELECT sum(amount) FROM catalog"))
                            .as(message(version))
                            .containsExactly("0");
                }
                return seen.size() >= VERSIONS || working.isDone();
            });
            isEnough.set(true);
            working.get();
        } finally {
            isEnough.set(true);
            thread.shutdown();
        }
    }

    private void assertEqual(Connection connection) throws Exception {
        for (String table : List.of("keyed", "whole")) {
            assertThat(published(table)).as(message(table)).isEqualTo(wanted(connection, table));
        }
    }

    private static String message(String what) {
        return "seed %d: %s".formatted(SEED, what);
    }

    private List<String> published(String table) throws SQLException, IOException {
        PublishedCatalog catalog = new PublishedCatalog(directory.resolve("out/" + table));
        if (catalog.pointed().isEmpty()) {
            return List.of();
        }
        return catalog.query("SELECT " + COLUMNS.formatted("flux") + " FROM catalog");
    }

    private static List<String> wanted(Connection connection, String table) throws SQLException {
        String filter = table.equals("whole") ? " AND mag < 18" : "";
        String columns = COLUMNS.formatted("flux::text")
                .replace("epoch_us(seen)", "(extract(epoch FROM seen) * 1000000)::bigint")
                .replace("host", "textin(inet_out(host))");
        return PublishedCatalog.rows(
                connection,
                "SELECT %s FROM public.%s WHERE ra IS NOT NULL AND ra <> 'NaN'%s".formatted(columns, table, filter));
    }

    /** What a writer does. */
    private interface Task {
        void run(ChangeWorkload workload) throws Exception;
    }

    private static void work(EmbeddedDatabase database, int round, Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2 * WRITERS);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < 2 * WRITERS; writer++) {
                int number = 2 * WRITERS * round + writer;
                boolean isWhole = writer % 2 == 0;
                writers.add(() -> {
                    try (Connection own = database.connect()) {
                        task.run(new ChangeWorkload(
                                own,
                                isWhole ? "public.whole" : "public.keyed",
                                isWhole ? OUT_OF_LINE : IN_LINE,
                                SEED + number,
                                1_000_000L * (number + 1)));
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Path pipeline(EmbeddedDatabase database, String engine) throws IOException {
        return Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: followed
                source:
                  url: "%s"
                  mode: snapshot_and_changes
                  change_engine: %s
                  freshness_secs: 1
                  chunk_bytes: 1048576
                  tables:
                    - {table: public.whole, filters: [{name: bright, where: mag < 18}]}
                    - public.keyed
                sky: {ra_column: ra, dec_column: dec}
                kafka: {topic_partitions: 3}
                catalog: {path: "out/{table}", pixel_threshold_rows: 300, retain_versions: 1000}
                """
                        .formatted(SkyTable.url(database), engine));
    }
}
