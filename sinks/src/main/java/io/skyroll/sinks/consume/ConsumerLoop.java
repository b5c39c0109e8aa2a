package io.skyroll.sinks.consume;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.sinks.memtable.RowMemory;
import io.skyroll.sinks.publish.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the sky topic for the partitions that the consumer group gives this process. Where to read from is said by manifests, never by
 * the group's offsets; those are committed only so that lag can be seen.
 *
 * <p>Owned by the thread that calls {@link #run()}; only {@link #stop()} and {@link #partitions()} are for others.
 */
final class ConsumerLoop {
    private static final Logger log = LoggerFactory.getLogger(ConsumerLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final PartitionOpener opener;
    private final RecordReader reader;
    private final StageMeter meter;
    private final RowMemory memory;
    private final Map<Integer, OpenPartition> partitions = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private volatile boolean stopRequested;

    ConsumerLoop(
            Consumer<byte[], byte[]> consumer,
            String topic,
            PartitionOpener opener,
            RecordReader reader,
            StageMeter meter,
            RowMemory memory) {
        this.consumer = consumer;
        this.topic = topic;
        this.opener = opener;
        this.reader = reader;
        this.meter = meter;
        this.memory = memory;
    }

    /** The partitions that this process has now. */
    Collection<OpenPartition> partitions() {
        return partitions.values();
    }

    /** Ends {@link #run()} soon; for any thread. */
    void stop() {
        stopRequested = true;
        consumer.wakeup();
    }

    /** Reads until told to stop, then leaves the group. */
    void run() {
        consumer.subscribe(Set.of(topic), new Rebalances());
        try {
            while (!stopRequested) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    OpenPartition open = partitions.get(message.partition());
                    if (open != null) {
                        meter.addRowsIn(reader.read(message, open.intake()));
                    }
                }
                reopenOvertaken();
                showProgress();
                keepWithinLimits();
            }
        } catch (WakeupException expected) {
            if (!stopRequested) {
                throw expected;
            }
        } finally {
            partitions.keySet().forEach(this::giveUp);
            consumer.close();
        }
    }

    private void open(TopicPartition topicPartition) {
        int partition = topicPartition.partition();
        try {
            Optional<Manifest> base = opener.newestManifest(partition);
            long start = base.map(Manifest::restartOffset).orElse(0L);
            long first = consumer.beginningOffsets(Set.of(topicPartition)).getOrDefault(topicPartition, 0L);
            if (start < first) {
                throw SkyrollException.configuration(
                        "%s: reading must start at offset %d, but the topic starts at %d: rows are gone from Kafka; take a new snapshot and start again with --new-generation"
                                .formatted(topicPartition, start, first));
            }
            consumer.seek(topicPartition, start);
            giveUp(partition);
            partitions.put(partition, opener.open(partition, base));
            log.atInfo()
                    .addKeyValue("topic", topic)
                    .addKeyValue("partition", partition)
                    .addKeyValue("offset", start)
                    .log("partition assigned");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the newest manifest of %s".formatted(topicPartition), failure);
        }
    }

    private void reopenOvertaken() {
        for (OpenPartition open : partitions.values()) {
            if (open.isOvertaken()) {
                open(new TopicPartition(topic, open.partition()));
            }
        }
    }

    private void showProgress() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (OpenPartition open : partitions.values()) {
            TopicPartition topicPartition = new TopicPartition(topic, open.partition());
            long offset = open.publishedOffset();
            if (offset > committed.getOrDefault(topicPartition, 0L)) {
                committed.put(topicPartition, offset);
                offsets.put(topicPartition, new OffsetAndMetadata(offset));
            }
        }
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (done, failure) -> {
                if (failure != null) {
                    log.atDebug()
                            .addKeyValue("topic", topic)
                            .setCause(failure)
                            .log("offsets not committed, lag looks larger than it is");
                }
            });
        }
    }

    private void giveUp(int partition) {
        OpenPartition former = partitions.remove(partition);
        if (former != null) {
            former.giveUp();
        }
    }

    private void keepWithinLimits() {
        switch (memory.makeRoom()) {
            case ENOUGH -> consumer.resume(consumer.paused());
            case HELD_BY_MERGES -> consumer.pause(consumer.assignment());
            case DISK_FULL -> awaitDisk();
        }
    }

    /**
     * Pauses reading of partitions whose rows can be published first. The others read on, for a version needs all of them: one that
     * waits for a cut would hold up every other for ever. When this table has no aligned cut, others may have; else only a larger budget
     * helps.
     */
    private void awaitDisk() {
        if (partitions.values().stream().noneMatch(open -> open.intake().isPublishable())) {
            if (!memory.isAnyPublishable()) {
                throw SkyrollException.configuration(
                        "%s: %d MB of unpublished rows are spilled to disk and no cut has come to publish them at, the limit is %d MB: set a larger sink.spill_bytes or start more sinks"
                                .formatted(topic, memory.spilledBytes() >> 20, memory.spillBytes() >> 20));
            }
            consumer.pause(consumer.assignment());
            return;
        }
        Map<Boolean, List<TopicPartition>> byProgress = partitions.values().stream()
                .collect(Collectors.partitioningBy(
                        OpenPartition::canPublish,
                        Collectors.mapping(open -> new TopicPartition(topic, open.partition()), Collectors.toList())));
        consumer.pause(byProgress.getOrDefault(true, List.of()));
        consumer.resume(byProgress.getOrDefault(false, List.of()));
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            assigned.forEach(ConsumerLoop.this::open);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            // What is unpublished is dropped: Kafka still has it, and the next owner starts from the newest manifest.
            for (TopicPartition topicPartition : revoked) {
                giveUp(topicPartition.partition());
                committed.remove(topicPartition);
                log.atInfo()
                        .addKeyValue("topic", topic)
                        .addKeyValue("partition", topicPartition.partition())
                        .log("partition revoked");
            }
        }
    }
}
