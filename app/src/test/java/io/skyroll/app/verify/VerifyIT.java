package io.skyroll.app.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.run.Stages;
import io.skyroll.app.verify.SourceComparison.Outcome;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.producers.libpq.ConnectionSettings;
import io.skyroll.producers.libpq.Surroundings;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.Stores;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at a catalog, after a run of the whole pipeline. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VerifyIT {
    private Path directory = Path.of("");
    private Path pipeline = Path.of("");
    private Path collection = Path.of("");
    private EmbeddedDatabase database;

    @BeforeAll
    void publish(@TempDir Path temporary) throws Exception {
        directory = temporary;
        database = TestDatabase.start(directory.resolve("postgres"));
        execute(
                "CREATE TABLE stars (id bigint PRIMARY KEY, ra float8, dec float8, mag numeric(6,3), name text, seen timestamptz)",
                """
                INSERT INTO stars SELECT i, i * 137.50776405003785::float8 - 360 * floor(i * 137.50776405003785::float8 / 360),
                  CASE WHEN i %% 50 > 0 THEN degrees(asin(2 * (i * 0.6180339887498949::float8 - floor(i * 0.6180339887498949::float8)) - 1)) END,
                  10 + i %% 100 * 0.1, CASE WHEN i %% 7 > 0 THEN 'row ' || i END,
                  CASE WHEN i %% 1000 = 1 THEN 'infinity' ELSE now() END
                FROM generate_series(1, 20000) i"""
                        .replace("%%", "%"));
        collection = directory.resolve("stars");
        pipeline = Files.writeString(
                directory.resolve("stars.yaml"),
                """
                pipeline: verified
                source:
                  url: postgresql://%s@localhost:%d/postgres
                  tables: [public.stars]
                sky: {ra_column: ra, dec_column: dec}
                filters: [{name: bright, where: "mag < 19"}]
                catalog: {path: "%s", pixel_threshold_rows: 1000, margin_threshold_arcsec: 60}
                """
                        .formatted(database.user(), database.port(), collection));
        CommandRun run = CommandRun.of("run", "-q", pipeline.toString());
        assertThat(run.code()).as(run.err()).isZero();
    }

    @AfterAll
    void stop() {
        database.close();
    }

    @Test
    void aGoodCatalogEqualsItsSourceUntilThatMovesOn() throws Exception {
        CommandRun sound = CommandRun.of("verify", collection + "/", "--source", pipeline.toString());

        assertThat(sound.out()).contains("nothing is wrong").containsPattern("stars at .*: equal");
        assertThat(sound.code()).as(sound.out()).isZero();

        execute("UPDATE stars SET name = name || '!' WHERE id = 78");
        CommandRun moved = CommandRun.of("verify", collection.toString(), "--source", pipeline.toString());
        execute("UPDATE stars SET name = rtrim(name, '!') WHERE id = 78", "INSERT INTO stars VALUES (0, 1, 2, 19.5)");
        CommandRun filtered = CommandRun.of("verify", collection.toString(), "--source", pipeline.toString());
        execute("DELETE FROM stars WHERE id = 0", "ALTER TABLE stars ADD COLUMN more int");
        CommandRun altered = CommandRun.of("verify", collection.toString(), "--source", pipeline.toString());
        execute("ALTER TABLE stars DROP COLUMN more");

        assertThat(moved.code()).as(moved.out()).isEqualTo(3);
        assertThat(moved.out()).contains("differs, the source has changed since");
        assertThat(filtered.code()).as(filtered.out()).isZero();
        assertThat(altered.code()).isEqualTo(3);
        assertThat(altered.out()).contains("the table's columns or its key are others");
    }

    @Test
    void ofAPipelineThatFollowsChangesItIsSaidWhetherItIsBehindOrWrong() throws Exception {
        Path followed = Files.writeString(
                directory.resolve("followed.yaml"),
                Files.readString(pipeline)
                        .replace("tables:", "mode: snapshot_and_changes\n  freshness_secs: 0\n  tables:"));

        SourceComparison unpublished = compare(followed);
        execute("CREATE PUBLICATION skyroll_verified FOR TABLE stars");
        SourceComparison idle = compare(followed);
        execute("UPDATE stars SET name = name || '!' WHERE id = 78");
        CommandRun behind =
                CommandRun.of("verify", collection.toString(), "--source", followed.toString(), "--wait", "1");
        execute("SELECT pg_create_logical_replication_slot('skyroll_verified', 'pgoutput')");
        SourceComparison wrong = whileSomebodyReads("skyroll_verified", () -> compare(followed));
        execute("ALTER TABLE stars ADD COLUMN more int");
        SourceComparison altered = compare(followed);
        execute(
                "ALTER TABLE stars DROP COLUMN more",
                "SELECT pg_drop_replication_slot('skyroll_verified')",
                "DROP PUBLICATION skyroll_verified",
                "UPDATE stars SET name = rtrim(name, '!') WHERE id = 78");

        assertThat(unpublished.text())
                .contains("does not have table public.stars")
                .contains("so the table is compared as it is now")
                .containsPattern("stars at .*: equal");
        assertThat(unpublished.outcome()).isEqualTo(Outcome.EQUAL);
        assertThat(idle.text()).doesNotContain("as it is now").containsPattern("stars at .*: equal");
        assertThat(idle.outcome()).isEqualTo(Outcome.EQUAL);
        assertThat(behind.out()).contains("has not read what was committed until then after 1 s: is it running?");
        assertThat(behind.code()).isEqualTo(3);
        assertThat(wrong.text()).contains("has read what was committed until then, and shows nothing newer after 1 s");
        assertThat(wrong.outcome()).isEqualTo(Outcome.DIFFERENT);
        assertThat(altered.text()).contains("columns or its key are others").contains("may be to come");
        assertThat(altered.outcome()).isEqualTo(Outcome.MOVED_ON);
    }

    private SourceComparison compare(Path file) throws IOException {
        PipelineConfig config = ConfigLoader.load(file);
        try (Store store = Stores.open(collection.toString())) {
            return FollowedComparison.of(
                    store,
                    config.tables().get(0),
                    Stages.requests(config).get(0),
                    ConnectionSettings.resolve(config.source().connection(), Surroundings.ofProcess()),
                    config.source().changes().orElseThrow(),
                    Duration.ofSeconds(1));
        }
    }

    /** Compares while a slot is moved on, as a pipeline does that reads changes. */
    private SourceComparison whileSomebodyReads(String slot, Callable<SourceComparison> action) throws Exception {
        ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();
        try (Connection connection = database.connect();
                PreparedStatement advance = connection.prepareStatement(
                        "SELECT pg_replication_slot_advance(?, pg_current_wal_flush_lsn())")) {
            advance.setString(1, slot);
            Future<?> reading = reader.scheduleWithFixedDelay(() -> advance(advance), 0, 200, TimeUnit.MILLISECONDS);
            SourceComparison compared = action.call();
            assertThat(reading).as("the reader of the slot").isNotDone();
            reader.shutdown();
            assertThat(reader.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            return compared;
        } finally {
            reader.shutdownNow();
        }
    }

    private static void advance(PreparedStatement advance) {
        try {
            advance.execute();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aDefectIsNamedAndTheExitCodeIsOne() throws Exception {
        Path copy = copy(directory.resolve("damaged"));
        Path leaf = largestLeaf(copy);
        byte[] bytes = Files.readAllBytes(leaf);
        Files.write(leaf, java.util.Arrays.copyOf(bytes, bytes.length / 2));

        CommandRun run = CommandRun.of("verify", copy.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains(copy.relativize(leaf) + ": it cannot be read");
        assertThat(run.out()).containsPattern("\\d+ findings\\R$");
    }

    @Test
    void whatCannotBeVerifiedIsRefused() throws IOException {
        Files.createDirectories(directory.resolve("else/where"));

        assertThat(CommandRun.of("verify", directory.resolve("nowhere").toString())
                        .code())
                .isEqualTo(2);
        assertThat(CommandRun.of("verify", directory.resolve("else").toString()).err())
                .contains("is neither a HATS catalog nor a collection");
        assertThat(CommandRun.of("verify", "ftp://x/y").code()).isEqualTo(2);
        CommandRun other =
                CommandRun.of("verify", collection.resolve("_skyroll").toString(), "--source", pipeline.toString());
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("is the catalog.path of no table");
    }

    @Test
    void inspectDescribes() {
        CommandRun run = CommandRun.of("inspect", collection.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("catalog +stars \\(object\\)")
                .containsPattern("rows per leaf +\\d")
                .containsPattern("margin +stars_g1_v000001_margin, 60.0 arcsec")
                .contains("optional double ra")
                .contains("not pinned")
                .containsPattern("generation 1, version 1 at 1:[0-9A-F]+/[0-9A-F]+:0, committed");
    }

    @Test
    void plotDraws() throws IOException {
        Path image = directory.resolve("pictures/sky.png");

        CommandRun run = CommandRun.of("plot", collection.toString(), "--out", image.toString());

        assertThat(run.code()).as(run.err()).isZero();
        BufferedImage drawn = ImageIO.read(image.toFile());
        assertThat(drawn.getWidth()).isEqualTo(1600);
        assertThat(run.out()).contains("rows per square degree");
    }

    private Path copy(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(collection)) {
            for (Path file : files.toList()) {
                Path to = target.resolve(collection.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return target;
    }

    private static Path largestLeaf(Path collection) throws IOException {
        try (Stream<Path> files = Files.walk(collection.resolve("stars_g1_v000001/dataset"))) {
            List<Path> leaves = files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted(Comparator.comparingLong(file -> file.toFile().length()))
                    .toList();
            return leaves.get(leaves.size() - 1);
        }
    }

    private void execute(String... sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }
}
