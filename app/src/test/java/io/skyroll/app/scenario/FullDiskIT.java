package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skyroll.app.CommandRun;
import io.skyroll.local.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that is full; mounting one takes root, on Linux. */
@Timeout(400)
final class FullDiskIT {
    private static final String QUERY = "SELECT id, ra, dec, mag, name FROM %s";
    private static final int FILLER_BYTES = 15 << 20;

    @Test
    void aFullDiskIsSaidAndWhenThereIsRoomTheNextRunFinishes(@TempDir Path directory) throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString()),
                "cannot mount a small tmpfs: that takes root");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 60_000);
            Path file = pipeline(directory, database);
            Files.write(disk.resolve("filler"), new byte[FILLER_BYTES]);
            PublishedCatalog catalog = new PublishedCatalog(disk.resolve("out"));

            CommandRun full = CommandRun.of("run", "-q", file.toString());

            assertThat(full.err())
                    .startsWith("skyroll: cannot publish to %s: ".formatted(disk.resolve("out")))
                    .contains("No space left on device", "nothing is lost: free some space and start again")
                    .doesNotContain("\tat ");
            assertThat(full.code()).isEqualTo(75);
            assertThat(catalog.pointed()).isEmpty();

            Files.delete(disk.resolve("filler"));
            CommandRun afterwards = CommandRun.of("run", file.toString());

            assertThat(afterwards.code()).as(afterwards.err()).isZero();
            assertThat(afterwards.err())
                    .contains(
                            "an earlier run's snapshot at ",
                            " is complete: publishing it, without reading the source again");
            assertThat(catalog.query(QUERY.formatted("catalog")))
                    .isEqualTo(PublishedCatalog.rows(connection, QUERY.formatted("public.stars")));
        } finally {
            assertThat(command("umount", "-l", disk.toString())).isTrue();
        }
    }

    private static Path pipeline(Path directory, EmbeddedDatabase database) throws IOException {
        return Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: full
                source: {url: "%s", tables: [public.stars]}
                sky: {ra_column: ra, dec_column: dec}
                catalog: {path: disk/out, pixel_threshold_rows: 10000}
                """
                        .formatted(SkyTable.url(database)));
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
