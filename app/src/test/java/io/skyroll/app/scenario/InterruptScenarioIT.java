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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dinterrupts=10} interrupts more often, {@code -Dseed=N} repeats a run's moments. */
@Timeout(900)
final class InterruptScenarioIT {
    private static final int INTERRUPTS = Integer.getInteger("interrupts", 2);
    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final int INTERRUPTED = 130;
    /** A JVM that has not come to main yet ends without a word, as any program does. In milliseconds. */
    private static final long EARLIEST = 600;
    /** Runs take about that long. */
    private static final long LATEST = 10_000;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(70);
    private static final String QUERY = "SELECT id, ra, dec, mag, name FROM %s";

    /** Workers read after the snapshot's start is noted in the topics. */
    private static final String READING =
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'skyroll snapshot worker %' AND wait_event = 'advisory'";

    /** Its rows come when nobody holds the advisory lock. */
    private static final String HELD_UP =
            "CREATE VIEW public.held_stars AS SELECT * FROM public.stars WHERE pg_advisory_xact_lock_shared(1) IS NOT NULL";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void endsAtOnceAtAnyMomentAndTheNextRunFinishes() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 60_000);
            Path file = pipeline(database);
            Random random = new Random(SEED);
            List<String> journal = new ArrayList<>();
            for (int i = 0; i < INTERRUPTS; i++) {
                Path log = directory.resolve("interrupt%d.log".formatted(i));
                try (SkyrollProcess run = start(file, log.getFileName().toString())) {
                    long moment = EARLIEST + (long) (random.nextDouble() * (LATEST - EARLIEST));
                    boolean ended = run.ends(Duration.ofMillis(moment));
                    journal.add("%s after %d ms".formatted(ended ? "it had ended" : "interrupted", moment));
                    if (!ended) {
                        run.interrupt();
                        assertThat(run.ends(STOP_LIMIT))
                                .as("seed %d: %s%n%s", SEED, journal, run.output())
                                .isTrue();
                        assertThat(run.exitCode())
                                .as("seed %d: %s%n%s", SEED, journal, run.output())
                                .isIn(INTERRUPTED, 0);
                    }
                    assertThat(run.output()).as("seed %d: %s", SEED, journal).doesNotContain("\tat ", "Exception");
                }
            }

            CommandRun last = CommandRun.of("run", "-q", file.toString());
            assertThat(last.code())
                    .as("seed %d: %s%n%s", SEED, journal, last.err())
                    .isZero();
            PublishedCatalog catalog = new PublishedCatalog(directory.resolve("out"));
            assertThat(catalog.query(QUERY.formatted("catalog")))
                    .as("seed %d: %s", SEED, journal)
                    .isEqualTo(PublishedCatalog.rows(connection, QUERY.formatted("public.stars")));
        }
    }

    @Test
    void theNextRunSaysThatItStartsOver() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 1_000);
            execute(connection, HELD_UP);
            execute(connection, "SELECT pg_advisory_lock(1)");
            Path file = pipeline(database);
            Files.writeString(
                    file, Files.readString(file).replace("[public.stars]", "[{table: public.held_stars, key: [id]}]"));
            try (SkyrollProcess run = start(file, "interrupted.log")) {
                await().pollInterval(Duration.ofMillis(50))
                        .atMost(PATIENCE)
                        .until(() -> !run.isAlive()
                                || !PublishedCatalog.rows(connection, READING).isEmpty());
                run.interrupt();
                assertThat(run.ends(STOP_LIMIT)).as(run.output()).isTrue();
                assertThat(run.exitCode()).as(run.output()).isEqualTo(INTERRUPTED);
                assertThat(run.output())
                        .contains("skyroll: interrupted; nothing is lost, the next run says how it goes on");
            }
            execute(connection, "SELECT pg_advisory_unlock(1)");
            CommandRun next = CommandRun.of("run", file.toString());
            assertThat(next.code()).as(next.err()).isZero();
            assertThat(next.err())
                    .contains("an earlier run was interrupted before its snapshot was whole: starting over");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private SkyrollProcess start(Path file, String log) throws IOException {
        return SkyrollProcess.start(directory.resolve(log), "run", file.toString());
    }

    private Path pipeline(EmbeddedDatabase database) throws IOException {
        return Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: stopped
                source: {url: "%s", tables: [public.stars], chunk_bytes: 1048576}
                sky: {ra_column: ra, dec_column: dec}
                kafka: {topic_partitions: 4}
                catalog: {path: out, pixel_threshold_rows: 10000}
                """
                        .formatted(SkyTable.url(database)));
    }
}
