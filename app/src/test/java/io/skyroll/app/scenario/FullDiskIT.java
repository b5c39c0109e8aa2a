package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skyroll.app.CommandRun;
import io.skyroll.app.TestDatabase;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.local.LocalStack;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that is full; mounting one takes root, on Linux. */
@Order(1)
@Timeout(400)
final class FullDiskIT {
    private static final String QUERY = "SELECT id, ra, dec, mag, name FROM %s";
    private static final int DISK_MIB = 250;

    private Path directory = Path.of("");
    private Path disk = Path.of("");

    @BeforeEach
    void mountDisk(@TempDir Path temporary) throws Exception {
        directory = temporary;
        disk = Files.createDirectories(directory.resolve("disk"));
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=%dm".formatted(DISK_MIB), "tmpfs", disk.toString()),
                "cannot mount a small tmpfs: that takes root");
    }

    @AfterEach
    void unmountDisk() throws InterruptedException {
        assertThat(command("umount", "-l", disk.toString())).isTrue();
    }

    @Test
    void aFullDiskIsSaidAndWhenThereIsRoomTheNextRunFinishes() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 60_000);
            Path file = pipeline(database, "catalog: {path: disk/out, pixel_threshold_rows: 10000}");
            leave(1);
            PublishedCatalog catalog = new PublishedCatalog(disk.resolve("out"));

            CommandRun full = CommandRun.of("run", "-q", file.toString());

            assertThat(full.err())
                    .startsWith("skyroll: cannot publish to %s: ".formatted(disk.resolve("out")))
                    .contains("No space left on device", "nothing is lost: free some space and start again")
                    .doesNotContain("\tat ");
            assertThat(full.code()).isEqualTo(75);
            assertThat(catalog.pointed()).isEmpty();

            makeRoom();
            CommandRun afterwards = CommandRun.of("run", file.toString());

            assertThat(afterwards.code()).as(afterwards.err()).isZero();
            assertThat(afterwards.err())
                    .contains(
                            "an earlier run's snapshot at ",
                            " is complete: publishing it, without reading the source again");
            assertShowsTheTable(catalog, connection);
        }
    }

    @Test
    void whereSpilledRowsFindNoRoomIsSaidAndSoIsTheirLimit() throws Exception {
        try (LocalStack servers = LocalStack.temporary();
                Connection connection = servers.database().connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 200_000);
            // Of several partitions, one that has its cut could be published, and make room for another.
            String elsewhere =
                    """
                    data_dir: disk/data
                    catalog: {path: out}
                    kafka: {bootstrap_servers: '%s', topic_partitions: 1}
                    registry: {url: '%s'}
                    """
                            .formatted(
                                    servers.kafka().bootstrapServers(),
                                    servers.registry().url());
            Path file = pipeline(servers.database(), elsewhere + "sink: {memory_bytes: 1048576, spill_bytes: 1048576}");

            CommandRun overLimit = CommandRun.of("run", "-q", file.toString());

            assertThat(overLimit.err())
                    .startsWith("skyroll: ")
                    .contains("stars.sky: ", "MB of unpublished rows are spilled to disk", "the limit is 1 MB")
                    .contains("set a larger sink.spill_bytes or start more sinks");
            assertThat(overLimit.code()).isEqualTo(2);

            pipeline(servers.database(), elsewhere + "sink: {memory_bytes: 1048576, spill_bytes: 100000000}");
            leave(1);
            CommandRun full = CommandRun.of("run", "-q", file.toString());

            assertThat(full.err())
                    .startsWith("skyroll: cannot publish to %s: cannot write spilled rows to %s"
                            .formatted(directory.resolve("out"), disk.resolve("data/spill")))
                    .contains("No space left on device", "Kafka still has them");
            assertThat(full.code()).isEqualTo(75);

            makeRoom();
            CommandRun afterwards = CommandRun.of("run", "-q", file.toString());

            assertThat(afterwards.code()).as(afterwards.err()).isZero();
            assertShowsTheTable(new PublishedCatalog(directory.resolve("out")), connection);
        }
    }

    @Test
    void aRunStopsInOrderBeforeTheEmbeddedBrokersDiskIsFull() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 300_000);
            String reserve =
                    "data_dir: disk/data\ncatalog: {path: out}\nkafka: {topic_partitions: 2, min_free_bytes: %d}";
            Path file = pipeline(database, reserve.formatted(100 << 20));
            leave(90);

            CommandRun refused = CommandRun.of("run", "-q", file.toString());

            assertThat(refused.err())
                    .startsWith("skyroll: the disk of data_dir %s has ".formatted(disk.resolve("data")))
                    .contains("MB free, and the embedded broker leaves 100 MB (kafka.min_free_bytes)")
                    .contains("nothing is lost: free some space, or move data_dir to a larger disk, and start again");
            assertThat(refused.code()).isEqualTo(75);
            assertThat(disk.resolve("data/kafka")).doesNotExist();

            pipeline(database, reserve.formatted(85 << 20));
            CommandRun stopped = CommandRun.of("run", "-q", file.toString());

            assertThat(stopped.err())
                    .startsWith("skyroll: the disk of data_dir %s has ".formatted(disk.resolve("data")))
                    .contains("the embedded broker leaves 85 MB");
            assertThat(stopped.code()).isEqualTo(75);

            makeRoom();
            CommandRun afterwards = CommandRun.of("run", "-q", file.toString());

            assertThat(afterwards.code()).as(afterwards.err()).isZero();
            assertShowsTheTable(new PublishedCatalog(directory.resolve("out")), connection);
        }
    }

    @Test
    void whenTheEmbeddedBrokersDiskIsFullTheLastLineSaysSo() throws Exception {
        try (EmbeddedDatabase database = TestDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 300_000);
            Path file = pipeline(
                    database,
                    "data_dir: disk/data\ncatalog: {path: out}\nkafka: {topic_partitions: 2, min_free_bytes: 0}");
            leave(8);

            try (SkyrollProcess run = SkyrollProcess.start(directory.resolve("run.log"), "run", file.toString())) {
                assertThat(run.ends(Duration.ofMinutes(2))).as(run.output()).isTrue();

                assertThat(run.output().lines().reduce((before, last) -> last).orElse(""))
                        .startsWith(
                                "skyroll: the embedded broker cannot write to data_dir %s any more (0 MB are free there)"
                                        .formatted(disk.resolve("data")))
                        .endsWith("free some space, or move data_dir to a larger disk, and start again");
                assertThat(run.exitCode()).isEqualTo(75);
            }

            makeRoom();
            CommandRun afterwards = CommandRun.of("run", "-q", file.toString());

            assertThat(afterwards.code()).as(afterwards.err()).isZero();
            assertShowsTheTable(new PublishedCatalog(directory.resolve("out")), connection);
        }
    }

    /** Fills the disk but for so many MiB. */
    private void leave(int mebibytes) throws IOException {
        byte[] filler = new byte[1 << 20];
        try (OutputStream output = Files.newOutputStream(disk.resolve("filler"))) {
            while (Files.getFileStore(disk).getUsableSpace() >> 20 > mebibytes) {
                output.write(filler);
            }
        }
    }

    private void makeRoom() throws IOException {
        Files.delete(disk.resolve("filler"));
    }

    private static void assertShowsTheTable(PublishedCatalog catalog, Connection connection) throws Exception {
        assertThat(catalog.query(QUERY.formatted("catalog")))
                .isEqualTo(PublishedCatalog.rows(connection, QUERY.formatted("public.stars")));
    }

    private Path pipeline(EmbeddedDatabase database, String rest) throws IOException {
        return Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: full
                source: {url: "%s", tables: [public.stars]}
                sky: {ra_column: ra, dec_column: dec}
                %s
                """
                        .formatted(SkyTable.url(database), rest));
    }

    private static boolean command(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
