package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyroll.app.CommandRun;
import io.skyroll.local.LocalStack;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each stage in a process of its own, over servers outside. */
@Order(1)
@Timeout(400)
final class SeparateProcessesScenarioIT {
    private static final int PARTITIONS = 12;
    private static final int ROWS = 30_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Of a process that SIGTERM has ended. */
    private static final int TERMINATED = 128 + 15;

    private static final TableName TABLE = new TableName("apart", "public", "stars");
    private static final String QUERY = "SELECT id, ra, dec, mag, name FROM %s";
    /** Differs when rows do, as a rule. */
    private static final String SUMS = "SELECT count(*), sum(id), sum((mag * 10)::int), sum(floor(ra)::bigint) FROM %s";

    @TempDir
    private Path directory = Path.of("");

    private final LocalStack servers = LocalStack.temporary();
    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()));

    @BeforeEach
    void fillDatabase() throws Exception {
        try (Connection connection = servers.database().connect()) {
            SkyTable.create(connection, TABLE.qualified(), "ra", "dec", ROWS);
        }
    }

    @AfterEach
    void stopServers() {
        admin.close();
        servers.close();
    }

    @Test
    void twoSinksShareTheWorkAndOneFinishesItWhenTheOtherIsKilledThenChangesAreFollowed() throws Exception {
        Path file = pipelineFile("following", "mode: snapshot_and_changes, freshness_secs: 1, change_engine: pgoutput");
        // The stages behind the producer do not mind how the topics came to their rows.
        Path once = pipelineFile("once", "mode: snapshot");
        PublishedCatalog catalog = new PublishedCatalog(directory.resolve("out"));
        try (SkyrollProcess stream = SkyrollProcess.start(directory.resolve("stream.log"), "stream", file.toString())) {
            await().atMost(PATIENCE)
                    .until(() -> admin.listTopics().names().get().contains(TABLE.skyTopic()));
            try (SkyrollProcess survivor = sink(file, "survivor");
                    SkyrollProcess victim = sink(file, "victim")) {
                await().atMost(PATIENCE)
                        .until(this::shares, shares -> shares.equals(List.of(PARTITIONS / 2, PARTITIONS / 2)));

                CommandRun first = CommandRun.of("produce", once.toString());

                assertThat(first.code()).as(first.err()).isZero();
                assertThat(first.out()).matches("public\\.stars: snapshot at \\S+ written\\R");
                awaitVersion(1, catalog, stream, survivor, victim);
                assertShowsTheTable(catalog);

                try (Connection connection = servers.database().connect()) {
                    SkyTable.extend(connection, TABLE.qualified(), ROWS + 1, 2 * ROWS);
                }
                execute("DELETE FROM %s WHERE id %% 5 = 0");
                long before = skyRecords();
                CompletableFuture<CommandRun> second =
                        CompletableFuture.supplyAsync(() -> CommandRun.of("produce", once.toString()));
                await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> skyRecords() > before);
                victim.kill();
                assertThat(catalog.newestVersion()).map(Version::number).hasValue(1L);

                assertThat(second.get().code()).as(second.get().err()).isZero();
                awaitVersion(2, catalog, stream, survivor);
                assertThat(shares()).isEqualTo(List.of(PARTITIONS));
                assertShowsTheTable(catalog);
                CommandRun status = CommandRun.of("status", once.toString());
                assertThat(status.code()).as(status.out() + status.err()).isZero();
                assertThat(status.out())
                        .containsPattern("stream +[0-9,]+ records of apart.public.stars.rows to read")
                        .containsPattern("sink +[0-9,]+ records of apart.public.stars.sky to read");
                assertThat(directory.resolve("survivor.log"))
                        .content()
                        .contains("readers see version 1, the source at", "readers see version 2, the source at");
                followsChangesAcrossAKillAndEndsWhenTold(file, catalog, stream, survivor);
            }
        }
    }

    private void followsChangesAcrossAKillAndEndsWhenTold(
            Path file, PublishedCatalog catalog, SkyrollProcess stream, SkyrollProcess sink) throws Exception {
        try (SkyrollProcess victim = produce(file, "victim-producer")) {
            execute("UPDATE %s SET mag = mag + 1 WHERE id %% 4 = 0");
            awaitPresent(catalog, stream, sink, victim);
            execute("DELETE FROM %s WHERE id %% 9 = 0", "UPDATE %s SET ra = 359 - ra WHERE id %% 7 = 0");
            victim.kill();
        }
        execute("INSERT INTO %1$s SELECT id + 1000000, dec + 90, dec, mag, name FROM %1$s WHERE id %% 8 = 1");
        try (SkyrollProcess producer = produce(file, "producer")) {
            awaitPresent(catalog, stream, sink, producer);
            execute("UPDATE %s SET name = NULL WHERE id %% 5 = 1");
            CommandRun verified =
                    CommandRun.of("verify", directory.resolve("out").toString(), "--source", file.toString());
            assertThat(verified.out()).as(verified.err()).containsPattern("public.stars at .*: equal");
            for (SkyrollProcess process : List.of(producer, stream, sink)) {
                process.terminate();
                assertThat(process.ends(PATIENCE)).as(process.output()).isTrue();
                assertThat(process.exitCode()).as(process.output()).isEqualTo(TERMINATED);
                assertThat(process.output()).doesNotContain("ERROR");
            }
            assertThat(producer.output()).contains("skyroll: interrupted; nothing is lost");
            // It has left its group, where a killed one would be missed for some seconds.
            assertThat(shares()).isEmpty();
        }
    }

    private SkyrollProcess produce(Path file, String name) throws IOException {
        return SkyrollProcess.start(directory.resolve(name + ".log"), "produce", file.toString());
    }

    private void execute(String... commands) throws Exception {
        try (Connection connection = servers.database().connect();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command.formatted(TABLE.qualified()));
            }
        }
    }

    /** Awaits that readers see the table as it is now, by all that is cheap to tell. */
    private void awaitPresent(PublishedCatalog catalog, SkyrollProcess... running) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            assertAlive(running);
            return catalog.query(SUMS.formatted("catalog")).equals(present(SUMS));
        });
    }

    private static void assertAlive(SkyrollProcess... running) throws IOException {
        for (SkyrollProcess process : running) {
            assertThat(process.isAlive()).as(process.output()).isTrue();
        }
    }

    private SkyrollProcess sink(Path file, String name) throws IOException {
        return SkyrollProcess.start(directory.resolve(name + ".log"), "sink", file.toString());
    }

    /** @param mode keys of the source that say what is read */
    private Path pipelineFile(String name, String mode) throws IOException {
        return Files.writeString(
                directory.resolve(name + ".yaml"),
                """
                pipeline: apart
                source: {url: "%s", tables: [public.stars], chunk_bytes: 1048576, %s}
                kafka:
                  bootstrap_servers: %s
                  topic_partitions: %d
                  properties: {session.timeout.ms: 6000, heartbeat.interval.ms: 1000}
                registry: {url: "%s"}
                sky: {ra_column: ra, dec_column: dec}
                filters: [{name: named, where: name IS NOT NULL}]
                catalog: {path: out, pixel_threshold_rows: 1000}
                """
                        .formatted(
                                SkyTable.url(servers.database()),
                                mode,
                                servers.kafka().bootstrapServers(),
                                PARTITIONS,
                                servers.registry().url()));
    }

    /** How many partitions each member of the sinks' group has, in ascending order. */
    private List<Integer> shares() throws InterruptedException, ExecutionException {
        String group = TABLE.escaped() + ".sink.g1";
        try {
            Collection<MemberDescription> members = admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .get(group)
                    .members();
            return members.stream()
                    .map(member -> member.assignment().topicPartitions().size())
                    .sorted()
                    .toList();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw failed;
        }
    }

    /** How many records, markers included, the sky topic has. */
    private long skyRecords() throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TABLE.skyTopic(), partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    private static void awaitVersion(long number, PublishedCatalog catalog, SkyrollProcess... running) {
        await().atMost(PATIENCE).until(() -> {
            assertAlive(running);
            return catalog.pointed().equals("stars_g1_v%06d".formatted(number));
        });
    }

    private void assertShowsTheTable(PublishedCatalog catalog) throws Exception {
        assertThat(catalog.query(QUERY.formatted("catalog"))).isEqualTo(present(QUERY));
    }

    private List<String> present(String query) throws Exception {
        try (Connection connection = servers.database().connect()) {
            return PublishedCatalog.rows(connection, query.formatted(TABLE.qualified()) + " WHERE name IS NOT NULL");
        }
    }
}
