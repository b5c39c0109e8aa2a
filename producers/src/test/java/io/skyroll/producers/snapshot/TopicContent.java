package io.skyroll.producers.snapshot;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.UnsentValues;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.WireFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of committed records finds in a rows topic, decoded by Avro's own reader.
 *
 * @param entries record by record, partition after partition
 */
public record TopicContent(List<Entry> entries) {

    /** One record; rows is empty unless it carries any. */
    public record Entry(
            int partition,
            Op op,
            Position position,
            Optional<GenericRecord> key,
            List<GenericRecord> rows,
            Optional<GenericRecord> before,
            List<Integer> unsent,
            Optional<Control> control,
            Optional<String> error) {}

    public static TopicContent read(String bootstrapServers, SchemaRegistry registry, String topic) throws IOException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                // At the end of each partition, the question after the next one's waits for a fetch.
                "fetch.max.wait.ms",
                20);
        List<Entry> entries = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                while (consumer.position(partition) < end) {
                    for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(100))) {
                        entries.add(entry(message, registry));
                    }
                }
            }
        }
        return new TopicContent(List.copyOf(entries));
    }

    private static Entry entry(ConsumerRecord<byte[], byte[]> message, SchemaRegistry registry) throws IOException {
        Op op = RecordHeaders.op(message.headers());
        List<GenericRecord> rows = new ArrayList<>();
        Optional<Control> control = Optional.empty();
        if (op.isControl()) {
            control =
                    Optional.of(Control.decode(message.value(), registry.schema(WireFormat.schemaId(message.value()))));
        } else if (message.value() != null) {
            Object decoded = decode(message.value(), registry);
            if (decoded instanceof List<?> batch) {
                batch.forEach(row -> rows.add((GenericRecord) row));
            } else {
                rows.add((GenericRecord) decoded);
            }
        }
        byte @Nullable [] key = message.key();
        @Nullable Header before = message.headers().lastHeader(RecordHeaders.BEFORE);
        return new Entry(
                message.partition(),
                op,
                RecordHeaders.position(message.headers()),
                key == null ? Optional.empty() : Optional.of((GenericRecord) decode(key, registry)),
                rows,
                before == null ? Optional.empty() : Optional.of((GenericRecord) decode(before.value(), registry)),
                RecordHeaders.bytes(message.headers(), RecordHeaders.UNSENT)
                        .map(UnsentValues::unpack)
                        .orElse(List.of()),
                control,
                RecordHeaders.text(message.headers(), RecordHeaders.ERROR));
    }

    private static Object decode(byte[] bytes, SchemaRegistry registry) throws IOException {
        Schema schema = registry.schema(WireFormat.schemaId(bytes));
        return new GenericDatumReader<>(schema)
                .read(
                        null,
                        DecoderFactory.get()
                                .binaryDecoder(
                                        bytes, WireFormat.PREFIX_BYTES, bytes.length - WireFormat.PREFIX_BYTES, null));
    }

    /** The rows of every record. */
    List<GenericRecord> rows() {
        return entries.stream().flatMap(entry -> entry.rows().stream()).toList();
    }

    /** The rows that are valid for a reader: of the given position. */
    List<GenericRecord> rows(Position position) {
        return entries.stream()
                .filter(entry -> entry.position().equals(position))
                .flatMap(entry -> entry.rows().stream())
                .toList();
    }

    public List<Entry> errors() {
        return entries.stream().filter(entry -> entry.error().isPresent()).toList();
    }

    public List<Entry> partition(int partition) {
        return entries.stream().filter(entry -> entry.partition() == partition).toList();
    }

    public List<Control> controls() {
        return entries.stream().flatMap(entry -> entry.control().stream()).toList();
    }
}
