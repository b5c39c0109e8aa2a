package io.skyroll.sinks.memtable;

/** Unpublished rows that count against the budget of a process. Thread-safe. */
public interface SpillableRows {

    /** Memory that the rows hold, in bytes. */
    long heldBytes();

    /** Memory that {@link #spill} gives back, in bytes; 0 when there is nothing to spill. */
    long spillableBytes();

    /** Whether rows are frozen, and so cannot be spilled, until they are published soon, which takes no more reading. */
    boolean isFrozen();

    /** Whether rows can be published without reading on. */
    boolean isPublishable();

    /** Writes the largest part of the rows that is not frozen to disk, as a run. */
    void spill(RowOrders orders, SpillDirectory directory);
}
