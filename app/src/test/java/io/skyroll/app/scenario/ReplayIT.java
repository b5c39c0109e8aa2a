package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import io.skyroll.local.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class ReplayIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void givesTheSameLeavesAgainAndThoseOfAnotherLayoutWithoutTheDatabase() throws Exception {
        Path file;
        Path fresh;
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"));
                Connection connection = database.connect()) {
            SkyTable.create(connection, "public.stars", "ra", "dec", 5_000);
            file = pipeline("replayed", database, 1000);
            succeed("run", file);
            SkyTable.extend(connection, "public.stars", 5_001, 8_000);
            succeed("run", file);
            fresh = pipeline("fresh", database, 300);
            succeed("run", fresh);
        }
        PublishedCatalog catalog = new PublishedCatalog(directory.resolve("replayed/out"));
        assertThat(catalog.pointed()).isEqualTo("stars_g1_v000002");
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
                .isEqualTo(new PublishedCatalog(directory.resolve("fresh/out")).leaves())
                .isNotEqualTo(leaves);

        Files.writeString(file, Files.readString(file).replace("name: named", "name: other"));
        CommandRun refused = CommandRun.of("replay", "-q", file.toString(), "--from-beginning");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains(
                        "public.stars: rows were rejected by [named], which the file has no more", "use 'skyroll run'");
        assertThat(catalog.pointed()).isEqualTo("stars_g3_v000001");
    }

    @Test
    void saysThatThereIsNothingToReplay() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"))) {
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
                catalog: {path: out, pixel_threshold_rows: %d}
                """
                        .formatted(name, SkyTable.url(database), threshold));
    }
}
