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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class LimitsScenarioIT {
    private static final int ROWS_AT_ONE_PLACE = 100_000;
    /** The most that PostgreSQL lets a table have. */
    private static final int COLUMNS = 1_600;

    private static final int LARGE_BYTES = 50_000_000;

    @Test
    @DisplayName(
            "no row, one row, all rows at one place, a row of 50 MB and 1,600 columns are published; over the budget rows are spilled")
    void publishesTablesAtTheLimits(@TempDir Path directory) throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            createTables(connection);
            Path file = Files.writeString(
                    directory.resolve("pipeline.yaml"),
                    """
                    pipeline: limits
                    source:
                      url: %s
                      tables: [public.nothing, public.single, public.crowded, public.large, public.wide]
                    kafka: {topic_partitions: 2}
                    sky: {ra_column: ra, dec_column: dec}
                    catalog: {path: "out/{table}", pixel_threshold_rows: 1000, row_group_rows: 30000}
                    sink: {memory_bytes: 1048576}
                    """
                            .formatted(SkyTable.url(database)));

            CommandRun run = CommandRun.of("run", "--quiet", file.toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.code()).isZero();
            assertThat(catalog(directory, "nothing").properties()).containsEntry("hats_nrows", "0");
            assertSame(directory, connection, "single", "id, ra, dec");
            assertSame(directory, connection, "crowded", "count(*), sum(id), min(ra), max(dec)");
            assertThat(catalog(directory, "crowded").leaves()).hasSize(1);
            assertSame(directory, connection, "large", "id, length(content), md5(content)");
            assertSame(directory, connection, "wide", "*");
            assertThat(spilled(directory)).isEmpty();
        }
    }

    private static void createTables(Connection connection) throws Exception {
        String place = "id bigint PRIMARY KEY, ra double precision, dec double precision";
        String columns =
                IntStream.range(3, COLUMNS).mapToObj("c%d bool"::formatted).collect(Collectors.joining(", "));
        String values = IntStream.range(3, COLUMNS)
                .mapToObj(i -> i % 3 == 0 ? "NULL" : "true")
                .collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE nothing (%s)".formatted(place));
            statement.execute("CREATE TABLE single (%s)".formatted(place));
            statement.execute("INSERT INTO single VALUES (1, 10, -20)");
            statement.execute("CREATE TABLE crowded (%s)".formatted(place));
            statement.execute(
                    "INSERT INTO crowded SELECT i, 10, -20 FROM generate_series(1, %d) i".formatted(ROWS_AT_ONE_PLACE));
            statement.execute("CREATE TABLE large (%s, content text)".formatted(place));
            statement.execute("INSERT INTO large VALUES (1, 10, -20, repeat('0123456789', %d)), (2, 200, 30, 'small')"
                    .formatted(LARGE_BYTES / 10));
            statement.execute("CREATE TABLE wide (%s, %s)".formatted(place, columns));
            statement.execute("INSERT INTO wide SELECT i, i, -i, %s FROM generate_series(1, 50) i".formatted(values));
        }
    }

    private static PublishedCatalog catalog(Path directory, String table) {
        return new PublishedCatalog(directory.resolve("out").resolve(table));
    }

    private static void assertSame(Path directory, Connection connection, String table, String columns)
            throws Exception {
        String inCatalog = columns.equals("*") ? "* EXCLUDE (_healpix_29)" : columns;
        assertThat(catalog(directory, table).query("SELECT %s FROM catalog".formatted(inCatalog)))
                .isNotEmpty()
                .isEqualTo(PublishedCatalog.rows(connection, "SELECT %s FROM %s".formatted(columns, table)));
    }

    /** What is left of spilled rows. */
    private static List<Path> spilled(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory.resolve(".skyroll/limits/spill"))) {
            return files.filter(file -> file.toString().endsWith(".run")).toList();
        }
    }
}
