package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import io.skyroll.local.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class SeveralTablesScenarioIT {

    @Test
    void publishesEachTableByItsOwnSettingsAndTheRestByThePipelines(@TempDir Path directory) throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 3_000);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA survey");
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
        }
    }
}
