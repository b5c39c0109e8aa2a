package io.skyroll.sinks.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.sinks.consume.SimulatedSource.Written;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.memtable.RowMemory;
import io.skyroll.sinks.memtable.RowOrders;
import io.skyroll.sinks.memtable.SpillDirectory;
import io.skyroll.sinks.memtable.SpillableRows;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Generations;
import io.skyroll.sinks.publish.LeafManifestWriter;
import io.skyroll.sinks.publish.SkyLayout;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the loop reads, and what it leaves for later, when the budget is used up. Nobody publishes here. */
@Timeout(60)
class ConsumerLoopTest {
    private static final String TOPIC = "sim.sky";
    private static final TopicPartition NORTH = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SOUTH = new TopicPartition(TOPIC, 1);
    private static final Set<TopicPartition> BOTH = Set.of(NORTH, SOUTH);
    /** Less than a row, so that all are spilled; more than no row. */
    private static final long NO_MEMORY = 1;

    private static final long MUCH = 1L << 40;

    @TempDir
    private Path parent = Path.of("");

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<Written> written = new ArrayList<>();
    private Optional<RowMemory> opened = Optional.empty();
    private long offset;

    @AfterEach
    void close() {
        opened.ifPresent(RowMemory::close);
    }

    @Test
    void readsOnWhileThereIsRoom() throws IOException {
        ConsumerLoop loop = loop(memory(MUCH, MUCH));

        run(loop, () -> add(NORTH), () -> assertThat(consumer.paused()).isEmpty());

        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void waitsForMergesThatHoldTheMemoryAndReadsOnAfterwards() throws IOException {
        RowMemory memory = memory(1000, MUCH);
        ConsumerLoop loop = loop(memory);
        Merge merge = new Merge(2000, false);

        run(
                loop,
                () -> memory.add(merge, none()),
                () -> assertThat(consumer.paused()).isEqualTo(BOTH),
                () -> assertThat(consumer.paused()).isEqualTo(BOTH),
                () -> memory.remove(merge),
                () -> assertThat(consumer.paused()).isEmpty());
    }

    @Test
    void whenTheDiskIsUsedUpOnlyPartitionsThatAwaitACutReadOn() throws IOException {
        RowMemory memory = memory(NO_MEMORY, 0);
        ConsumerLoop loop = loop(memory);

        run(
                loop,
                () -> {
                    add(NORTH);
                    addCut(NORTH);
                    add(SOUTH);
                },
                () -> assertThat(consumer.paused()).containsExactly(NORTH),
                () -> addCut(SOUTH),
                () -> assertThat(consumer.paused()).isEqualTo(BOTH));

        assertThat(memory.spilledBytes()).as("what was given up").isZero();
    }

    @Test
    void whenOnlyOtherTablesCanPublishThisOneWaits() throws IOException {
        RowMemory memory = memory(NO_MEMORY, 0);
        ConsumerLoop loop = loop(memory);
        Merge other = new Merge(0, true);

        run(
                loop,
                () -> {
                    memory.add(other, none());
                    add(NORTH);
                },
                () -> assertThat(consumer.paused()).isEqualTo(BOTH));
    }

    @Test
    void whenNobodyCanPublishTheLimitIsNamed() throws IOException {
        ConsumerLoop loop = loop(memory(NO_MEMORY, 0));

        assertThatThrownBy(() -> run(loop, () -> add(NORTH), () -> {
                    throw new AssertionError("it read on");
                }))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("sim.sky: ")
                .hasMessageContaining("no cut has come to publish them at, the limit is 0 MB")
                .hasMessageContaining("set a larger sink.spill_bytes or start more sinks");

        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void rowsThatAreGoneFromKafkaAreNotPassedOver() throws IOException {
        ConsumerLoop loop = loop(memory(MUCH, MUCH));
        consumer.updateBeginningOffsets(Map.of(NORTH, 7L, SOUTH, 0L));

        assertThatThrownBy(() -> run(loop))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("reading must start at offset 0, but the topic starts at 7");
    }

    private RowMemory memory(long memoryBytes, long spillBytes) {
        RowMemory memory = new RowMemory(memoryBytes, spillBytes, SpillDirectory.open(parent));
        opened = Optional.of(memory);
        return memory;
    }

    private ConsumerLoop loop(RowMemory memory) throws IOException {
        SimulatedSource source = new SimulatedSource(new Random(1), new SkyPartitions(0, 2), 1);
        for (int i = 0; i < 20; i++) {
            source.change();
        }
        source.cut();
        while (!source.isDrained()) {
            written.addAll(source.poll(0));
        }
        consumer.updateBeginningOffsets(Map.of(NORTH, 0L, SOUTH, 0L));
        Chain chain = new Chain(new InMemoryStore());
        Generation generation = new Generations(chain)
                .open(new Generation(0, TOPIC, "topic", "cluster", new SkyLayout(2, 0, 3, 5, true, 2, 0)));
        FixedRegistry registry = new FixedRegistry();
        LeafManifestWriter writer =
                new LeafManifestWriter(new InMemoryStore(), registry, schema -> new PlainLeaves(), () -> "name");
        PartitionOpener opener =
                new PartitionOpener(chain, generation, writer, memory, new RegisteredOrders(registry, TOPIC));
        return new ConsumerLoop(consumer, TOPIC, opener, new RecordReader(registry), new StageMeter(), memory);
    }

    /** Has the loop poll for each step, which sees what the loop did after the one before, and stop then. */
    private void run(ConsumerLoop loop, Runnable... steps) {
        consumer.schedulePollTask(() -> consumer.rebalance(BOTH));
        for (Runnable step : steps) {
            consumer.schedulePollTask(step);
        }
        consumer.schedulePollTask(loop::stop);
        loop.run();
    }

    /** Adds the rows of a partition. */
    private void add(TopicPartition partition) {
        written.stream().filter(record -> !isCut(record)).forEach(record -> add(partition, record));
    }

    /** Adds the cut that ends them. */
    private void addCut(TopicPartition partition) {
        written.stream().filter(ConsumerLoopTest::isCut).forEach(record -> add(partition, record));
    }

    private static boolean isCut(Written record) {
        return RecordHeaders.op(record.headers()) == Op.CUT;
    }

    private void add(TopicPartition partition, Written record) {
        if (record.partition() == partition.partition()) {
            consumer.addRecord(new ConsumerRecord<>(
                    TOPIC,
                    partition.partition(),
                    offset++,
                    0,
                    TimestampType.LOG_APPEND_TIME,
                    0,
                    0,
                    record.key(),
                    record.value(),
                    record.headers(),
                    Optional.empty()));
        }
    }

    private static RowOrders none() {
        return ids -> {
            throw new AssertionError("nothing of it can be spilled");
        };
    }

    /** Another table's rows, which are being merged. */
    private record Merge(long heldBytes, boolean isPublishable) implements SpillableRows {

        @Override
        public long spillableBytes() {
            return 0;
        }

        @Override
        public boolean isFrozen() {
            return true;
        }

        @Override
        public void spill(RowOrders orders, SpillDirectory directory) {
            throw new AssertionError("nothing of it can be spilled");
        }
    }
}
