package io.skyroll.sinks.consume;

import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.sinks.intake.PartitionIntake;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.memtable.RowMemory;
import io.skyroll.sinks.publish.Assembler;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Garbage;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.Margins;
import io.skyroll.sinks.storage.MortalStore;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A sink process without threads and Kafka: the scheduler says what it does next. */
final class SimulatedSink {
    private static final int RETAINED = 2;

    private final MortalStore store;
    private final PartitionOpener opener;
    private final Assembler assembler;
    private final RecordReader reader;
    private final RowMemory memory;
    private final Map<Integer, OpenPartition> partitions = new HashMap<>();
    private final Map<Integer, Integer> nextIndex = new HashMap<>();

    SimulatedSink(
            Store shared,
            Generation generation,
            SchemaRegistry registry,
            SimulatedOutput output,
            String catalog,
            InstantSource clock,
            Supplier<String> names,
            RowMemory memory,
            Runnable holdUp) {
        this.memory = memory;
        store = new MortalStore(shared, holdUp);
        Chain chain = new Chain(store);
        opener = new PartitionOpener(
                chain,
                generation,
                output.writer(store, registry, names),
                memory,
                new RegisteredOrders(registry, generation.topic()));
        reader = new RecordReader(registry);
        assembler = new Assembler(
                chain,
                generation,
                new Margins(chain, store, schema -> new PlainLeaves(), names),
                output.directory(store),
                new Garbage(chain, store, catalog, RETAINED),
                clock,
                Duration.ofSeconds(5));
    }

    MortalStore store() {
        return store;
    }

    List<Integer> partitions() {
        return new ArrayList<>(partitions.keySet());
    }

    /** Takes a partition over, as after a rebalance. */
    void assign(int partition, List<ConsumerRecord<byte[], byte[]>> log) throws IOException {
        Optional<Manifest> base = opener.newestManifest(partition);
        long start = base.map(Manifest::restartOffset).orElse(0L);
        int index = 0;
        while (index < log.size() && log.get(index).offset() < start) {
            index++;
        }
        revoke(partition);
        partitions.put(partition, opener.open(partition, base));
        nextIndex.put(partition, index);
    }

    void revoke(int partition) {
        OpenPartition former = partitions.remove(partition);
        if (former != null) {
            former.giveUp();
        }
    }

    /** Loses everything, as a process that is killed. */
    void die() {
        List.copyOf(partitions.keySet()).forEach(this::revoke);
    }

    /** Reads a few records of a partition. */
    void read(int partition, List<ConsumerRecord<byte[], byte[]>> log, int most) {
        int index = nextIndex.getOrDefault(partition, 0);
        PartitionIntake intake = open(partition).intake();
        for (int end = Math.min(log.size(), index + most); index < end; index++) {
            reader.read(log.get(index), intake);
        }
        memory.makeRoom();
        nextIndex.put(partition, index);
    }

    /** Makes one transition of a partition's publisher; opens the partition anew when it was overtaken. */
    void publish(int partition, List<ConsumerRecord<byte[], byte[]>> log) throws IOException {
        OpenPartition open = open(partition);
        if (!open.claim()) {
            throw new IllegalStateException("partition %d has two publishers".formatted(partition));
        }
        try {
            open.advance();
        } finally {
            open.unclaim();
        }
        if (open.isOvertaken()) {
            assign(partition, log);
        }
    }

    private OpenPartition open(int partition) {
        return Objects.requireNonNull(partitions.get(partition));
    }

    /** What it points readers to may be old until this returns. */
    void assemble() throws IOException {
        store.forgetPointer();
        assembler.advance();
        store.forgetPointer();
    }
}
