package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.local.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
@Timeout(600)
final class ReplayIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void givesTheSameLeavesAgainAndThoseOfAnotherFileWithoutTheDatabase() throws Exception {
        Path file;
        Path smaller;
        Path elsewhere;
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 5_000);
            file = pipeline("replayed", database, 1000);
            succeed("run", file);
            SkyTable.extend(connection, "public.stars", 5_001, 8_000);
            succeed("run", file);
            smaller = pipeline("smaller", database, 300);
            succeed("run", smaller);
            elsewhere = pipeline("elsewhere", database, 300);
            changeFilterAndPlace(elsewhere);
            succeed("run", elsewhere);
        }
        PublishedCatalog catalog = new PublishedCatalog(directory.resolve("replayed/out"));
        assertThat(catalog.pointed()).isEqualTo("stars_g1_v000002");
        rollsBackWithoutASink(file, catalog);
        Map<String, String> leaves = catalog.leaves();

        succeed("replay", file, "--from-beginning");

        // Not a version of the first snapshot on the way, which would be older than what readers have.
        assertThat(catalog.pointed()).isEqualTo("stars_g2_v000001");
        assertThat(catalog.leaves()).isEqualTo(leaves);

        Files.writeString(
                file, Files.readString(file).replace("pixel_threshold_rows: 1000", "pixel_threshold_rows: 300"));
        succeed("replay", file, "--from-beginning");

        assertThat(catalog.pointed()).isEqualTo("stars_g3_v000001");
        assertThat(catalog.leaves())
                .isEqualTo(new PublishedCatalog(directory.resolve("smaller/out")).leaves())
                .isNotEqualTo(leaves);

        withStreamsResetItFiltersAndPlacesAnew(file, catalog, new PublishedCatalog(directory.resolve("elsewhere/out")));
    }

    private static void rollsBackWithoutASink(Path file, PublishedCatalog catalog) throws Exception {
        CommandRun back = CommandRun.of("rollback", file.toString(), "--to", "1");

        assertThat(back.code()).as(back.err()).isZero();
        assertThat(back.out()).contains("pinned to version 1");
        assertThat(catalog.pointed()).isEqualTo("stars_g1_v000001");
        assertThat(catalog.query("SELECT max(id) FROM catalog")).containsExactly("5000");

        CommandRun released = CommandRun.of("rollback", file.toString(), "--release");

        assertThat(released.code()).as(released.err()).isZero();
        assertThat(catalog.pointed()).isEqualTo("stars_g1_v000002");
    }

    private void withStreamsResetItFiltersAndPlacesAnew(Path file, PublishedCatalog catalog, PublishedCatalog wanted)
            throws Exception {
        changeFilterAndPlace(file);
        CommandRun refused = CommandRun.of("replay", "-q", file.toString(), "--from-beginning");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains(
                        "public.stars: rows were rejected by [named], which the file has no more",
                        "use 'skyroll run'",
                        "or 'skyroll replay --reset-streams'");
        assertThat(catalog.pointed()).isEqualTo("stars_g3_v000001");
        // A killed one leaves members behind, and any part of the reset undone.
        try (SkyrollProcess killed =
                SkyrollProcess.start(directory.resolve("killed.log"), "replay", file.toString(), "--reset-streams")) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> killed.output().contains("its sky and rejects topics are made anew"));
            killed.kill();
        }

        CommandRun replay = CommandRun.of("replay", file.toString(), "--reset-streams");

        assertThat(replay.code()).as(replay.err()).isZero();
        assertThat(replay.err()).contains("public.stars: its sky and rejects topics are made anew");
        assertThat(replay.out().lines())
                .anyMatch(line -> line.matches(" +rows in +8,000"))
                .anyMatch(line -> line.matches(" +bright +4,000"))
                .noneMatch(line -> line.contains("named"));
        assertThat(catalog.leaves()).isEqualTo(wanted.leaves()).isNotEmpty();

        String before = catalog.pointed();
        succeed("replay", file, "--from-beginning");

        assertThat(catalog.pointed()).isNotEqualTo(before);
        assertThat(catalog.leaves()).isEqualTo(wanted.leaves());
    }

    @Test
    void doesNotResetStreamsWhileAnotherProcessIsAtWork() throws Exception {
        try (LocalStack servers = LocalStack.temporary();
                Connection connection = servers.database().connect();
                Admin admin =
                        Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 1_000);
            Path file = pipeline("shared", servers.database(), 1000);
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace(
                                    "kafka: {",
                                    "registry: {url: '%s'}%nkafka: {bootstrap_servers: '%s', "
                                            .formatted(
                                                    servers.registry().url(),
                                                    servers.kafka().bootstrapServers())));
            succeed("run", file);
            PublishedCatalog catalog = new PublishedCatalog(directory.resolve("shared/out"));
            String group = "shared.public.stars.sky";
            Uuid topic = topicId(admin, group);
            changeFilterAndPlace(file);
            try (SkyrollProcess stream =
                    SkyrollProcess.start(directory.resolve("stream.log"), "stream", file.toString())) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> !members(admin, group).isEmpty());

                CommandRun refused = CommandRun.of("replay", "-q", file.toString(), "--reset-streams");

                assertThat(refused.err())
                        .startsWith(
                                "skyroll: public.stars: processes of the pipeline are at work, as members of " + group);
                assertThat(refused.code()).isEqualTo(75);
                assertThat(topicId(admin, group)).isEqualTo(topic);
                stream.interrupt();
                assertThat(stream.ends(Duration.ofMinutes(2))).isTrue();
            }

            CommandRun replay = CommandRun.of("replay", "-q", file.toString(), "--reset-streams");

            assertThat(replay.code()).as(replay.err()).isZero();
            assertThat(topicId(admin, group)).isNotEqualTo(topic);
            assertThat(catalog.pointed()).isEqualTo("stars_g2_v000001");
            assertThat(catalog.query("SELECT id, ra, dec, mag, name FROM catalog"))
                    .isEqualTo(PublishedCatalog.rows(
                            connection, "SELECT id, ra, dec, mag, name FROM public.stars WHERE mag < 15"));
        }
    }

    private static Uuid topicId(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .topicId();
    }

    private static Collection<MemberDescription> members(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get()
                .get(group)
                .members();
    }

    private static void changeFilterAndPlace(Path file) throws IOException {
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("{name: named, where: name IS NOT NULL}", "{name: bright, where: mag < 15}")
                        .replace("{ra_column: ra,", "{ra_column: mag,"));
    }

    @Test
    void saysThatThereIsNothingToReplay() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"))) {
            Path file = pipeline("empty", database, 1000);

            CommandRun replay = CommandRun.of("replay", "-q", file.toString(), "--from-beginning");

            assertThat(replay.code()).isEqualTo(2);
            assertThat(replay.err()).contains("public.stars: there is no whole snapshot in the topics");
            assertThat(directory.resolve("empty/out")).doesNotExist();
        }
    }

    private static void succeed(String command, Path file, String... options) {
        CommandRun run = options.length == 0
                ? CommandRun.of(command, "-q", file.toString())
                : CommandRun.of(command, "-q", options[0], file.toString());
        assertThat(run.code()).as(run.err()).isZero();
    }

    private Path pipeline(String name, EmbeddedDatabase database, int threshold) throws IOException {
        return Files.writeString(
                Files.createDirectories(directory.resolve(name)).resolve("pipeline.yaml"),
                """
                pipeline: %s
                source: {url: "%s", tables: [public.stars]}
                sky: {ra_column: ra, dec_column: dec}
                filters: [{name: named, where: name IS NOT NULL}]
                kafka: {topic_partitions: 2}
                catalog: {path: out, pixel_threshold_rows: %d}
                """
                        .formatted(name, SkyTable.url(database), threshold));
    }
}
