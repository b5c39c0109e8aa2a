package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.local.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class ChangesOnlyScenarioIT {
    private static final int ROWS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** With their whole old rows, with their keys only, and as one file. */
    private static final List<String> TABLES = List.of("whole", "keyed", "single");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aCatalogBeginsEmptyAndHoldsWhatHasChangedSince() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            for (String table : TABLES) {
                SkyTable.create(connection, table, "ra", "dec", ROWS);
            }
            execute(connection, "ALTER TABLE whole REPLICA IDENTITY FULL", "ALTER TABLE single REPLICA IDENTITY FULL");
            Path file = pipeline(database);
            try (SkyrollProcess run = SkyrollProcess.start(directory.resolve("run.log"), "run", file.toString())) {
                for (String table : TABLES) {
                    awaitRows(run, table, List.of());
                }
                for (String table : TABLES) {
                    SkyTable.extend(connection, table, ROWS + 1, ROWS + 5);
                    execute(
                            connection,
                            "UPDATE %s SET name = 'seen' WHERE id %% 100 = 1".formatted(table),
                            // Across the sky.
                            "UPDATE %s SET ra = 360 - ra, dec = -dec WHERE id %% 100 = 2".formatted(table),
                            // Rows that were never in the catalog: one leaves by the filter, one altogether.
                            "UPDATE %s SET mag = 25 WHERE id %% 100 = 3".formatted(table),
                            "DELETE FROM %s WHERE id %% 100 = 4".formatted(table),
                            // Rows that have come to it.
                            "DELETE FROM %s WHERE id = 101 OR id = 102 OR id = %d".formatted(table, ROWS + 5));
                }

                for (String table : TABLES) {
                    List<String> changed = PublishedCatalog.rows(
                            connection,
                            "SELECT id, ra, dec, mag, name FROM %s WHERE (id %% 100 IN (1, 2) OR id > %d) AND mag < 24"
                                    .formatted(table, ROWS));
                    assertThat(changed).hasSize(20);
                    awaitRows(run, table, changed);
                }
            }
            CommandRun verified =
                    CommandRun.of("verify", directory.resolve("out/whole").toString(), "--source", file.toString());
            assertThat(verified.out()).contains("nothing is wrong");
            assertThat(verified.err()).contains("has mode: changes, so the catalog holds only rows that were changed");
            assertThat(verified.code()).isEqualTo(2);
        }
    }

    private void awaitRows(SkyrollProcess run, String table, List<String> expected) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(run.isAlive()).as(run.output()).isTrue();
            return rows(table).equals(expected);
        });
    }

    /** A catalog without a leaf has no file that DuckDB could read. */
    private List<String> rows(String table) throws Exception {
        Path out = directory.resolve("out").resolve(table);
        String columns = "SELECT id, ra, dec, mag, name FROM ";
        if (table.equals("single")) {
            Path file = out.resolve("single.parquet");
            return Files.exists(file)
                    ? PublishedCatalog.duckDb(columns + "read_parquet('%s')".formatted(file))
                    : List.of("not there");
        }
        PublishedCatalog catalog = new PublishedCatalog(out);
        if (catalog.pointed().isEmpty()) {
            return List.of("not there");
        }
        return catalog.leaves().isEmpty() ? List.of() : catalog.query(columns + "catalog");
    }

    private static void execute(Connection connection, String... commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private Path pipeline(EmbeddedDatabase database) throws Exception {
        return Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: late
                source:
                  url: "%s"
                  mode: changes
                  freshness_secs: 1
                  tables: [public.whole, public.keyed, {table: public.single, catalog: {type: file}}]
                sky: {ra_column: ra, dec_column: dec}
                filters: [{name: bright, where: mag < 24}]
                kafka: {topic_partitions: 2}
                catalog: {path: "out/{table}"}
                """
                        .formatted(SkyTable.url(database)));
    }
}
