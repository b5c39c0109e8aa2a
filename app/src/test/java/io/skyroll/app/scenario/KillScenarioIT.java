package io.skyroll.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code -Dkills=10} kills more often, {@code -Drows=1500000} gives a longer run, of which starting is a smaller part; {@code -Dseed=N} repeats
 * a run's moments.
 */
@Timeout(900)
final class KillScenarioIT {
    private static final int KILLS = Integer.getInteger("kills", 2);
    private static final int ROWS = Integer.getInteger("rows", 60_000);
    private static final long SEED = Long.getLong("seed", new Random().nextLong());

    @TempDir
    private Path directory = Path.of("");

    /** The database of a killed run outlives it until the next run. */
    @AfterEach
    void endDatabase() throws IOException {
        Path pidFile = directory.resolve("killed/_skyroll/demo/postgres/data/postmaster.pid");
        if (Files.exists(pidFile)) {
            ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0))).ifPresent(ProcessHandle::destroy);
        }
    }

    @Test
    void endsInTheSameCatalogHoweverOftenItIsKilled() throws Exception {
        long start = System.nanoTime();
        Map<String, String> undisturbed = finish("undisturbed");
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertThat(undisturbed).hasSizeGreaterThanOrEqualTo(12);

        List<String> journal = new ArrayList<>();
        for (long moment : moments(millis)) {
            try (SkyrollProcess run = demo("killed")) {
                boolean ended = run.ends(Duration.ofMillis(moment));
                run.kill();
                journal.add("%s after %d ms".formatted(ended ? "it had ended" : "killed", moment));
                assertThat(ended && run.exitCode() != 0)
                        .as("seed %d: %s%n%s", SEED, journal, run.output())
                        .isFalse();
            }
        }

        start = System.nanoTime();
        Map<String, String> afterwards = finish("killed");
        journal.add("finished in %d ms, undisturbed %d ms".formatted((System.nanoTime() - start) / 1_000_000, millis));
        assertThat(afterwards).as("seed %d: %s", SEED, journal).isEqualTo(undisturbed);
        Files.writeString(Path.of("target", "kill-scenario.txt"), "seed %d: %s%n".formatted(SEED, journal));
    }

    /** Spread over the run, in random order. */
    private static List<Long> moments(long millis) {
        Random random = new Random(SEED);
        List<Long> moments = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            moments.add((long) ((kill + random.nextDouble()) * millis / KILLS));
        }
        Collections.shuffle(moments, random);
        return moments;
    }

    private Map<String, String> finish(String name) throws Exception {
        CommandRun run = CommandRun.of(arguments(name));
        assertThat(run.code()).as("seed %d: %s%n%s", SEED, name, run.err()).isZero();
        return new PublishedCatalog(directory.resolve(name)).leaves();
    }

    private SkyrollProcess demo(String name) throws IOException {
        return SkyrollProcess.start(directory.resolve(name + ".log"), arguments(name));
    }

    private String[] arguments(String name) {
        String out = directory.resolve(name).toString();
        return new String[] {"demo", "--quiet", "--partitions", "4", "--rows", Integer.toString(ROWS), "--out", out};
    }
}
