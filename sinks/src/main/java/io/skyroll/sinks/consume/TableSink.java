package io.skyroll.sinks.consume;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Topics;
import io.skyroll.sinks.memtable.RowMemory;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.publish.Assembler;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Garbage;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Generations;
import io.skyroll.sinks.publish.Margins;
import io.skyroll.sinks.publish.PartitionPublisher;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes one table's catalog from its sky topic, together with all other processes that do so. One thread reads, some write files and
 * manifests, one commits and assembles versions; the first failure of any stops all and is kept for the owner.
 */
public final class TableSink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TableSink.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** A larger record comes all the same, alone. */
    private static final int PARTITION_FETCH_BYTES = 4 << 20;
    /** What is fetched is compressed, and is held besides the budget for unpublished rows. */
    private static final int FETCH_BYTES = 16 << 20;

    private static final int POLL_RECORDS = 100;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final SinkSettings settings;
    private final Store store;
    private final SchemaRegistry registry;
    private final RowMemory memory;
    private final StageMeter meter;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable Version> pointedTo = new AtomicReference<>();
    private final List<Runnable> stops = new ArrayList<>();
    private final ExecutorService threads;
    private volatile boolean stopRequested;

    /**
     * @param store the collection's directory
     * @param memory what unpublished rows count against, shared by all tables of the process
     * @param meter counts rows read from the sky topic
     */
    public TableSink(
            SinkSettings settings,
            Store store,
            SchemaRegistry registry,
            RowMemory memory,
            StageMeter meter,
            InstantSource clock) {
        this.settings = settings;
        this.store = store;
        this.registry = registry;
        this.memory = memory;
        this.meter = meter;
        this.clock = clock;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "sink-" + settings.table().escaped());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Joins the other sinks of the table.
     *
     * @param newGeneration begin a new generation instead of going on with the newest one
     */
    public void start(boolean newGeneration) throws IOException {
        Chain chain = new Chain(store);
        Generations generations = new Generations(chain);
        Generation wanted = describe();
        Generation generation = newGeneration ? generations.begin(wanted) : generations.open(wanted);
        Supplier<String> uniqueNames = () -> UUID.randomUUID().toString();
        Output output = settings.output();
        PartitionOpener opener = new PartitionOpener(
                chain,
                generation,
                output.writer(store, registry, uniqueNames),
                memory,
                new RegisteredOrders(registry, generation.topic()));
        ConsumerLoop loop = new ConsumerLoop(
                new KafkaConsumer<>(
                        consumerProperties(generation), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                generation.topic(),
                opener,
                new RecordReader(registry),
                meter,
                memory);
        Assembler assembler = assembler(output, store, settings.scratch(), chain, generation, clock);
        stops.add(loop::stop);
        spawn(() -> read(loop));
        for (int i = 0; i < settings.publishThreads(); i++) {
            spawn(() -> publish(loop));
        }
        spawn(() -> assemble(assembler));
    }

    /**
     * Has readers see the version that they are to see, where no sink may be at work: after a pin, or its release.
     *
     * @param output what the collection is
     * @param scratch a directory for files on their way; exists
     */
    public static void pointReaders(Output output, Store store, Path scratch, InstantSource clock) throws IOException {
        Chain chain = new Chain(store);
        Optional<Generation> generation = chain.newestGeneration();
        if (generation.isPresent()) {
            assembler(output, store, scratch, chain, generation.get(), clock).pointReaders();
        }
    }

    private static Assembler assembler(
            Output output, Store store, Path scratch, Chain chain, Generation generation, InstantSource clock) {
        return new Assembler(
                chain,
                generation,
                new Margins(chain, store, ParquetLeaves::new, () -> UUID.randomUUID()
                        .toString()),
                output.directory(store, scratch),
                new Garbage(chain, store, output.name(), output.retainedVersions()),
                clock,
                PATIENCE);
    }

    /** The version that readers were last seen to be pointed to. */
    public Optional<Version> pointedTo() {
        return Optional.ofNullable(pointedTo.get());
    }

    /** What made the sink stop, if anything did. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public void close() {
        stop();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.atWarn().addKeyValue("table", settings.table().qualified()).log("sink did not stop in time");
                threads.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        stopRequested = true;
        stops.forEach(Runnable::run);
    }

    private void read(ConsumerLoop loop) {
        loop.run();
    }

    private void publish(ConsumerLoop loop) throws IOException {
        while (!stopRequested) {
            for (OpenPartition partition : loop.partitions()) {
                if (partition.claim()) {
                    try {
                        while (partition.advance() == PartitionPublisher.Progress.WORKED && !stopRequested) {
                            // As far as it goes.
                        }
                    } finally {
                        partition.unclaim();
                    }
                }
            }
            pause();
        }
    }

    private void assemble(Assembler assembler) throws IOException {
        while (!stopRequested) {
            boolean worked = assembler.advance();
            assembler.pointedTo().ifPresent(pointedTo::set);
            if (!worked) {
                pause();
            }
        }
    }

    private void pause() {
        LockSupport.parkNanos(settings.pollInterval().toNanos());
    }

    private void spawn(Work work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (Throwable thrown) {
                if (stopRequested || !failure.compareAndSet(null, thrown)) {
                    log.atWarn()
                            .addKeyValue("table", settings.table().qualified())
                            .setCause(thrown)
                            .log("failure while the sink stops");
                }
                stop();
            }
        });
    }

    private Generation describe() {
        String topic = settings.table().skyTopic();
        Map<String, Object> properties = new HashMap<>(settings.clientProperties());
        properties.put("bootstrap.servers", settings.bootstrapServers());
        try (Admin admin = Admin.create(properties)) {
            Topics.ensureLog(admin, topic, settings.output().layout().partitions());
            return new Generation(
                    0,
                    topic,
                    Topics.describe(admin, topic).topicId().toString(),
                    admin.describeCluster().clusterId().get(),
                    settings.output().layout());
        } catch (ExecutionException failed) {
            throw SkyrollException.unavailable(
                    "cannot describe the cluster at %s".formatted(settings.bootstrapServers()), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw SkyrollException.unavailable("interrupted while describing the cluster", interrupted);
        }
    }

    private Map<String, Object> consumerProperties(Generation generation) {
        Map<String, Object> properties = new HashMap<>(settings.clientProperties());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, SinkSettings.group(settings.table(), generation.number()));
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 64 << 10);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        return properties;
    }

    /** The body of a thread. */
    private interface Work {
        void run() throws IOException;
    }
}
