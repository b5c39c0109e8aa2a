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
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dseed=N} repeats a workload, {@code -Dmoments=100} makes it longer, {@code -Dseeds=20} runs more of them. */
@Order(1)
@Timeout(900)
final class ChangesScenarioIT {
    private static final long FIRST_SEED = Long.getLong("seed", new Random().nextLong());
    private static final int SEEDS = Integer.getInteger("seeds", 2);
    private static final int TRANSACTIONS = Integer.getInteger("transactions", 50);
    /** At which a catalog is compared with the database while both go on. */
    private static final int MOMENTS = Integer.getInteger("moments", 2);

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int INTERRUPTED = 130;
    private static final String SLOT = "skyroll_followed";

    @TempDir
    private Path directory = Path.of("");

    private long seed;
    private final List<String> alterations = new CopyOnWriteArrayList<>();

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyVersionIsAStateOfTheDatabaseAndTheLastIsItsPresent(long workloadSeed) throws Exception {
        seed = workloadSeed;
        alterations.clear();
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            WorkloadThreads workload = new WorkloadThreads(database, SLOT, seed, alterations::add);
            workload.create(connection);
            execute(connection, "ALTER TABLE public.whole REPLICA IDENTITY FULL");
            Path file = pipeline(database, "debezium");
            try (SkyrollProcess run = SkyrollProcess.start(directory.resolve("run.log"), "run", file.toString())) {
                workload.during(() -> {
                    awaitFirstVersions(run);
                    for (int moment = 0; moment < MOMENTS; moment++) {
                        assertVersionIsAState(
                                run, WorkloadThreads.TABLES.get(moment % WorkloadThreads.TABLES.size()), file);
                        // Asked without our code, too: no transaction was cut in two.
                        assertThat(catalog("keyed").query("SELECT sum(amount) FROM catalog"))
                                .as(message("keyed"))
                                .containsExactly("0");
                    }
                });
                executeUnpublished(connection, "INSERT INTO public.keyed (id, amount, ra, dec) VALUES (-1, 0, 1, 2)");
                workload.during(() -> assertDifferenceIsFound(file));
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
            workload.run(TRANSACTIONS);
            // The other engine goes on where this one stopped.
            pipeline(database, "pgoutput");
            CommandRun caughtUp = CommandRun.of("run", "-q", file.toString(), "--catch-up");

            assertThat(caughtUp.code()).as(message(caughtUp.err())).isZero();
            assertEqual(connection);

            CommandRun idle = CommandRun.of("run", "-q", file.toString(), "--catch-up");
            assertThat(idle.code()).as(idle.err()).isZero();
            assertEqual(connection);
            assertThat(alterations).as(message("altered")).isNotEmpty();
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
            return published(connection, "keyed").equals(wanted(connection, "keyed"))
                    && published(connection, "whole").equals(wanted(connection, "whole"));
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
        for (String table : WorkloadThreads.TABLES) {
            PublishedCatalog imported =
                    new PublishedCatalog(fresh.resolve("out").resolve(table));
            assertThat(catalog(table).leaves()).as(message(table)).isEqualTo(imported.leaves());
            assertThat(catalog(table).partitions()).as(message(table)).isEqualTo(imported.partitions());
        }
    }

    private void assertEqual(Connection connection) throws Exception {
        for (String table : WorkloadThreads.TABLES) {
            assertThat(published(connection, table)).as(message(table)).isEqualTo(wanted(connection, table));
        }
    }

    private String message(String what) {
        return "seed %d: %s; the tables were altered so far: %s".formatted(seed, what, alterations);
    }

    /** What readers see of a table's columns; nothing where these are not the catalog's. */
    private List<String> published(Connection connection, String table) throws SQLException, IOException {
        PublishedCatalog catalog = catalog(table);
        List<WorkloadColumn> columns = WorkloadColumn.of(connection, "public." + table);
        if (catalog.pointed().isEmpty() || !catalog.columns().equals(names(columns))) {
            return List.of();
        }
        return catalog.query("SELECT %s FROM catalog".formatted(list(columns, WorkloadColumn::published)));
    }

    private static List<String> names(List<WorkloadColumn> columns) {
        return columns.stream().map(column -> column.name().replace("\"", "")).toList();
    }

    private static String list(List<WorkloadColumn> columns, Function<WorkloadColumn, String> form) {
        return columns.stream().map(form).collect(Collectors.joining(", "));
    }

    private static List<String> wanted(Connection connection, String table) throws SQLException {
        String filter = table.equals("whole") ? " AND mag < 18" : "";
        String columns = list(WorkloadColumn.of(connection, "public." + table), WorkloadColumn::comparable);
        return PublishedCatalog.rows(
                connection,
                "SELECT %s FROM public.%s WHERE ra IS NOT NULL AND ra <> 'NaN'%s".formatted(columns, table, filter));
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
                catalog: {path: "out/{table}", pixel_threshold_rows: 300, retain_versions: 100}
                """
                        .formatted(SkyTable.url(database), engine));
    }
}
