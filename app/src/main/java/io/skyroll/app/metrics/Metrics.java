package io.skyroll.app.metrics;

import io.skyroll.producers.changes.SlotState;
import io.skyroll.producers.changes.WalBudget;
import io.skyroll.schemas.failure.SkyrollException;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a pipeline does in this process as MBeans {@code io.skyroll:type=...,pipeline=...}, beside those of Kafka's clients, until
 * closed. Owned by one thread; the beans are read by others.
 */
public final class Metrics implements AutoCloseable {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Deque<ObjectName> names = new ArrayDeque<>();
    private final String pipeline;

    /** @param pipeline its name, which has letters, digits, underscores and hyphens only */
    public Metrics(String pipeline) {
        this.pipeline = pipeline;
    }

    /**
     * Shows a stage.
     *
     * @param rowsIn reads how many rows it has taken in; thread-safe
     * @param rowsOut reads how many it has handed on; thread-safe
     */
    public void stage(String stage, LongSupplier rowsIn, LongSupplier rowsOut) {
        register("io.skyroll:type=Stage,pipeline=%s,stage=%s".formatted(pipeline, stage), new Stage(rowsIn, rowsOut));
    }

    /**
     * Shows the replication slot.
     *
     * @param slot what was last seen of it; thread-safe
     */
    public void slot(Supplier<Optional<SlotState>> slot, WalBudget budget) {
        register("io.skyroll:type=Slot,pipeline=" + pipeline, new Slot(slot, budget));
    }

    private void register(String text, Object bean) {
        try {
            ObjectName name = new ObjectName(text);
            if (server.isRegistered(name)) {
                // Of two runs of one pipeline in a process, as tests have them, the newer one is shown.
                server.unregisterMBean(name);
            }
            server.registerMBean(bean, name);
            names.push(name);
        } catch (JMException refused) {
            throw SkyrollException.defect("cannot show %s".formatted(text), refused);
        }
    }

    @Override
    public void close() {
        while (!names.isEmpty()) {
            ObjectName name = names.pop();
            try {
                if (server.isRegistered(name)) {
                    server.unregisterMBean(name);
                }
            } catch (JMException refused) {
                throw SkyrollException.defect("cannot withdraw %s".formatted(name), refused);
            }
        }
    }

    private record Stage(LongSupplier rowsIn, LongSupplier rowsOut) implements StageMXBean {
        @Override
        public long getRowsIn() {
            return rowsIn.getAsLong();
        }

        @Override
        public long getRowsOut() {
            return rowsOut.getAsLong();
        }
    }

    private record Slot(Supplier<Optional<SlotState>> newest, WalBudget budget) implements SlotMXBean {
        @Override
        public @Nullable String getWalStatus() {
            return newest.get().map(SlotState::walStatus).orElse(null);
        }

        @Override
        public @Nullable Long getRetainedBytes() {
            return number(slot -> OptionalLong.of(slot.retainedBytes()));
        }

        @Override
        public @Nullable Long getBudgetLeftBytes() {
            return number(budget::left);
        }

        @Override
        public @Nullable Long getConfirmedLagBytes() {
            return number(slot -> OptionalLong.of(slot.behindBytes()));
        }

        private @Nullable Long number(Function<SlotState, OptionalLong> of) {
            OptionalLong value = newest.get().map(of).orElse(OptionalLong.empty());
            return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
        }
    }
}
