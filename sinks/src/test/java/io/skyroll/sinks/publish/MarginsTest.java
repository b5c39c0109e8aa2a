package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarginsTest {
    private static final int ROUNDS = 8;

    @Test
    void marginsAreThoseOfTheRuleAndOfAFreshRunWhateverTheHistory() throws Exception {
        MarginHistory.Seen seen = new MarginHistory.Seen();
        long first = Long.getLong("test.seed", 1);
        for (long seed = first; seed < first + Integer.getInteger("histories", 60); seed++) {
            new MarginHistory(seed).run(ROUNDS, seen);
        }
        // Histories in which nothing happens would prove nothing.
        assertThat(seen.rows).isGreaterThan(5_000);
        assertThat(seen.rest).isGreaterThan(500);
        assertThat(seen.unchanged).isGreaterThan(500);
        assertThat(seen.written).isGreaterThan(500);
        assertThat(seen.empty).isPositive();
    }
}
