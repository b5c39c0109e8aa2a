package io.skyroll.streams.topology;

import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Runs the processor of one task without Kafka, and shows what it hands on with the target partition, which a topology test driver,
 * whose topics have one partition, would hide.
 */
final class TaskRun {
    static final int PARTITION = 1;
    private static final long FIRST_OFFSET = 40;

    private final Stars stars;
    private final SkyProcessor processor;
    private final KeyValueStore<String, byte[]> store;
    private final KeyValueStore<Bytes, byte[]> places;
    private final MockProcessorContext<Destination, byte[]> context;
    final StageMeter meter = new StageMeter();
    private final StoppedPartitions stopped = new StoppedPartitions();
    private long offset = FIRST_OFFSET;

    TaskRun(SkyStreamSettings settings, SchemaRegistry registry, Stars stars) {
        this(settings, registry, stars, null);
    }

    private TaskRun(
            SkyStreamSettings settings,
            SchemaRegistry registry,
            Stars stars,
            @Nullable KeyValueStore<String, byte[]> kept) {
        this.stars = stars;
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        context = new MockProcessorContext<>(
                properties, new TaskId(0, PARTITION), settings.stateDir().toFile());
        if (kept == null) {
            store = Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(SkyTopology.STORE), Serdes.String(), Serdes.ByteArray())
                    .withLoggingDisabled()
                    .withCachingDisabled()
                    .build();
            store.init(context.getStateStoreContext(), store);
        } else {
            store = kept;
            context.addStateStore(store);
        }
        places = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(SkyTopology.PLACES), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        places.init(context.getStateStoreContext(), places);
        processor = new SkyProcessor(settings, registry, meter, stopped);
        processor.init(context);
    }

    /** Of how many rows something is remembered. */
    long remembered() {
        return places.approximateNumEntries();
    }

    /** Size of what is remembered of rows, without their keys. */
    long rememberedBytes() {
        long bytes = 0;
        try (KeyValueIterator<Bytes, byte[]> all = places.all()) {
            while (all.hasNext()) {
                bytes += all.next().value.length;
            }
        }
        return bytes;
    }

    /** Why the task stands still; empty while it does not. */
    Optional<String> stopped() {
        return stopped.why();
    }

    /** A new processor that finds what this one stored. */
    TaskRun restarted(SkyStreamSettings settings, SchemaRegistry registry) {
        return new TaskRun(settings, registry, stars, store);
    }

    List<Out> batch(Position position, GenericRecord... rows) {
        return feed(null, stars.batchValue(List.of(rows)), Stars.headers(Op.SNAPSHOT, position));
    }

    List<Out> row(Op op, Position position, GenericRecord row) {
        return feed(stars.keyValue((Long) row.get("id")), stars.rowValue(row), Stars.headers(op, position));
    }

    List<Out> cut(Position position, long rows) {
        return cut(position, Optional.empty(), rows);
    }

    List<Out> cut(Position position, Optional<Position> since, long rows) {
        return feed(null, stars.cutValue(position, since, rows), Stars.headers(Op.CUT, position));
    }

    List<Out> reset(Position position) {
        return feed(null, stars.resetValue(position), Stars.headers(Op.RESET, position));
    }

    /** Feeds a record and returns what it causes. */
    List<Out> feed(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        context.resetForwards();
        context.setRecordMetadata(Stars.TABLE.rowsTopic(), PARTITION, offset++);
        processor.process(new Record<>(key, value, 1234, headers));
        return context.forwarded().stream()
                .map(forward -> new Out(forward.childName().orElseThrow(), forward.record()))
                .toList();
    }

    /** A record that the processor handed on. */
    static final class Out {
        final String sink;
        final int partition;
        final byte[] key;
        final byte[] value;
        final Headers headers;

        private Out(String sink, Record<? extends Destination, ? extends byte[]> record) {
            this.sink = sink;
            this.partition = record.key().partition();
            this.key = Destination.SERIALIZER.serialize("any", record.key());
            this.value = record.value();
            this.headers = record.headers();
        }

        boolean isReject() {
            return sink.equals(SkyTopology.REJECTS);
        }

        String text(String header) {
            return RecordHeaders.text(headers, header).orElse("");
        }

        List<Long> cells() {
            ByteBuffer packed =
                    ByteBuffer.wrap(headers.lastHeader(RecordHeaders.HEALPIX).value());
            return LongStream.generate(packed::getLong)
                    .limit(packed.capacity() / Long.BYTES)
                    .boxed()
                    .toList();
        }

        Map<String, String> rejectHeaders() {
            Map<String, String> texts = new TreeMap<>();
            for (String name : List.of(
                    RecordHeaders.RULE,
                    RecordHeaders.ERROR,
                    RecordHeaders.STAGE,
                    RecordHeaders.TOPIC,
                    RecordHeaders.PARTITION,
                    RecordHeaders.OFFSET)) {
                RecordHeaders.text(headers, name).ifPresent(text -> texts.put(name, text));
            }
            return texts;
        }
    }
}
