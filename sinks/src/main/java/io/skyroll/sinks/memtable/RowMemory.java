package io.skyroll.sinks.memtable;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The budget of a process for unpublished rows, of all its tables: so much memory, then so much disk. Over the first the largest parts are
 * spilled; what memory holds does not grow with the number of rows. Thread-safe.
 */
public final class RowMemory implements AutoCloseable {
    /** While merges hold memory, smaller parts than this share of the budget are not worth a run. */
    private static final int SMALLEST_SHARE = 100;

    private final long memoryBytes;
    private final long spillBytes;
    private final SpillDirectory directory;
    private final Map<SpillableRows, RowOrders> holders = new ConcurrentHashMap<>();

    /** What {@link #makeRoom} came to. */
    public enum Room {
        /** Reading can go on. */
        ENOUGH,
        /** Merges hold the memory: reading can go on when one has ended. */
        HELD_BY_MERGES,
        /** More is spilled than the budget allows: rows must be published first. */
        DISK_FULL
    }

    /**
     * @param memoryBytes how much memory unpublished rows may hold
     * @param spillBytes how much disk they may take besides
     * @param directory for spilled rows; closed with this
     */
    public RowMemory(long memoryBytes, long spillBytes, SpillDirectory directory) {
        this.memoryBytes = memoryBytes;
        this.spillBytes = spillBytes;
        this.directory = directory;
    }

    public long memoryBytes() {
        return memoryBytes;
    }

    public long spillBytes() {
        return spillBytes;
    }

    /** Disk that spilled rows take now, in bytes. */
    public long spilledBytes() {
        return directory.usedBytes();
    }

    /** Counts rows against the budget. */
    public void add(SpillableRows rows, RowOrders orders) {
        holders.put(rows, orders);
    }

    public void remove(SpillableRows rows) {
        holders.remove(rows);
    }

    /** Whether any rows can be published without reading on. */
    public boolean isAnyPublishable() {
        return holders.keySet().stream().anyMatch(SpillableRows::isPublishable);
    }

    /**
     * Spills what is over the budget. The disk's budget does not keep it from that: memory is scarcer, and those who may have to read on
     * to publish go over it by little.
     */
    public synchronized Room makeRoom() {
        while (heldBytes() > memoryBytes) {
            Map.Entry<SpillableRows, RowOrders> largest = holders.entrySet().stream()
                    .max(Comparator.comparingLong(entry -> entry.getKey().spillableBytes()))
                    .orElseThrow();
            long spillable = largest.getKey().spillableBytes();
            if (spillable == 0 || (spillable < memoryBytes / SMALLEST_SHARE && isAnyFrozen())) {
                return Room.HELD_BY_MERGES;
            }
            largest.getKey().spill(largest.getValue(), directory);
        }
        return directory.usedBytes() > spillBytes ? Room.DISK_FULL : Room.ENOUGH;
    }

    /** Deletes what is spilled. */
    @Override
    public void close() {
        directory.close();
    }

    private long heldBytes() {
        return holders.keySet().stream().mapToLong(SpillableRows::heldBytes).sum();
    }

    private boolean isAnyFrozen() {
        return holders.keySet().stream().anyMatch(SpillableRows::isFrozen);
    }
}
