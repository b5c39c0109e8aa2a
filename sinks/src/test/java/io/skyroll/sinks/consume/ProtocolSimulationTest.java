package io.skyroll.sinks.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.sinks.memtable.SpillDirectory;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
class ProtocolSimulationTest {
    private static final int STEPS = 1_500;
    private static final int MANY = 200;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void everyVersionIsATrueCutWhateverIsKilledDelayedOrDoubled() {
        int seeds = Integer.getInteger("simulation.seeds", MANY);
        Seen seen = run(seeds, SimulatedHats::new);

        if (seeds >= MANY) {
            assertThat(seen.repairs).isGreaterThan(seeds / 10);
            assertThat(seen.dropping).isBetween(1, seeds - 1);
        }
    }

    @Test
    void soItIsForFilesInFoldersAndForSingleFiles() {
        int seeds = Integer.getInteger("simulation.seeds", MANY) / 8;
        Seen seen = run(seeds, SimulatedDataset::new);

        if (seeds >= MANY / 4) {
            assertThat(seen.repairs).isPositive();
        }
    }

    private Seen run(int seeds, BiFunction<Random, Integer, SimulatedOutput> kind) {
        long first = Long.getLong("test.seed", 1);
        Seen seen = new Seen();
        for (long seed = first; seed < first + seeds; seed++) {
            try (SpillDirectory spilled = SpillDirectory.open(directory)) {
                ProtocolSimulation.Outcome outcome = new ProtocolSimulation(seed, kind, spilled).run(STEPS);
                seen.versions += outcome.versions();
                seen.kills += outcome.kills();
                seen.repairs += outcome.repairs();
                seen.dropping += outcome.dropEmptySiblings() ? 1 : 0;
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("rerun with -Dtest.seed=%d -Dsimulation.seeds=8".formatted(seed), failure);
            }
        }
        // A simulation in which nothing happens would prove nothing.
        assertThat(seen.versions).isGreaterThan(5 * seeds);
        assertThat(seen.kills).isGreaterThan(seeds);
        return seen;
    }

    private static final class Seen {
        private int versions;
        private int kills;
        private int repairs;
        private int dropping;
    }
}
