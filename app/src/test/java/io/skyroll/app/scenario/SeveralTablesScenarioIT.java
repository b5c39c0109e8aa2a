package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.local.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class SeveralTablesScenarioIT {
    private static final List<String> ORBITS = List.of("orbits", "whole");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void publishesEachTableByItsOwnSettingsAndTheRestByThePipelines() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 3_000);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA survey");
                // Without a key, and with rows that are alike.
                statement.execute(
                        "CREATE TABLE survey.notes AS SELECT 'note ' || i % 300 AS note, i % 7 = 0 AS good FROM generate_series(1, 1000) i");
            }
            SkyTable.create(connection, "survey.sources", "source_ra", "source_dec", 2_000);
            Path file = Files.writeString(
                    directory.resolve("pipeline.yaml"),
                    """
                    pipeline: several
                    source:
                      url: %s
                      tables:
                        - public.stars
                        - table: survey.sources
                          sky: {ra_column: source_ra, dec_column: source_dec}
                          filters:
                            - {name: named, where: name IS NOT NULL}
                            - {name: bright, where: mag < 18}
                          catalog: {product: source, pixel_threshold_rows: 100}
                        - {table: survey.notes, sky: none, filters: [], catalog: {type: file}}
                    sky: {ra_column: ra, dec_column: dec}
                    filters: [{name: northern, where: dec > 0}]
                    catalog: {path: "out/{schema}_{table}", pixel_threshold_rows: 1000}
                    """
                            .formatted(SkyTable.url(database)));

            CommandRun run = CommandRun.of("run", "--quiet", file.toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.code()).isZero();
            PublishedCatalog stars = new PublishedCatalog(directory.resolve("out/public_stars"));
            assertThat(stars.query("SELECT id, ra, dec, mag, name FROM catalog"))
                    .isEqualTo(PublishedCatalog.rows(
                            connection, "SELECT id, ra, dec, mag, name FROM public.stars WHERE dec > 0"));
            assertThat(stars.properties())
                    .containsEntry("dataproduct_type", "object")
                    .containsEntry("hats_col_ra", "ra");
            PublishedCatalog sources = new PublishedCatalog(directory.resolve("out/survey_sources"));
            assertThat(sources.query("SELECT id, source_ra, source_dec, mag, name FROM catalog"))
                    .isEqualTo(
                            PublishedCatalog.rows(
                                    connection,
                                    "SELECT id, source_ra, source_dec, mag, name FROM survey.sources WHERE name IS NOT NULL AND mag < 18"));
            assertThat(sources.properties())
                    .containsEntry("dataproduct_type", "source")
                    .containsEntry("hats_col_ra", "source_ra");
            assertThat(run.out())
                    .containsPattern("(?s)public\\.stars.* northern .*survey\\.sources.* bright .* named ");
            assertThat(PublishedCatalog.duckDb("SELECT * FROM read_parquet('%s')"
                            .formatted(directory.resolve("out/survey_notes/notes.parquet"))))
                    .hasSize(1_000)
                    .isEqualTo(PublishedCatalog.rows(connection, "SELECT note, good FROM survey.notes"));
            assertSound("survey_notes", file);
        }
    }

    /** Rows are placed by a hash of their keys, and no place is remembered, whatever the log tells of old rows. */
    @Test
    void aTableWithoutASkyIsKeptUpToItsChangesBesideAHatsCatalog() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 500);
            for (String table : ORBITS) {
                execute(
                        connection,
                        "CREATE TABLE %s (name text, epoch date, class text, a double precision, e real, PRIMARY KEY (name, epoch))"
                                .formatted(table));
                insert(connection, table, 1, 3_000);
            }
            execute(connection, "ALTER TABLE whole REPLICA IDENTITY FULL");
            Path file = Files.writeString(
                    directory.resolve("pipeline.yaml"),
                    """
                    pipeline: orbits
                    source:
                      url: %s
                      mode: snapshot_and_changes
                      change_engine: pgoutput
                      freshness_secs: 0
                      tables:
                        - {table: public.stars, sky: {ra_column: ra, dec_column: dec}, filters: [], catalog: {type: hats}}
                        - public.orbits
                        - {table: public.whole, sky: none, catalog: {folders: [class], file_rows: 100}}
                    filters: [{name: bound, where: e < 0.9}]
                    kafka: {topic_partitions: 3}
                    catalog: {type: parquet, path: "out/{table}", row_group_rows: 80}
                    """
                            .formatted(SkyTable.url(database)));
            assertThat(CommandRun.of("plan", file.toString()).out())
                    .contains("changes tell the key, and by its hash where the row is: no place is remembered")
                    .contains("3,000, of which 2,730 would be published")
                    .contains("places of public.stars")
                    .doesNotContain("places of public.orbits");

            catchUp(file, connection);
            for (String table : ORBITS) {
                execute(connection, "UPDATE %s SET a = -a, e = e + 0.2 WHERE a::int %% 3 = 0".formatted(table));
                execute(connection, "DELETE FROM %s WHERE a::int %% 5 = 0".formatted(table));
                execute(connection, "UPDATE %s SET name = 'K' || name WHERE a::int %% 7 = 0".formatted(table));
                insert(connection, table, 3_001, 3_100);
            }
            execute(connection, "UPDATE public.stars SET dec = -dec, ra = 360 - ra WHERE id % 4 = 0");
            catchUp(file, connection);
            for (String table : ORBITS) {
                execute(connection, "ALTER TABLE %s ADD COLUMN arcs smallint DEFAULT 7".formatted(table));
                // What had left returns, and what was deleted.
                execute(connection, "UPDATE %s SET e = e - 0.2, class = 'back' WHERE a < 0".formatted(table));
                insert(connection, table, 5, 5);
            }
            catchUp(file, connection);
            for (String table : ORBITS) {
                assertSound(table, file);
            }
            String orbits = directory.resolve("out/orbits").toString();
            assertThat(CommandRun.of("inspect", orbits).out())
                    .containsPattern("order +by a hash of the key")
                    .contains("columns        6 in the files");
            CommandRun plot = CommandRun.of(
                    "plot", orbits, "--out", directory.resolve("sky.png").toString());
            assertThat(plot.code()).isEqualTo(2);
            assertThat(plot.err()).contains("is neither a HATS catalog nor a collection of some");
        }
    }

    private void catchUp(Path file, Connection connection) throws Exception {
        CommandRun run = CommandRun.of("run", "--quiet", file.toString(), "--catch-up");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertPublished(connection);
    }

    private void assertPublished(Connection connection) throws Exception {
        assertThat(new PublishedCatalog(directory.resolve("out/stars")).query("SELECT id, ra, dec FROM catalog"))
                .isEqualTo(PublishedCatalog.rows(connection, "SELECT id, ra, dec FROM public.stars"));
        for (String table : ORBITS) {
            assertThat(PublishedCatalog.duckDb(
                            "SELECT name, epoch, class, a, e FROM read_parquet('%s/current/**/*.parquet', hive_partitioning = true)"
                                    .formatted(directory.resolve("out/" + table))))
                    .isEqualTo(PublishedCatalog.rows(
                            connection, "SELECT name, epoch, class, a, e FROM %s WHERE e < 0.9".formatted(table)));
        }
    }

    private void assertSound(String catalog, Path file) {
        CommandRun verify =
                CommandRun.of("verify", directory.resolve("out/" + catalog).toString(), "--source", file.toString());
        assertThat(verify.out()).contains("nothing is wrong").contains(": equal");
        assertThat(verify.code()).isZero();
    }

    private static void insert(Connection connection, String table, int first, int last) throws SQLException {
        execute(
                connection,
                "INSERT INTO %s (name, epoch, class, a, e) SELECT 'orbit ' || i, date '2026-01-01' + i %% 3, (ARRAY['main belt', 'NEO', NULL])[i %% 3 + 1], i, i %% 100 * 0.01 FROM generate_series(%d, %d) i"
                        .formatted(table, first, last));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
