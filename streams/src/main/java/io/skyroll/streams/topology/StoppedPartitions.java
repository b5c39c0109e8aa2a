package io.skyroll.streams.topology;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The partitions of this process that stand still until their table is read anew, and why. Thread-safe. */
final class StoppedPartitions {
    private final Map<Integer, String> byPartition = new ConcurrentHashMap<>();

    void add(int partition, String why) {
        byPartition.put(partition, why);
    }

    void remove(int partition) {
        byPartition.remove(partition);
    }

    /** Why one of them does; empty when none does. */
    Optional<String> why() {
        return byPartition.values().stream().findFirst();
    }
}
