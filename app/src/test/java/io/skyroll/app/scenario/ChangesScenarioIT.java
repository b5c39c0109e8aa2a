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
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dseed=N} repeats a workload, {@code -Dmoments=100} makes it longer, {@code -Dseeds=20} runs more of them. */
@Timeout(900)
final class ChangesScenarioIT {
    private static final long FIRST_SEED = Long.getLong("seed", new Random().nextLong());
    private static final int SEEDS = Integer.getInteger("seeds", 1);
    private static final int TRANSACTIONS = Integer.getInteger("transactions", 50);
    /** The longest between a writer's transactions: a pipeline that falls behind further and further cannot be compared. */
    private static final int PAUSE_MILLIS = 1_000;

    /** At which a catalog is compared with the database while both go on. */
    private static final int MOMENTS = Integer.getInteger("moments", 2);

    private static final int WRITERS = 2;
    private static final int ROWS = 3_000;
    /** Payloads that PostgreSQL does not send again with changes that leave them as they are. */
    private static final int OUT_OF_LINE = 150;

    private static final int IN_LINE = 2;
    private static final List<String> TABLES = List.of("keyed", "whole");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int INTERRUPTED = 130;
    private static final String COLUMNS = "id, ra, dec, mag, amount, name, payload, %s, epoch_us(seen), night, host";

    @TempDir
    private Path directory = Path.of("");

    private long seed;

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyVersionIsAStateOfTheDatabaseAndTheLastIsItsPresent(long workloadSeed) throws Exception {
        seed = workloadSeed;
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            ChangeWorkload.create(connection, "public.whole", OUT_OF_LINE, ROWS);
            ChangeWorkload.create(connection, "public.keyed", IN_LINE, ROWS);
            execute(connection, "ALTER TABLE public.whole REPLICA IDENTITY FULL");
            Path file = pipeline(database, "debezium");
            try (SkyrollProcess run = SkyrollProcess.start(directory.resolve("run.log"), "run", file.toString())) {
                whileWorking(database, 0, () -> {
                    awaitFirstVersions(run);
                    for (int moment = 0; moment < MOMENTS; moment++) {
                        assertVersionIsAState(run, TABLES.get(moment % TABLES.size()), file);
                        // Asked without our code, too: no transaction was cut in two.
                        assertThat(catalog("keyed").query("SELECT sum(amount) FROM catalog"))
                                .as(message("keyed"))
                                .containsExactly("0");
                    }
                });
                executeUnpublished(connection, "INSERT INTO public.keyed (id, amount, ra, dec) VALUES (-1, 0, 1, 2)");
                whileWorking(database, 1, () -> assertDifferenceIsFound(file));
                executeUnpublished(connection, "DELETE FROM public.keyed WHERE id = -1");
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
            work(database, 2, workload -> workload.run(TRANSACTIONS));
            // The other engine goes on where this one stopped.
            pipeline(database, "pgoutput");
            CommandRun caughtUp = CommandRun.of("run", "-q", file.toString(), "--catch-up");

            assertThat(caughtUp.code()).as(message(caughtUp.err())).isZero();
            assertEqual(connection);

            CommandRun idle = CommandRun.of("run", "-q", file.toString(), "--catch-up");
            assertThat(idle.code()).as(idle.err()).isZero();
            assertEqual(connection);
            assertAFreshImportGivesTheSameFiles(file);
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

    private void awaitFirstVersions(SkyrollProcess run) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            assertThat(run.isAlive()).as(message(run.output())).isTrue();
            return !catalog("keyed").pointed().isEmpty()
                    && !catalog("whole").pointed().isEmpty();
        });
    }

    /** Row for row, with all columns, the catalog is the table as it was at the version's place in the log. */
    private void assertVersionIsAState(SkyrollProcess run, String table, Path file) throws Exception {
        CommandRun verified = verify(table, file);

        assertThat(run.isAlive()).as(message(run.output())).isTrue();
        assertThat(verified.out())
                .as(message(verified.err()))
                .containsPattern("public.%s at .*: equal".formatted(table));
        assertThat(verified.code()).as(message(verified.out())).isZero();
    }

    private void assertDifferenceIsFound(Path file) {
        CommandRun verified = verify("keyed", file);

        assertThat(verified.out()).as(message(verified.err())).containsPattern("public.keyed at .*: differs\\R");
        assertThat(verified.code()).as(message(verified.out())).isEqualTo(1);
    }

    private CommandRun verify(String table, Path file) {
        return CommandRun.of(
                "verify",
                directory.resolve("out").resolve(table).toString(),
                "--source",
                file.toString(),
                "--wait",
                Long.toString(PATIENCE.toSeconds()));
    }

    private PublishedCatalog catalog(String table) {
        return new PublishedCatalog(directory.resolve("out").resolve(table));
    }

    /** Does something while a workload runs. */
    private void whileWorking(EmbeddedDatabase database, int round, Callback action) throws Exception {
        AtomicBoolean isEnough = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> working = thread.submit(() -> {
                work(database, round, workload -> workload.run(PAUSE_MILLIS, isEnough::get));
                return null;
            });
            action.run();
            assertThat(working).as(message("the workload")).isNotDone();
            isEnough.set(true);
            working.get();
        } finally {
            isEnough.set(true);
            thread.shutdown();
        }
    }

    /** What is done while a workload runs. */
    private interface Callback {
        void run() throws Exception;
    }

    /** To the byte: however a leaf came to its rows, it is the same file. */
    private void assertAFreshImportGivesTheSameFiles(Path followed) throws Exception {
        Path fresh = Files.createDirectories(directory.resolve("fresh"));
        Path file = Files.writeString(
                fresh.resolve("pipeline.yaml"),
                Files.readString(followed)
                        .replace("pipeline: followed", "pipeline: fresh")
                        .replace("mode: snapshot_and_changes", "mode: snapshot"));
        CommandRun run = CommandRun.of("run", "-q", file.toString());
        assertThat(run.code()).as(message(run.err())).isZero();
        for (String table : TABLES) {
            PublishedCatalog imported =
                    new PublishedCatalog(fresh.resolve("out").resolve(table));
            assertThat(catalog(table).leaves()).as(message(table)).isEqualTo(imported.leaves());
            assertThat(catalog(table).partitions()).as(message(table)).isEqualTo(imported.partitions());
        }
    }

    private void assertEqual(Connection connection) throws Exception {
        for (String table : TABLES) {
            assertThat(published(table)).as(message(table)).isEqualTo(wanted(connection, table));
        }
    }

    private String message(String what) {
        return "seed %d: %s".formatted(seed, what);
    }

    private List<String> published(String table) throws SQLException, IOException {
        PublishedCatalog catalog = catalog(table);
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

    private void work(EmbeddedDatabase database, int round, Task task) throws Exception {
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
                                seed + number,
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

    /** Does something to the table keyed that nobody is told of. */
    private static void executeUnpublished(Connection connection, String sql) throws SQLException {
        execute(connection, "ALTER PUBLICATION skyroll_followed DROP TABLE public.keyed");
        execute(connection, sql);
        execute(connection, "ALTER PUBLICATION skyroll_followed ADD TABLE public.keyed");
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
