package io.skyroll.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckTest {
    private static final String GOOD =
            """
            pipeline: stars
            source:
              url: postgresql://reader@203.0.113.1/sky
              tables: [public.stars, {table: public.big, catalog: {pixel_threshold_rows: 50000, margin_threshold_arcsec: 0}}]
            sky: {ra_column: ra, dec_column: dec}
            filters: [{name: bright, where: "mag < 12 AND dec > -30"}]
            catalog: {path: "out/{table}"}
            """;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void saysWhatAFileMeansAndWritesNothing() throws IOException {
        CommandRun run = check(GOOD);

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("pipeline stars")
                .containsPattern("kafka +embedded, 12 partitions a topic, batches of rows")
                .containsPattern("data_dir +" + directory.resolve(".skyroll/stars"))
                .containsPattern("topics +stars\\.public\\.stars\\.rows, stars\\.public\\.stars\\.sky, ")
                .containsPattern("filter bright +mag < 12 AND dec > -30")
                .containsPattern("collection +" + directory.resolve("out/stars"))
                .containsPattern("leaves +at most 1,000,000 rows, of orders 0 to 10")
                .containsPattern("margins +5\\.0 arcsec, by cells of order 1[0-9]")
                .containsPattern("(?s)table public\\.big.*leaves +at most 50,000 rows.*margins +none");
        assertThat(files()).containsExactly(directory.resolve("pipeline.yaml"));
    }

    @Test
    void saysWhatDatasetsAre() throws IOException {
        CommandRun run = check(
                """
                pipeline: stars
                source:
                  url: postgresql://reader@203.0.113.1/sky
                  tables: [public.stars, {table: public.all, catalog: {type: file, name: everything}}, {table: public.orbits, sky: none}]
                sky: {ra_column: ra, dec_column: dec}
                catalog: {type: parquet, folders: [band, year(seen)], file_rows: 5000, file_age_secs: 86400, path: "out/{table}"}
                """);

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .containsPattern("folders +band, year\\(seen\\)\\R")
                .containsPattern(
                        "files +of about 134,217,728 bytes, at most 5,000 rows, added to for 86,400 s; row groups")
                .containsPattern("file +everything\\.parquet; the newest 5 versions are kept")
                .containsPattern(
                        "(?s)table public\\.orbits.*place on the sky +none: rows are spread and ordered by a hash of their keys.*filters +none: every row is published");
    }

    @Test
    void tellsAllProblemsAndWarningsAtOnce() throws IOException {
        Files.writeString(directory.resolve("taken"), "a file");

        CommandRun run = check(
                """
                pipeline: stars
                source:
                  url: postgresql://reader:hunter2@203.0.113.1/sky
                  workers: 0
                  tables: [public.stars]
                sky: {ra_column: ra, dec_column: ra}
                filters: [{name: bright, where: "mag <"}]
                catalog: {path: taken, retain_versions: 1}
                """);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "pipeline.yaml has 2 warnings:",
                        "source.url: it holds a password",
                        "catalog.retain_versions: with 1,",
                        "pipeline.yaml has 4 problems:",
                        "source.workers: expected a whole number from 1 to 64, found 0",
                        "sky.dec_column: expected another column than ra_column, found 'ra'",
                        "filters[0].where: filter 'bright', line 1, column 5: syntax error at or near \"<\"",
                        "catalog.path: %s is a file, not a directory".formatted(directory.resolve("taken")))
                .doesNotContain("hunter2");
    }

    @Test
    void warningsDoNotFail() throws IOException {
        CommandRun run = check(GOOD.replace("sky: {", "kafka: {bootstrap_servers: 'broker:9092'}\nsky: {"));

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("has 1 warning:", "registry.url: the schemas of a cluster that others read");
        assertThat(run.out()).contains("broker:9092");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    url: "host=h password=x"     | source.url: it holds a password
                    url: "postgresql://h/d?password=x" | source.url: it holds a password
                    """)
    void findsPasswordsInConnectionStrings(String url, String warning) throws IOException {
        CommandRun run = check(GOOD.replace("url: postgresql://reader@203.0.113.1/sky", url));

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains(warning);
        assertThat(run.out()).doesNotContain("password");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    dec > 3 AND value < 4             | true
                    CAST(value AS integer) = 3        | true
                    x IS UNKNOWN OR position <> 1     | true
                    name LIKE 'a!_%' ESCAPE '!'       | true
                    mag::int < 3                      | false
                    mag < 3)                          | false
                    mag < 3; DROP TABLE stars         | false
                    """)
    void readsFiltersWithoutKnowingTheColumns(String where, boolean isRight) throws IOException {
        CommandRun run = check(GOOD.replace("mag < 12 AND dec > -30", where));

        assertThat(run.code()).as(run.err()).isEqualTo(isRight ? 0 : 2);
    }

    @Test
    void refusesADirectoryThatHoldsAnotherCatalog() throws IOException {
        Path foreign = Files.createDirectories(directory.resolve("out/stars"));
        Files.writeString(foreign.resolve("collection.properties"), "obs_collection=gaia");

        CommandRun run = check(GOOD);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("has 1 problem:", "a catalog that was not made by Skyroll (collection.properties)");
    }

    @Test
    void refusesDataAmongTheCatalogAndWarnsOfWhatIsNested() throws IOException {
        assertThat(check(GOOD + "data_dir: out/stars\n").err())
                .contains("data_dir: it is the catalog.path of a table, %s".formatted(directory.resolve("out/stars")));
        assertThat(check(GOOD + "data_dir: out\n").err()).contains("out/stars is inside of data_dir");
        assertThat(check(GOOD + "data_dir: out/stars/data\n").err()).contains("where readers look");
        assertThat(check(GOOD + "data_dir: out/stars/_skyroll/data\n").err()).isEmpty();
    }

    private CommandRun check(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("pipeline.yaml"), text);
        return CommandRun.of("check", file.toString());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
