package io.skyroll.streams.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * A record's partition and its key. It is the key inside the topology, because Kafka Streams shows a partitioner nothing but key and
 * value. Immutable.
 */
final class Destination {
    /** Sends each record to its partition. */
    static final StreamPartitioner<Destination, byte[]> PARTITIONER =
            (topic, destination, value, partitions) -> Optional.of(Set.of(destination.partition));

    /** Writes the key and leaves the partition out. */
    static final Serializer<Destination> SERIALIZER = (topic, destination) -> destination.key;

    private final int partition;
    private final byte @Nullable [] key;

    Destination(int partition, byte @Nullable [] key) {
        this.partition = partition;
        this.key = key;
    }

    int partition() {
        return partition;
    }

    byte @Nullable [] key() {
        return key;
    }
}
