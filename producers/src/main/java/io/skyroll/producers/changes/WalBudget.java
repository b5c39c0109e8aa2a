package io.skyroll.producers.changes;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How much of the server's log a replication slot may hold back.
 *
 * @param maxBytes with more than this the slot is given up; empty when only the server limits it
 * @param patience for so long it may be more without getting less: a backlog is read until then
 */
public record WalBudget(OptionalLong maxBytes, Duration patience) {
    /** What confirmed changes let go comes in steps of up to half a minute, between two of the server's notes of running transactions. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(1);

    /** So much is worth a warning where nothing limits it: eight times of what PostgreSQL keeps by itself. */
    static final long MUCH_BYTES = 8L << 30;

    public WalBudget {
        if (maxBytes.isPresent() && maxBytes.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "max_slot_wal_bytes must be above 0: %d".formatted(maxBytes.getAsLong()));
        }
    }

    /** No limit but the server's. */
    public static WalBudget ofServer() {
        return new WalBudget(OptionalLong.empty(), DEFAULT_PATIENCE);
    }

    /** Bytes that the log may grow by until the slot is given up, by us or by the server; empty when nothing limits that. Below 0 when it is too late. */
    public OptionalLong left(SlotState slot) {
        if (maxBytes.isEmpty()) {
            return slot.safeBytes();
        }
        long ours = maxBytes.getAsLong() - slot.retainedBytes();
        return OptionalLong.of(Math.min(ours, slot.safeBytes().orElse(Long.MAX_VALUE)));
    }

    /** Whether at least half of the budget is used; where nothing limits it, whether it is much. */
    public boolean isHalfUsed(SlotState slot) {
        return slot.retainedBytes() >= left(slot).orElse(MUCH_BYTES);
    }

    /** Whether the slot holds back more than our limit. */
    boolean isExceeded(SlotState slot) {
        return maxBytes.isPresent() && slot.retainedBytes() > maxBytes.getAsLong();
    }

    /** What a slot holds back, what limits that, and what is in its way, in words. */
    public String describe(String name, SlotState slot) {
        return "the server keeps %d MB of its log for the replication slot %s, %s. %s"
                .formatted(slot.retainedBytes() >> 20, name, limit(slot), cause(slot));
    }

    private String limit(SlotState slot) {
        OptionalLong left = left(slot);
        if (left.isEmpty()) {
            return "and nothing limits that (source.max_slot_wal_bytes, or max_slot_wal_keep_size of the server, would)";
        }
        boolean isOurs = maxBytes.isPresent() && left.getAsLong() == maxBytes.getAsLong() - slot.retainedBytes();
        return "%d MB are left of what %s allows"
                .formatted(
                        Math.max(0, left.getAsLong()) >> 20,
                        isOurs ? "source.max_slot_wal_bytes" : "the server's max_slot_wal_keep_size");
    }

    private static String cause(SlotState slot) {
        return slot.behindBytes() < slot.retainedBytes() / 2
                ? "What was committed is read; a transaction that has been open for long holds the log back: look for it in pg_stat_activity (xact_start)"
                : "%d MB of it are not written to Kafka yet: changes come faster than they are written, or have come while nobody read them"
                        .formatted(slot.behindBytes() >> 20);
    }
}
