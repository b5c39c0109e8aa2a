package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.local.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SortedMap;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
@Timeout(300)
final class AlteredTablesScenarioIT {
    private static final int ROWS = 3_000;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void catalogsTakeOverTheColumnsThatTheirTablesHaveByNow() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            for (String table : new String[] {"whole", "keyed", "files"}) {
                SkyTable.create(connection, "public." + table, "ra", "dec", ROWS);
            }
            execute(connection, "ALTER TABLE whole REPLICA IDENTITY FULL");
            Path file = pipeline(database, "followed", "snapshot_and_changes");
            run(file, "--catch-up");

            execute(
                    connection,
                    """
                    BEGIN;
                    UPDATE whole SET mag = mag + 1 WHERE id % 10 = 0;
                    ALTER TABLE whole ADD quality int DEFAULT 3, ADD tags text[] NOT NULL DEFAULT '{"a b",NULL}', ADD spare date;
                    INSERT INTO whole VALUES (10001, 10, 10, 15, 'new', 4, '{}', '2026-01-01');
                    DELETE FROM whole WHERE id % 11 = 0;
                    COMMIT""",
                    "ALTER TABLE whole RENAME name TO title",
                    "UPDATE whole SET ra = 359 - ra WHERE id % 13 = 0",
                    "ALTER TABLE keyed DROP name, ADD \"odd name\" numeric(10,3) DEFAULT -1.5",
                    "UPDATE keyed SET dec = -dec WHERE id % 7 = 0",
                    "ALTER TABLE files ADD added text DEFAULT 'it''s'",
                    "DELETE FROM files WHERE id > 2990");
            run(file, "--catch-up");
            assertEqual(connection, "whole", "id, ra, dec, mag, title, quality, tags[1], tags[2], spare::text");
            assertEqual(connection, "keyed", "id, ra, dec, mag, \"odd name\"");

            aPausedTableWaitsAndTheOthersGoOn(connection, file);
            run(pipeline(database, "fresh", "snapshot"));
            assertThat(catalog("followed", "keyed").leaves())
                    .hasSizeGreaterThan(10)
                    .isEqualTo(catalog("fresh", "keyed").leaves());

            aTableThatCannotBeFollowedStopsAlone(connection, file);
            assertThat(catalog("followed", "whole").leaves())
                    .hasSizeGreaterThan(10)
                    .isEqualTo(catalog("fresh", "whole").leaves());
            itIsReadAnewAlone(connection, file);
            for (String table : new String[] {"whole", "keyed", "files"}) {
                CommandRun verify = CommandRun.of(
                        "verify", directory.resolve("out/followed/" + table).toString(), "--source", file.toString());
                assertThat(verify.out()).contains("nothing is wrong").contains(": equal");
            }
            aReplayGoesThroughAllFormsOfTheRows(file);
        }
    }

    private void aReplayGoesThroughAllFormsOfTheRows(Path file) throws Exception {
        SortedMap<String, String> leaves = catalog("followed", "whole").leaves();
        CommandRun replay = CommandRun.of("replay", "--quiet", file.toString(), "--from-beginning");
        assertThat(replay.code()).as(replay.err()).isZero();
        assertThat(catalog("followed", "whole").pointed()).startsWith("whole_g2_");
        assertThat(catalog("followed", "whole").leaves()).isEqualTo(leaves);
    }

    private void aPausedTableWaitsAndTheOthersGoOn(Connection connection, Path file) throws Exception {
        String version = catalog("followed", "whole").pointed();
        assertThat(CommandRun.of("pause", file.toString(), "whole").out())
                .startsWith("public.whole: paused: no version is begun until 'skyroll resume'");
        execute(
                connection,
                "ALTER TABLE whole ALTER mag TYPE float8, ALTER quality TYPE bigint, DROP spare",
                "UPDATE whole SET quality = 5000000000 WHERE id = 1",
                "ALTER TABLE keyed ALTER \"odd name\" TYPE numeric(20,3), ALTER dec DROP NOT NULL",
                "UPDATE keyed SET \"odd name\" = 12345678901234.5 WHERE id = 2");
        run(file, "--catch-up");
        assertThat(catalog("followed", "whole").pointed()).isEqualTo(version);
        assertEqual(connection, "keyed", "id, ra, dec, mag, \"odd name\"");
        assertFilesEqual(connection, "id, added");
    }

    /** The one that was paused is among those that go on. */
    private void aTableThatCannotBeFollowedStopsAlone(Connection connection, Path file) throws Exception {
        String version = catalog("followed", "keyed").pointed();
        assertThat(CommandRun.of("resume", file.toString(), "public.whole").out())
                .startsWith("public.whole: resumed");
        execute(
                connection,
                "ALTER TABLE keyed ALTER mag TYPE text",
                "UPDATE keyed SET mag = 'bright' WHERE id = 1",
                "UPDATE files SET mag = 6 WHERE id = 7");
        CommandRun stopped = CommandRun.of("run", "--quiet", file.toString(), "--catch-up");
        assertThat(stopped.code()).isEqualTo(1);
        assertThat(stopped.err())
                .contains("public.keyed is not followed any more: ")
                .contains("column \"mag\" was float32 and is string now")
                .contains("--resync public.keyed reads this table alone");
        assertThat(catalog("followed", "keyed").pointed()).isEqualTo(version);
        assertEqual(connection, "whole", "id, ra, dec, mag, title, quality, tags[1], tags[2]");
        assertFilesEqual(connection, "id, mag");
    }

    private void itIsReadAnewAlone(Connection connection, Path file) throws Exception {
        execute(
                connection,
                "UPDATE keyed SET mag = 1 WHERE id = 1",
                "ALTER TABLE keyed ALTER mag TYPE real USING mag::real",
                "UPDATE whole SET mag = 7 WHERE id = 7");
        run(file, "--catch-up", "--resync", "keyed");
        assertEqual(connection, "keyed", "id, ra, dec, mag, \"odd name\"");
        assertEqual(connection, "whole", "id, ra, dec, mag, title, quality, tags[1], tags[2]");
        assertThat(CommandRun.of("run", file.toString(), "--resync", "other").err())
                .contains(
                        "which table is \"other\"? The pipeline's tables are [public.whole, public.keyed, public.files]");
    }

    private void assertEqual(Connection connection, String table, String columns) throws Exception {
        assertThat(catalog("followed", table).query("SELECT %s FROM catalog".formatted(columns)))
                .as(table)
                .isEqualTo(PublishedCatalog.rows(connection, "SELECT %s FROM %s".formatted(columns, table)));
    }

    private void assertFilesEqual(Connection connection, String columns) throws Exception {
        assertThat(PublishedCatalog.duckDb("SELECT %s FROM read_parquet('%s/out/followed/files/current/**/*.parquet')"
                        .formatted(columns, directory)))
                .isEqualTo(PublishedCatalog.rows(connection, "SELECT %s FROM files".formatted(columns)));
    }

    private PublishedCatalog catalog(String pipeline, String table) {
        return new PublishedCatalog(directory.resolve("out/%s/%s".formatted(pipeline, table)));
    }

    private static void run(Path file, String... options) {
        String[] arguments = new String[3 + options.length];
        arguments[0] = "run";
        arguments[1] = "--quiet";
        arguments[2] = file.toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
    }

    private static void execute(Connection connection, String... commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private Path pipeline(EmbeddedDatabase database, String name, String mode) throws IOException {
        return Files.writeString(
                directory.resolve(name + ".yaml"),
                """
                pipeline: %s
                source:
                  url: "%s"
                  mode: %s
                  change_engine: pgoutput
                  tables:
                    - {table: public.whole, catalog: {margin_threshold_arcsec: 60}}
                    - public.keyed
                    - {table: public.files, catalog: {type: parquet, folders: [], row_group_rows: 200}}
                sky: {ra_column: ra, dec_column: dec}
                kafka: {topic_partitions: 2}
                catalog: {path: "out/%s/{table}", pixel_threshold_rows: 300}
                """
                        .formatted(name, SkyTable.url(database), mode, name));
    }
}
