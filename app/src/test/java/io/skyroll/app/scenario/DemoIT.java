package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class DemoIT {
    private static final String COLUMNS = "hip, ra, dec, vmag, bv";

    @Test
    void publishesExactlyTheStarsThatPassTheFilterAndTheSameAgain(@TempDir Path directory) throws Exception {
        PublishedCatalog catalog = new PublishedCatalog(directory.resolve("stars"));

        CommandRun first =
                CommandRun.of("demo", "--quiet", "--out", catalog.collection().toString());

        assertThat(first.err()).isEqualTo("loading 118,216 rows into the embedded PostgreSQL%n".formatted());
        assertThat(first.code()).isZero();
        assertThat(first.out())
                .containsPattern("rows in +118,216\\R")
                .containsPattern("rows rejected +1,572\\R")
                .containsPattern("good_enough +1,572\\R")
                .containsPattern("rows out +116,644\\R")
                .contains("lsdb.open_catalog(\"%s\")".formatted(catalog.collection()));
        assertThat(catalog.pointed()).isEqualTo("stars_g1_v000001");
        String query = "SELECT %s FROM catalog".formatted(COLUMNS);
        assertThat(catalog.query(query)).hasSize(116_644).isEqualTo(starsThatPass(directory));
        Map<String, String> leaves = catalog.leaves();
        assertThat(leaves).hasSizeGreaterThan(12);

        CommandRun second =
                CommandRun.of("demo", "-q", "--out", catalog.collection().toString());

        assertThat(second.code()).isZero();
        assertThat(catalog.pointed()).isEqualTo("stars_g1_v000002");
        assertThat(catalog.leaves()).isEqualTo(leaves);
    }

    /** As DuckDB reads and filters the data that ship with the program. */
    private static List<String> starsThatPass(Path directory) throws Exception {
        Path csv = directory.resolve("stars.csv");
        try (GZIPInputStream stars =
                new GZIPInputStream(io.skyroll.app.demo.Stars.class.getResourceAsStream("stars.csv.gz"))) {
            Files.copy(stars, csv);
        }
        return PublishedCatalog.duckDb(
                """
                SELECT %s FROM read_csv('%s', columns =
                  {hip: 'INTEGER', ra: 'DOUBLE', dec: 'DOUBLE', vmag: 'FLOAT', bv: 'FLOAT'})
                WHERE vmag < 12 AND bv IS NOT NULL"""
                        .formatted(COLUMNS, csv));
    }
}
