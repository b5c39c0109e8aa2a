package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.run.Stages;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.producers.libpq.ConnectionSettings;
import io.skyroll.producers.libpq.Surroundings;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.EveryType;
import io.skyroll.producers.postgres.PgText;
import io.skyroll.producers.snapshot.SnapshotOutlook;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way of every type: PostgreSQL, COPY, Avro, Parquet, DuckDB, and back to PostgreSQL for judgement. With {@code
 * -Dtest.keep=<directory>} the catalog stays there in {@code out}, with what the server prints in {@code server.csv}, for other readers:
 * see app/src/conformance.
 */
@Timeout(300)
final class TypesScenarioIT {
    private static final int ROWS = 200;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long SEED = Long.getLong("test.seed", 20260102);

    @Test
    @DisplayName("every value of every type is in the leaves as the server prints it")
    void everyValueOfEveryTypeIsPublished(@TempDir Path temporary) throws Exception {
        Path directory = Path.of(System.getProperty("test.keep", temporary.toString()));
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            EveryType everything = EveryType.create(connection);
            everything.fill(ROWS, new Random(SEED));
            Path file = Files.writeString(
                    directory.resolve("pipeline.yaml"),
                    """
                    pipeline: types
                    source: {url: "%s", tables: [public.%s]}
                    sky: {ra_column: ra, dec_column: dec}
                    kafka: {topic_partitions: 2}
                    catalog: {path: out, pixel_threshold_rows: 100, row_group_rows: 30, margin_threshold_arcsec: 0}
                    """
                            .formatted(SkyTable.url(database), EveryType.TABLE));

            everything.print(directory.resolve("server.csv"));

            CommandRun run = CommandRun.of("run", "-q", file.toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.code()).isZero();
            Map<String, Column> columns = columns(file);
            Map<String, Map<Long, @Nullable String>> found =
                    published(new PublishedCatalog(directory.resolve("out")), columns);
            for (String type : EveryType.types()) {
                ColumnType carried = columns.get(type).type();
                assertThat(found.get(type)).hasSize(ROWS);
                assertThat(everything.differences(type, carried, found.get(type)))
                        .as("seed %d, %s as %s", SEED, type, carried)
                        .isEmpty();
            }
        }
    }

    /** How the table's columns are carried, by the type that they have in PostgreSQL. */
    private static Map<String, Column> columns(Path file) {
        PipelineConfig config = ConfigLoader.load(file);
        Connections connections = ConnectionSettings.resolve(config.source().connection(), Surroundings.ofProcess());
        List<Column> columns = SnapshotOutlook.of(connections, Stages.requests(config), 1, CHUNK_BYTES)
                .tables()
                .get(0)
                .table()
                .rows()
                .columns();
        Map<String, Column> byType = new HashMap<>();
        for (int i = 0; i < EveryType.types().size(); i++) {
            byType.put(EveryType.types().get(i), columns.get(EveryType.FIRST_COLUMN + i));
        }
        return byType;
    }

    /** What DuckDB finds in the leaves, by type and row, as PostgreSQL would write it. */
    private static Map<String, Map<Long, @Nullable String>> published(
            PublishedCatalog catalog, Map<String, Column> columns) throws Exception {
        List<String> types = EveryType.types();
        String expressions = types.stream()
                .map(columns::get)
                .map(column -> DuckDbValues.json(column.name(), column.type()))
                .collect(Collectors.joining(", "));
        Map<String, Map<Long, @Nullable String>> found = new TreeMap<>();
        types.forEach(type -> found.put(type, new TreeMap<>()));
        try (Connection duckDb = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = duckDb.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT id, %s FROM %s".formatted(expressions, catalog.rows()))) {
            while (rows.next()) {
                for (int i = 0; i < types.size(); i++) {
                    Object value = DuckDbValues.value(rows.getString(i + 2));
                    found.get(types.get(i))
                            .put(
                                    rows.getLong(1),
                                    PgText.of(
                                            types.get(i),
                                            columns.get(types.get(i)).type(),
                                            value));
                }
            }
        }
        return found;
    }
}
