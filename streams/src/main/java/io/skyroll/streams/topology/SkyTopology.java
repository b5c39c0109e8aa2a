package io.skyroll.streams.topology;

import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.TableName;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The graph: rows topic, one processor with a store for its counts, sky topic and rejects topic. */
final class SkyTopology {
    static final String SKY = "sky";
    static final String REJECTS = "rejects";
    static final String STORE = "tally";
    static final String PLACES = "places";

    private static final String ROWS = "rows";
    private static final String PROCESSOR = "place";

    private SkyTopology() {}

    static Topology of(
            SkyStreamSettings settings, SchemaRegistry registry, StageMeter meter, StoppedPartitions stopped) {
        TableName table = settings.table();
        Topology topology = new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        ROWS,
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        table.rowsTopic())
                .addProcessor(PROCESSOR, () -> new SkyProcessor(settings, registry, meter, stopped), ROWS)
                .addStateStore(store(), PROCESSOR)
                .addSink(
                        SKY,
                        table.skyTopic(),
                        Destination.SERIALIZER,
                        new ByteArraySerializer(),
                        Destination.PARTITIONER,
                        PROCESSOR)
                .addSink(
                        REJECTS,
                        table.rejectsTopic(),
                        Destination.SERIALIZER,
                        new ByteArraySerializer(),
                        Destination.PARTITIONER,
                        PROCESSOR);
        return settings.followsChanges() ? topology.addStateStore(places(), PROCESSOR) : topology;
    }

    /** What is remembered of rows: as large as the table's keys and large values, so that it is on disk. */
    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> places() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(PLACES), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of())
                .withCachingDisabled();
    }

    /** Cached, so that the changelog gets one entry a commit and not one a record. */
    private static StoreBuilder<KeyValueStore<String, byte[]>> store() {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of())
                .withCachingEnabled();
    }

    /** The names that Kafka Streams gives to the topics behind the stores, if there are all of them. */
    static List<String> changelogTopics(String applicationId) {
        return Stream.of(STORE, PLACES)
                .map(store -> "%s-%s-changelog".formatted(applicationId, store))
                .toList();
    }
}
