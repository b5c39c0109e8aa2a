package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.changes.WalVerdict.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WalVerdictTest {
    private static final OptionalLong NONE = OptionalLong.empty();

    private long seconds;

    @Test
    void warnsOnceWhenHalfOfOurBudgetIsUsedAndAgainAfterItWasClearlyLess() {
        WalVerdict verdict = new WalVerdict(limit(100));

        assertThat(judge(verdict, keeps(49))).isEqualTo(Outcome.FINE);
        assertThat(judge(verdict, keeps(50))).isEqualTo(Outcome.WARN);
        assertThat(judge(verdict, keeps(60))).isEqualTo(Outcome.FINE);
        assertThat(judge(verdict, keeps(45))).isEqualTo(Outcome.FINE);
        assertThat(judge(verdict, keeps(55))).isEqualTo(Outcome.FINE);
        assertThat(judge(verdict, keeps(20))).isEqualTo(Outcome.FINE);
        assertThat(judge(verdict, keeps(55))).isEqualTo(Outcome.WARN);
    }

    @Test
    void theSmallerOfBothBudgetsCountsForTheWarning() {
        WalBudget budget = limit(100);

        assertThat(budget.left(keeps(30, 20))).hasValue(20);
        assertThat(budget.left(keeps(30, 90))).hasValue(70);
        assertThat(judge(new WalVerdict(budget), keeps(30, 20))).isEqualTo(Outcome.WARN);
        assertThat(judge(new WalVerdict(budget), keeps(30, 90))).isEqualTo(Outcome.FINE);
        assertThat(budget.describe("slot", keeps(30 << 20, 20 << 20)))
                .contains("0 MB are left of what source.max_slot_wal_bytes allows");
        assertThat(WalBudget.ofServer().describe("slot", keeps(30 << 20, 20 << 20)))
                .startsWith("the server keeps 30 MB of its log for the replication slot slot, 20 MB are left")
                .contains("the server's max_slot_wal_keep_size");
    }

    @Test
    void withoutALimitMuchIsWarnedOfAndNothingStops() {
        WalVerdict verdict = new WalVerdict(WalBudget.ofServer());

        assertThat(judge(verdict, keeps(WalBudget.MUCH_BYTES - 1))).isEqualTo(Outcome.FINE);
        assertThat(judge(verdict, keeps(WalBudget.MUCH_BYTES))).isEqualTo(Outcome.WARN);
        seconds += 3_600;
        assertThat(judge(verdict, keeps(100 * WalBudget.MUCH_BYTES))).isEqualTo(Outcome.FINE);
        assertThat(WalBudget.ofServer().left(keeps(1))).isEmpty();
        assertThat(WalBudget.ofServer().describe("slot", keeps(1))).contains("nothing limits that");
    }

    @Test
    void theServersLimitAloneNeverStops() {
        WalVerdict verdict = new WalVerdict(WalBudget.ofServer());

        // Unreserved: only the next checkpoint decides, and the slot may catch up until then.
        assertThat(judge(verdict, keeps(100, -5))).isEqualTo(Outcome.WARN);
        seconds += 3_600;
        assertThat(judge(verdict, keeps(100, -5))).isEqualTo(Outcome.FINE);
    }

    @Test
    void stopsOverTheLimitUnlessItGetsLess() {
        WalVerdict verdict = new WalVerdict(limit(100));

        assertThat(judge(verdict, keeps(300))).isEqualTo(Outcome.WARN);
        for (int left = 290; left > 200; left -= 10) {
            seconds += 50;
            assertThat(judge(verdict, keeps(left))).isEqualTo(Outcome.FINE);
        }
        seconds += 59;
        assertThat(judge(verdict, keeps(210))).isEqualTo(Outcome.FINE);
        seconds += 1;
        assertThat(judge(verdict, keeps(210))).isEqualTo(Outcome.STOP);
    }

    @Test
    void patienceBeginsAnewWhenItIsExceededAgain() {
        WalVerdict verdict = new WalVerdict(limit(100));

        assertThat(judge(verdict, keeps(101))).isEqualTo(Outcome.WARN);
        seconds += 59;
        assertThat(judge(verdict, keeps(100))).isEqualTo(Outcome.FINE);
        seconds += 59;
        assertThat(judge(verdict, keeps(150))).isEqualTo(Outcome.FINE);
        seconds += 60;
        assertThat(judge(verdict, keeps(150))).isEqualTo(Outcome.STOP);
    }

    @Test
    void refusesALimitOfNothing() {
        assertThatThrownBy(() -> limit(0)).hasMessage("max_slot_wal_bytes must be above 0: 0");
    }

    private Outcome judge(WalVerdict verdict, SlotState slot) {
        return verdict.judge(slot, Duration.ofSeconds(seconds));
    }

    private static WalBudget limit(long bytes) {
        return new WalBudget(OptionalLong.of(bytes), Duration.ofSeconds(60));
    }

    private static SlotState keeps(long bytes) {
        return new SlotState("reserved", 0, Optional.empty(), bytes, NONE, bytes);
    }

    private static SlotState keeps(long bytes, long safe) {
        return new SlotState("extended", 0, Optional.empty(), bytes, OptionalLong.of(safe), bytes);
    }
}
