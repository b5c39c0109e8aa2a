package io.skyroll.sinks.consume;

import io.skyroll.sinks.intake.PartitionIntake;
import io.skyroll.sinks.memtable.RowMemory;
import io.skyroll.sinks.memtable.RowOrders;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.PartitionPublisher;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A partition that this process reads and publishes. The consumer's thread fills the intake; whichever publishing thread has
 * claimed the partition drives the publisher.
 */
final class OpenPartition {
    private final int partition;
    private final PartitionIntake intake;
    private final PartitionPublisher publisher;
    private volatile long publishedOffset;
    private volatile boolean awaitsCut;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final AtomicBoolean overtaken = new AtomicBoolean();
    private final AtomicBoolean givenUp = new AtomicBoolean();
    private final RowMemory memory;

    /**
     * @param memory what the intake's rows count against
     * @param orders of its rows
     */
    OpenPartition(
            int partition, PartitionIntake intake, PartitionPublisher publisher, RowMemory memory, RowOrders orders) {
        this.partition = partition;
        this.intake = intake;
        this.publisher = publisher;
        this.memory = memory;
        memory.add(intake, orders);
    }

    int partition() {
        return partition;
    }

    PartitionIntake intake() {
        return intake;
    }

    /** Where reading would start again; known to the consumer's thread too, for showing lag. */
    long publishedOffset() {
        return publishedOffset;
    }

    /** Whether rows that are held can be published without reading on. */
    boolean canPublish() {
        return !awaitsCut && intake.newestAligned().isPresent();
    }

    /** Makes the publisher's next transition; for the thread that has claimed the partition. */
    PartitionPublisher.Progress advance() throws IOException {
        PartitionPublisher.Progress progress = publisher.advance();
        awaitsCut = publisher.awaitsCut();
        publishedOffset = publisher.base().map(Manifest::restartOffset).orElse(0L);
        if (progress == PartitionPublisher.Progress.OVERTAKEN) {
            overtaken.set(true);
        }
        return progress;
    }

    /** Takes the publisher for the calling thread, if no other has it. */
    boolean claim() {
        return !overtaken.get() && !givenUp.get() && claimed.compareAndSet(false, true);
    }

    void unclaim() {
        claimed.set(false);
        dropIfGivenUp();
    }

    /** Drops what is unpublished, once no publishing thread has the partition; nobody reads it any more. */
    void giveUp() {
        givenUp.set(true);
        dropIfGivenUp();
    }

    /** Whether others have gone on without this publisher, so that the partition must be opened anew. */
    boolean isOvertaken() {
        return overtaken.get();
    }

    private void dropIfGivenUp() {
        if (givenUp.get() && claimed.compareAndSet(false, true)) {
            intake.close();
            memory.remove(intake);
        }
    }
}
