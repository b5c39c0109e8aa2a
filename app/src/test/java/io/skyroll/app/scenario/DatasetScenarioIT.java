package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.local.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class DatasetScenarioIT {
    private static final int ROWS = 2_000;
    /** As text, so that both databases write values alike. */
    private static final String COLUMNS =
            """
            id, ra, dec, band, good, night::text AS night, epoch_us(seen) AS seen, run::text AS run, visit, mag, tags[1] AS tag""";

    @Test
    void publishesFoldersAndASingleFileThatDuckDbReadsRowForRow(@TempDir Path directory) throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            createTable(connection);
            Path file = Files.writeString(
                    directory.resolve("pipeline.yaml"),
                    """
                    pipeline: datasets
                    source:
                      url: %s
                      tables:
                        - table: public.sightings
                          catalog: {type: parquet, folders: [band, year(seen), month(seen)], file_rows: 30}
                        - table: public.nights
                          catalog: {type: parquet, folders: [good, night, run], row_group_rows: 50}
                        - table: public.all_of_them
                          catalog: {type: file}
                        - table: public.none
                          catalog: {type: file, name: nothing}
                    kafka: {topic_partitions: 2}
                    sky: {ra_column: ra, dec_column: dec}
                    types: {infinity: saturate}
                    catalog: {path: "out/{table}", row_group_rows: 200}
                    """
                            .formatted(SkyTable.url(database)));

            CommandRun run = CommandRun.of("run", "--quiet", file.toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.code()).isZero();
            Path out = directory.resolve("out");
            List<String> expected = PublishedCatalog.rows(
                    connection,
                    "SELECT %s FROM sightings"
                            .formatted(
                                    COLUMNS.replace("epoch_us(seen)", "(extract(epoch FROM seen) * 1000000)::bigint")));
            assertThat(expected).hasSize(ROWS);
            assertThat(read(folders(out.resolve("sightings"), "'band': VARCHAR, 'year': INT, 'month': INT")))
                    .isEqualTo(expected);
            assertThat(read(folders(out.resolve("nights"), "'good': BOOLEAN, 'night': DATE, 'run': VARCHAR")))
                    .isEqualTo(expected);
            assertThat(read("read_parquet('%s')".formatted(out.resolve("all_of_them/all_of_them.parquet"))))
                    .isEqualTo(expected);
            assertThat(read("read_parquet('%s')".formatted(out.resolve("none/nothing.parquet"))))
                    .isEmpty();
            assertThat(directories(out.resolve("sightings/current")))
                    .contains(
                            "band=r/year=2024/month=03",
                            "band=g%2Fi 50%25/year=2024/month=12",
                            "band=__HIVE_DEFAULT_PARTITION__/year=__HIVE_DEFAULT_PARTITION__/month=__HIVE_DEFAULT_PARTITION__");
            assertThat(PublishedCatalog.duckDb(
                            "SELECT max(rows) FROM (SELECT count(*) rows FROM read_parquet('%s/**/*.parquet', filename = true, hive_partitioning = false) GROUP BY filename)"
                                    .formatted(out.resolve("sightings/current"))))
                    .containsExactly("30");
            for (String table : List.of("sightings", "all_of_them", "none")) {
                CommandRun verify = CommandRun.of("verify", out.resolve(table).toString(), "--source", file.toString());
                assertThat(verify.out()).contains("nothing is wrong").contains(": equal");
                assertThat(verify.code()).isZero();
            }
            assertThat(CommandRun.of("inspect", out.resolve("sightings").toString())
                            .out())
                    .containsPattern("dataset +sightings \\(parquet\\)")
                    .containsPattern("rows +2,000\\R")
                    .containsPattern("folders +band, year\\(seen\\), month\\(seen\\)\\R")
                    .contains("generation 1, version 1 at ");
            assertThat(run.out())
                    .contains("read_parquet('%s/current/**/*.parquet', hive_partitioning = true)"
                            .formatted(out.resolve("sightings")))
                    .contains("read_parquet('%s')".formatted(out.resolve("all_of_them/all_of_them.parquet")));
        }
    }

    /** One table, of which the others are views with the same rows. */
    private static void createTable(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE sightings (id bigint PRIMARY KEY, ra double precision, dec double precision, band text, good bool,
                      night date, seen timestamptz, run uuid, visit smallint, mag real, tags text[])""");
            statement.execute(
                    """
                    INSERT INTO sightings SELECT i, i * 0.15, i %% 180 - 89.5,
                      (ARRAY['r', 'g/i 50%%', 'Ü''', '', NULL])[i %% 5 + 1], (ARRAY[true, false, NULL])[i %% 3 + 1],
                      CASE WHEN i %% 11 > 0 THEN date '2024-02-28' + i %% 3 END,
                      CASE WHEN i %% 5 < 4 THEN timestamptz '2024-01-31 23:59:59.999999+00' + i %% 330 * interval '1 day' END,
                      md5((i %% 2)::text)::uuid, CASE WHEN i %% 4 > 0 THEN i %% 4 - 2 END, 10 + i %% 100 * 0.1,
                      CASE WHEN i %% 6 > 0 THEN ARRAY['tag ' || i, NULL] END
                    FROM generate_series(1, %d) i"""
                            .formatted(ROWS));
            for (String view : List.of("nights", "all_of_them")) {
                statement.execute("CREATE TABLE %s AS SELECT * FROM sightings".formatted(view));
            }
            statement.execute("CREATE TABLE none (LIKE sightings)");
        }
    }

    /** How DuckDB reads folders; without the types it would take text for numbers where it can. */
    private static String folders(Path collection, String types) {
        return "read_parquet('%s/current/**/*.parquet', hive_partitioning = true, hive_types = {%s})"
                .formatted(collection, types);
    }

    private static List<String> read(String files) throws Exception {
        return PublishedCatalog.duckDb("SELECT %s FROM %s".formatted(COLUMNS, files));
    }

    private static List<String> directories(Path current) throws Exception {
        Path directory = current.toRealPath();
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isDirectory)
                    .map(path -> directory.relativize(path).toString())
                    .toList();
        }
    }
}
