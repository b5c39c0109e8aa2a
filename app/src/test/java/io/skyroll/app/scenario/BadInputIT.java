package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import io.skyroll.local.LocalStack;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told when something is wrong with what the pipeline is given, and that nothing is lost by it. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputIT {
    private static final String QUERY = "SELECT id, ra, dec, mag, name FROM ";

    private final LocalStack servers = LocalStack.temporary();

    @BeforeAll
    void fillDatabase() throws Exception {
        try (Connection connection = servers.database().connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 2_000);
        }
        execute("CREATE ROLE stranger LOGIN REPLICATION", "CREATE ROLE secretive LOGIN PASSWORD 'right'");
    }

    @AfterAll
    void stopServers() {
        servers.close();
    }

    @Test
    void anUnreachableDatabaseIsNamed(@TempDir Path directory) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        CommandRun run = run(pipeline(directory, "postgresql://someone@localhost:%d/sky".formatted(port), "stars"));

        assertFailed(run, 75, "skyroll: the source database: ", "localhost:%d".formatted(port), "refused");
    }

    @Test
    void aWrongPasswordIsSaidAndNotShown(@TempDir Path directory) throws Exception {
        Path rules = Path.of(value("SHOW hba_file"));
        String before = Files.readString(rules);
        Files.writeString(rules, "host all secretive 127.0.0.1/32 scram-sha-256\n" + before);
        execute("SELECT pg_reload_conf()");
        try {
            CommandRun run = run(pipeline(directory, url().replaceFirst("//[^@]*@", "//secretive:hunter2@"), "stars"));

            assertFailed(run, 75, "password authentication failed for user \"secretive\"");
            assertThat(run.err()).doesNotContain("hunter2");
        } finally {
            Files.writeString(rules, before);
            execute("SELECT pg_reload_conf()");
        }
    }

    @Test
    void aMissingTableAndAMissingRightAreNamed(@TempDir Path directory) throws Exception {
        assertFailed(run(pipeline(directory, url(), "sters")), 2, "public.sters: no such table in this database");
        assertFailed(
                run(pipeline(directory, url().replaceFirst("//[^@]*@", "//stranger@"), "stars")),
                2,
                "public.stars: the role may not read it; GRANT SELECT ON \"public\".\"stars\"");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void anotherCatalogIsLeftAloneAndNamed(@TempDir Path directory) throws Exception {
        Path file = pipeline(directory, url(), "stars");
        Path out = Files.createDirectories(directory.resolve("out"));
        Files.writeString(out.resolve("collection.properties"), "obs_collection=gaia_dr3\n");

        CommandRun overForeign = run(file);

        assertFailed(
                overForeign,
                2,
                "%s holds a catalog that was not made by Skyroll (collection.properties)".formatted(out),
                "nothing was written");
        assertThat(files(directory)).isEqualTo(Set.of(file, out.resolve("collection.properties")));
        Files.delete(out.resolve("collection.properties"));
        assertThat(run(file).code()).isZero();
        Set<Path> published = files(out);
        Files.writeString(file, Files.readString(file).replace("pipeline: bad", "pipeline: other"));

        CommandRun overAnother = run(file);

        assertFailed(
                overAnother,
                2,
                "%s holds a catalog that is published from topic bad.public.stars.sky, of another pipeline or table"
                        .formatted(out));
        assertThat(files(out)).isEqualTo(published);
        assertThat(directory.resolve(".skyroll/other")).doesNotExist();
    }

    @Test
    void aSecondRunOfThePipelineIsToldOfTheFirst(@TempDir Path directory) throws Exception {
        Path file = pipeline(directory, url(), "stars");
        try (io.skyroll.local.EmbeddedKafka first =
                io.skyroll.local.EmbeddedKafka.start(directory.resolve(".skyroll/bad/kafka"))) {
            assertThat(first.bootstrapServers()).isNotEmpty();
            assertFailed(
                    run(file),
                    75,
                    "the embedded broker did not start: directory",
                    "is in use by this process: stop that first");
        }
        assertThat(run(file).code()).isZero();
    }

    @Test
    void topicsMadeAnewAreNoticedAndANewGenerationRecovers(@TempDir Path directory) throws Exception {
        Path file = withServers(pipeline(directory, url(), "stars"));
        assertThat(run(file).code()).isZero();
        PublishedCatalog catalog = new PublishedCatalog(directory.resolve("out"));
        String before = catalog.pointed();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            List<String> topics = admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith("bad."))
                    .toList();
            assertThat(topics).contains("bad.public.stars.sky");
            admin.deleteTopics(topics).all().get();
        }

        CommandRun over = run(file);

        assertFailed(
                over, 2, "bad.public.stars.sky", "its offsets mean something else: start again with --new-generation");
        assertThat(catalog.pointed()).isEqualTo(before);

        CommandRun anew = CommandRun.of("run", "-q", "--new-generation", file.toString());

        assertThat(anew.code()).as(anew.err()).isZero();
        assertThat(catalog.pointed()).isEqualTo("stars_g2_v000001");
        assertThat(catalog.query(QUERY + "catalog")).isEqualTo(rows());
    }

    @Test
    void valuesThatPoliciesChangeAreCountedByProduceAndByRun(@TempDir Path directory) throws Exception {
        execute(
                "CREATE TABLE moments (id int PRIMARY KEY, ra float8, dec float8, day date, price numeric(5,2), hour time)",
                """
                INSERT INTO moments VALUES (1, 10, 20, 'infinity', 'NaN', '24:00'), (2, 20, 30, '-infinity', 1, '12:00'),
                    (3, 30, 40, '2000-01-01', NULL, NULL), (4, 400, 95, 'infinity', 2, '24:00')""");
        Path file = withServers(pipeline(directory, url(), "moments"));
        Files.writeString(
                file, Files.readString(file) + "types: {infinity: 'null', numeric_nan: 'null', time_24: saturate}\n");

        CommandRun produced = CommandRun.of("produce", "-q", file.toString());
        CommandRun run = CommandRun.of("run", "-q", file.toString(), "--new-generation");

        assertThat(produced.code()).as(produced.err()).isZero();
        assertThat(produced.out().lines().skip(1))
                .containsExactly(
                        "public.moments: 3 value(s) changed by infinity",
                        "public.moments: 1 value(s) changed by numeric_nan",
                        "public.moments: 2 value(s) changed by time_24");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .containsSubsequence(
                        "  values changed                      6",
                        "    infinity                          3",
                        "    numeric_nan                       1",
                        "    time_24                           2",
                        "  rows out                            3");
        assertThat(new PublishedCatalog(directory.resolve("out")).query("SELECT id, day, price, hour FROM catalog"))
                .containsExactly("1|null|null|23:59:59.999999", "2|null|1.00|12:00", "3|2000-01-01|null|null");
    }

    /** Has the pipeline use servers that outlive a command. */
    private Path withServers(Path file) throws IOException {
        return Files.writeString(
                file,
                Files.readString(file)
                        + "kafka: {bootstrap_servers: '%s'}%nregistry: {url: '%s'}%n"
                                .formatted(
                                        servers.kafka().bootstrapServers(),
                                        servers.registry().url()));
    }

    private static CommandRun run(Path file) {
        return CommandRun.of("run", "-q", file.toString());
    }

    private static void assertFailed(CommandRun run, int code, String... messages) {
        assertThat(run.err()).contains(messages).startsWith("skyroll: ").doesNotContain("\tat ", "Caused by");
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
    }

    private String url() {
        return SkyTable.url(servers.database()).replace("localhost", "127.0.0.1");
    }

    private static Path pipeline(Path directory, String url, String table) throws IOException {
        return Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: bad
                source: {url: "%s", tables: [public.%s]}
                sky: {ra_column: ra, dec_column: dec}
                catalog: {path: out, pixel_threshold_rows: 1000}
                """
                        .formatted(url, table));
    }

    private static Set<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
    }

    private List<String> rows() throws SQLException {
        try (Connection connection = servers.database().connect()) {
            return PublishedCatalog.rows(connection, QUERY + "public.stars");
        }
    }

    private String value(String sql) throws SQLException {
        try (Connection connection = servers.database().connect()) {
            return PublishedCatalog.rows(connection, sql).get(0);
        }
    }

    private void execute(String... commands) throws SQLException {
        try (Connection connection = servers.database().connect();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }
}
