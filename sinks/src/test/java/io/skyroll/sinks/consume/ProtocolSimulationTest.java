package io.skyroll.sinks.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.sinks.memtable.SpillDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtocolSimulationTest {
    private static final int STEPS = 1_500;
    private static final int MANY = 200;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void everyVersionIsATrueCutWhateverIsKilledDelayedOrDoubled() {
        int seeds = Integer.getInteger("simulation.seeds", 200);
        long first = Long.getLong("test.seed", 1);
        int versions = 0;
        int kills = 0;
        int repairs = 0;
        int dropping = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            try (SpillDirectory spilled = SpillDirectory.open(directory)) {
                ProtocolSimulation.Outcome outcome = new ProtocolSimulation(seed, spilled).run(STEPS);
                versions += outcome.versions();
                kills += outcome.kills();
                repairs += outcome.repairs();
                dropping += outcome.dropEmptySiblings() ? 1 : 0;
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("rerun with -Dtest.seed=%d -Dsimulation.seeds=1".formatted(seed), failure);
            }
        }
        // A simulation in which nothing happens would prove nothing.
        assertThat(versions).isGreaterThan(5 * seeds);
        assertThat(kills).isGreaterThan(seeds);
        if (seeds >= MANY) {
            assertThat(repairs).isGreaterThan(seeds / 10);
            assertThat(dropping).isBetween(1, seeds - 1);
        }
    }
}
