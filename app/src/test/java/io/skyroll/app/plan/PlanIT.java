package io.skyroll.app.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skyroll.app.CommandRun;
import io.skyroll.local.EmbeddedKafka;
import io.skyroll.local.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PlanIT {
    private static final String SOURCE =
            """
            pipeline: planned
            source:
              url: postgresql://%s@localhost:%d/postgres
              tables: [%s]
              chunk_bytes: 1048576
            sky: {ra_column: ra, dec_column: dec}
            filters: [{name: named, where: "name IS NOT NULL -- or else"}]
            catalog: {path: "out/{table}", pixel_threshold_rows: 500}
            """;

    @TempDir
    private Path directory = Path.of("");

    private final LocalStack servers = LocalStack.temporary();

    @BeforeAll
    void fillDatabase() throws SQLException {
        execute(
                "CREATE TABLE stars (id bigint PRIMARY KEY, ra double precision NOT NULL, dec real, mag numeric(6,3), name text, seen timestamptz)",
                """
                INSERT INTO stars SELECT i, 360 * (i * 0.7548776662466927::float8 - floor(i * 0.7548776662466927::float8)),
                  degrees(asin(2 * (i * 0.5698402909980532::float8 - floor(i * 0.5698402909980532::float8)) - 1)),
                  10, CASE WHEN i % 5 > 0 THEN 'row ' || i END, now() FROM generate_series(1, 20000) i""",
                "CREATE TABLE big (ra float8, dec float8, name text, track point[])",
                "ALTER TABLE big REPLICA IDENTITY FULL",
                "INSERT INTO big SELECT ra, dec, name FROM stars, generate_series(1, 15)",
                "ANALYZE big",
                "CREATE ROLE stranger LOGIN");
    }

    @BeforeEach
    void noOutput() throws IOException {
        assertThat(files()).isEmpty();
    }

    @AfterAll
    void stopServers() {
        servers.close();
    }

    @Test
    void saysExactlyWhatARunOfASmallTableDoesAndWritesNothing() throws Exception {
        Path file = pipeline(SOURCE, "public.stars");
        List<String> before = state();

        CommandRun plan = CommandRun.of("plan", file.toString());
        CommandRun json = CommandRun.of("plan", "--json", file.toString());

        assertThat(plan.err()).isEmpty();
        assertThat(plan.code()).isZero();
        assertThat(state()).isEqualTo(before);
        assertThat(files()).containsExactly(file);
        assertThat(plan.out())
                .containsPattern("source +PostgreSQL [0-9.]+.*, as ")
                .containsPattern("rows +20,000, of which 16,000 would be published")
                .containsPattern("key +id\\R")
                .containsPattern("replica identity +default")
                .containsPattern("collection +" + directory.resolve("out/stars") + " \\(new\\)")
                .containsPattern("ra +float64 not null +double +double\\R")
                .containsPattern("dec +float32 +float +float\\R")
                .containsPattern("mag +decimal\\(6,3\\) +bytes \\(decimal\\) +int32 \\(DECIMAL\\(6,3\\)\\)\\R")
                .containsPattern(
                        "seen +timestamp_utc +long \\(timestamp-micros\\) +int64 \\(TIMESTAMP\\(MICROS,true\\)\\)\\R")
                .containsPattern("log \\(WAL\\) +a temporary replication slot");
        JsonNode table = new JsonMapper().readTree(json.out()).path("tables").path(0);
        assertThat(table.path("published").asLong()).isEqualTo(16_000);

        CommandRun run = CommandRun.of("run", "-q", file.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("rows out +16,000\\R")
                .containsPattern("leaves +%,d\\R"
                        .formatted(table.path("leaves").path("count").asInt()));
        assertThat(CommandRun.of("plan", file.toString()).out())
                .containsPattern("out/stars \\(continues generation 1 after version 1 of generation 1, the source at ");
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(java.util.Comparator.reverseOrder())
                    .filter(path -> !path.equals(directory))
                    .forEach(path -> path.toFile().delete());
        }
    }

    @Test
    void saysHowManyFilesADatasetHasAndWhatFoldersCannotBe() throws Exception {
        Path file = pipeline(
                SOURCE.replace("pixel_threshold_rows: 500", "type: parquet, folders: [year(seen)]"), "public.stars");
        CommandRun plan = CommandRun.of("plan", file.toString());
        assertThat(plan.err()).isEmpty();
        assertThat(plan.out())
                .containsPattern("files +about 12 or more, by how many values there are of year\\(seen\\)\\R");

        Files.writeString(file, Files.readString(file).replace("year(seen)", "ra"));
        CommandRun wrong = CommandRun.of("plan", file.toString());
        assertThat(wrong.code()).isNotZero();
        assertThat(wrong.out() + wrong.err())
                .contains("catalog.folders: ra: expected a boolean, integer, text, date or uuid column, found float64");
    }

    @Test
    void estimatesALargeTableFromASample() throws Exception {
        Path file = pipeline(SOURCE.replace("500}", "30000}"), "public.big");

        CommandRun plan = CommandRun.of("plan", "--json", file.toString());

        assertThat(plan.code()).as(plan.err()).isZero();
        JsonNode table = new JsonMapper().readTree(plan.out()).path("tables").path(0);
        assertThat(table.path("isExact").asBoolean()).isFalse();
        assertThat(table.path("rows").asLong()).isBetween(290_000L, 310_000L);
        assertThat(table.path("published").asDouble()).isBetween(0.75 * 300_000, 0.85 * 300_000);
        // 240,000 rows evenly on the sky are 20,000 in each of the twelve largest cells.
        assertThat(table.path("leaves").path("count").asInt()).isEqualTo(12);
        assertThat(table.path("leaves").path("highestOrder").asInt()).isLessThanOrEqualTo(1);
        assertThat(table.path("chunks").asInt()).isGreaterThan(5);
        assertThat(table.path("replicaIdentity").asText()).isEqualTo("full");
        CommandRun text = CommandRun.of("plan", file.toString());
        assertThat(text.out())
                .contains("no primary key: append-only, identified by ctid")
                .contains("lists of records, as are track; types.nested: struct_of_lists makes nested frames of them")
                .contains("rows               about 300,000");
        Files.delete(file);
    }

    @Test
    void tellsAllThatIsInTheWayAtOnce() throws Exception {
        Path foreign = Files.createDirectories(directory.resolve("out/stars"));
        Files.writeString(foreign.resolve("hats.properties"), "obs_collection=gaia");
        Path file = pipeline(SOURCE.replace("name IS NOT NULL -- or else", "colour > 3"), "public.stars");

        CommandRun plan = CommandRun.of("plan", file.toString());

        assertThat(plan.code()).isEqualTo(2);
        assertThat(plan.err())
                .contains("has 2 problems:", "public.stars: filter 'named', line 1, column 1:", "colour")
                .contains("%s holds a catalog that was not made by Skyroll (hats.properties)"
                        .formatted(foreign.toUri().getPath().replaceFirst("/$", "")))
                .doesNotContain("\tat ");
        Files.delete(file);
        Files.delete(foreign.resolve("hats.properties"));
        Files.delete(foreign);
        Files.delete(foreign.getParent());
    }

    @Test
    void namesMissingPermissionsAndTables() throws Exception {
        Path file = pipeline(
                SOURCE.replace("postgresql://%s@", "postgresql://stranger@")
                        .replace("%d", "%2$d")
                        .replace("[%s]", "[%3$s]"),
                "public.stars, public.sters");

        CommandRun plan = CommandRun.of("plan", file.toString());

        assertThat(plan.code()).isEqualTo(2);
        assertThat(plan.err())
                .contains(
                        "public.stars: the role may not read it; GRANT SELECT ON",
                        "public.sters: no such table in this database",
                        "the role is neither a superuser nor may it replicate");
        Files.delete(file);
    }

    @Test
    void namesTransactionsThatASnapshotWouldWaitFor() throws Exception {
        Path file = pipeline(SOURCE, "public.stars");
        try (Connection connection = servers.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET application_name = 'slow import'");
            statement.execute("CREATE TEMPORARY TABLE t AS SELECT txid_current()");

            CommandRun plan = CommandRun.of("plan", file.toString());

            assertThat(plan.code()).isZero();
            assertThat(plan.err()).contains("a snapshot would wait for the transaction of", "(slow import), process");
        }
        Files.delete(file);
    }

    @Test
    void looksAtTheTopicsOfANamedClusterAndMakesNone() throws Exception {
        EmbeddedKafka kafka = servers.kafka();
        Path file = pipeline(
                SOURCE.replace(
                        "sky: {",
                        "kafka: {bootstrap_servers: '%s'}%nregistry: {url: '%s'}%nsky: {"
                                .formatted(
                                        kafka.bootstrapServers(),
                                        servers.registry().url())),
                "public.stars");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Set<String> before = admin.listTopics().names().get();

            assertThat(CommandRun.of("plan", file.toString()).code()).isZero();

            assertThat(admin.listTopics().names().get()).isEqualTo(before);
            admin.createTopics(List.of(new NewTopic("planned.public.stars.sky", 3, (short) 1)))
                    .all()
                    .get();
            assertThat(CommandRun.of("plan", file.toString()).err())
                    .contains(
                            "topic planned.public.stars.sky has 3 partitions, kafka.topic_partitions says 12: set it to 3");
            admin.deleteTopics(List.of("planned.public.stars.sky")).all().get();
        }
        Files.delete(file);
    }

    @Test
    void saysWhatFollowingChangesNeedsAndCosts() throws Exception {
        execute(
                "CREATE TABLE notes (id int PRIMARY KEY, ra float8, dec float8, name text, spectrum float4[])",
                "ALTER TABLE notes ALTER name SET STORAGE external",
                "INSERT INTO notes SELECT i, i, 0, repeat('x', 5000) FROM generate_series(1, 100) i",
                "ANALYZE notes");
        Path file = pipeline(SOURCE, "public.stars, public.notes, public.big");
        Files.writeString(
                file, Files.readString(file).replace("chunk_bytes:", "mode: snapshot_and_changes\n  chunk_bytes:"));

        CommandRun plan = CommandRun.of("plan", file.toString());

        assertThat(plan.code()).isEqualTo(2);
        assertThat(plan.out().lines())
                .anyMatch(line -> line.matches(
                        " +replica identity +default: changes tell the key only, so each row's place is remembered"))
                .anyMatch(
                        line -> line.matches(
                                " +replica identity +default: changes tell the key only, so each row's place is remembered, and its large values are kept"))
                .anyMatch(
                        line -> line.matches(" +disk +places of public.notes: at most \\d\\d\\d,\\d\\d\\d bytes in .*"))
                .anyMatch(line -> line.matches(" +disk +places of public.stars: at most 2,000,000 bytes in .*"))
                .anyMatch(
                        line -> line.matches(" +changes +the replication slot skyroll_planned stays in the server.*"));
        assertThat(plan.out() + plan.err())
                .contains("public.notes: it has values that are stored out of line (")
                .contains("ALTER TABLE \"public\".\"notes\" REPLICA IDENTITY FULL before it starts")
                .contains("they are kept in data_dir")
                .contains("public.notes: Debezium does not carry every value of column \"spectrum\" (float4[]) exactly")
                .contains("set source.change_engine: pgoutput")
                .contains("public.big: it has no primary key");

        Files.writeString(file, Files.readString(file).replace("snapshot_and_changes", "changes"));
        CommandRun changes = CommandRun.of("plan", file.toString());
        assertThat(changes.out() + changes.err())
                .contains("its rows are not read (mode: changes): the catalog begins empty")
                .contains("the first update of such a row stops the table")
                .containsPattern("disk +places of public.stars: at most 0 bytes");
        execute("DROP TABLE notes");
        Files.delete(file);
    }

    private Path pipeline(String form, String tables) throws IOException {
        return Files.writeString(
                directory.resolve("pipeline.yaml"),
                form.formatted(servers.database().user(), servers.database().port(), tables));
    }

    /** Whatever a command could leave in the database. */
    private List<String> state() throws SQLException {
        List<String> state = new ArrayList<>();
        try (Connection connection = servers.database().connect();
                Statement statement = connection.createStatement()) {
            for (String query : List.of(
                    "SELECT slot_name FROM pg_replication_slots",
                    "SELECT pubname FROM pg_publication",
                    "SELECT oid::text || relname || relfilenode FROM pg_class WHERE relpersistence = 'p' AND relnamespace <> 'pg_toast'::regnamespace ORDER BY 1",
                    "SELECT rolname FROM pg_roles ORDER BY 1",
                    "SELECT pg_current_xact_id_if_assigned()::text",
                    "SELECT relname || n_tup_ins || n_tup_upd || n_tup_del FROM pg_stat_user_tables ORDER BY 1",
                    "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'skyroll%'")) {
                try (ResultSet rows = statement.executeQuery(query)) {
                    while (rows.next()) {
                        state.add(rows.getString(1));
                    }
                }
            }
        }
        return state;
    }

    private void execute(String... commands) throws SQLException {
        try (Connection connection = servers.database().connect();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
