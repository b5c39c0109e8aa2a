package io.skyroll.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.changes.SlotState;
import io.skyroll.producers.changes.WalBudget;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @Test
    void stagesAndTheSlotAreReadThroughJmxUntilClosed() throws Exception {
        AtomicReference<Optional<SlotState>> seen = new AtomicReference<>(Optional.empty());
        ObjectName slot = new ObjectName("io.skyroll:type=Slot,pipeline=metered");
        ObjectName stage = new ObjectName("io.skyroll:type=Stage,pipeline=metered,stage=sink");
        try (Metrics metrics = new Metrics("metered")) {
            metrics.stage("sink", () -> 7, () -> 5);
            metrics.slot(seen::get, new WalBudget(OptionalLong.of(1_000), Duration.ZERO));

            assertThat(server.getAttribute(stage, "RowsIn")).isEqualTo(7L);
            assertThat(server.getAttribute(stage, "RowsOut")).isEqualTo(5L);
            assertThat(server.getAttribute(slot, "RetainedBytes")).isNull();

            seen.set(Optional.of(new SlotState("reserved", 1, Optional.empty(), 300, OptionalLong.empty(), 20)));

            assertThat(server.getAttribute(slot, "WalStatus")).isEqualTo("reserved");
            assertThat(server.getAttribute(slot, "RetainedBytes")).isEqualTo(300L);
            assertThat(server.getAttribute(slot, "BudgetLeftBytes")).isEqualTo(700L);
            assertThat(server.getAttribute(slot, "ConfirmedLagBytes")).isEqualTo(20L);
        }
        assertThat(server.queryNames(new ObjectName("io.skyroll:pipeline=metered,*"), null))
                .isEmpty();
    }

    @Test
    void theNewerOfTwoRunsOfAPipelineIsShown() throws Exception {
        ObjectName stage = new ObjectName("io.skyroll:type=Stage,pipeline=twice,stage=sink");
        try (Metrics older = new Metrics("twice");
                Metrics newer = new Metrics("twice")) {
            older.stage("sink", () -> 1, () -> 1);
            newer.stage("sink", () -> 2, () -> 2);

            assertThat(server.getAttribute(stage, "RowsIn")).isEqualTo(2L);
        }
        assertThat(server.isRegistered(stage)).isFalse();
    }
}
