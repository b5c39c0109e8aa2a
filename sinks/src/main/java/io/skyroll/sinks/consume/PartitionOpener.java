package io.skyroll.sinks.consume;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.intake.PartitionIntake;
import io.skyroll.sinks.memtable.RowMemory;
import io.skyroll.sinks.memtable.RowOrders;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.ManifestWriter;
import io.skyroll.sinks.publish.PartitionPublisher;
import io.skyroll.sinks.publish.Version;
import java.io.IOException;
import java.util.Optional;

/** Finds where a partition was left: one manifest says it all. Immutable, usable by any thread. */
public final class PartitionOpener {
    private final Chain chain;
    private final Generation generation;
    private final ManifestWriter writer;
    private final RowMemory memory;
    private final RowOrders orders;

    /**
     * @param memory what unpublished rows count against
     * @param orders of the table's rows
     */
    public PartitionOpener(
            Chain chain, Generation generation, ManifestWriter writer, RowMemory memory, RowOrders orders) {
        this.chain = chain;
        this.generation = generation;
        this.writer = writer;
        this.memory = memory;
        this.orders = orders;
    }

    /** The newest manifest of a partition: that of the newest committed version, or of the step after it. */
    public Optional<Manifest> newestManifest(int partition) throws IOException {
        while (true) {
            Optional<Version> committed = chain.newestVersion(generation.number());
            long number = committed.map(Version::number).orElse(0L);
            Optional<Manifest> ahead = chain.manifest(generation.number(), number + 1, partition);
            if (ahead.isPresent()) {
                return ahead;
            }
            Optional<Manifest> manifest =
                    number == 0 ? Optional.empty() : chain.manifest(generation.number(), number, partition);
            if (manifest.isPresent() || number == 0) {
                return manifest;
            }
            if (chain.newestVersion(generation.number()).equals(committed)) {
                throw SkyrollException.defect(
                        "version %d of generation %d is committed, but partition %d has no manifest for it: restore it from a backup, or start again with --new-generation"
                                .formatted(number, generation.number(), partition));
            }
        }
    }

    /** The intake and the publisher that go on from a manifest. */
    OpenPartition open(int partition, Optional<Manifest> base) {
        PartitionIntake intake = new PartitionIntake(
                "%s-%d".formatted(generation.topic(), partition),
                base.map(Manifest::cut).orElse(Position.ORIGIN),
                base.map(Manifest::restartOffset).orElse(0L));
        PartitionPublisher publisher = new PartitionPublisher(chain, generation, partition, base, intake, writer);
        return new OpenPartition(partition, intake, publisher, memory, orders);
    }
}
