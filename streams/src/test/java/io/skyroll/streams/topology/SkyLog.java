package io.skyroll.streams.topology;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.RecordHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what was committed to the sky topic and the rejects topic, and compares it with what forwarded cuts say. */
final class SkyLog implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Stars stars;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Long> rows = new ArrayList<>();
    private final List<Long> rejects = new ArrayList<>();
    private final Map<Flow, Long> rowsSinceControl = new HashMap<>();
    private final Map<Position, Set<Flow>> copies = new HashMap<>();
    private final List<String> miscounts = new ArrayList<>();
    private long rejectCount;

    SkyLog(String bootstrapServers, Stars stars) {
        this.stars = stars;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        UUID.randomUUID().toString(),
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        // New topics are noticed soon.
                        "metadata.max.age.ms",
                        500),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(Stars.TABLE.skyTopic(), Stars.TABLE.rejectsTopic()));
    }

    void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (record.topic().equals(Stars.TABLE.rejectsTopic())) {
                rejects.add((Long) ((GenericRecord) stars.decode(record.value())).get("id"));
            } else if (RecordHeaders.op(record.headers()).isControl()) {
                control(record.partition(), stars.control(record.value()));
            } else if (record.key() == null) {
                stars.batch(record.value()).forEach(row -> row(record.partition(), row));
            } else {
                row(record.partition(), (GenericRecord) stars.decode(record.value()));
            }
        }
    }

    private void row(int partition, GenericRecord row) {
        long id = (Long) row.get("id");
        rows.add(id);
        rowsSinceControl.merge(new Flow((int) (id % RowsLog.ID_STEP), partition), 1L, Long::sum);
    }

    private void control(int partition, Control control) {
        Flow flow = new Flow(control.upstream(), partition);
        Long counted = rowsSinceControl.remove(flow);
        if (control.rows() != (counted == null ? 0 : counted)) {
            miscounts.add("%s: %s says %d, counted %s".formatted(flow, control.position(), control.rows(), counted));
        }
        if (!copies.computeIfAbsent(control.position(), key -> new HashSet<>()).add(flow)) {
            miscounts.add("%s: %s is there twice".formatted(flow, control.position()));
        }
        if (partition == 0) {
            rejectCount += control.rejects().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** Whether each partition has a copy of the control record from each upstream partition. */
    boolean hasAllCopiesOf(Position position, int upstreams, int partitions) {
        return copies.getOrDefault(position, Set.of()).size() == upstreams * partitions;
    }

    boolean hasACopyOf(Position position) {
        return copies.containsKey(position);
    }

    /** How many records stand in the sky topic that are not committed. */
    long openRecords(int partitions) {
        return end(IsolationLevel.READ_UNCOMMITTED, partitions) - end(IsolationLevel.READ_COMMITTED, partitions);
    }

    private long end(IsolationLevel level, int partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            latest.put(new TopicPartition(Stars.TABLE.skyTopic(), partition), OffsetSpec.latest());
        }
        long sum = 0;
        try {
            for (ListOffsetsResult.ListOffsetsResultInfo end : admin.listOffsets(latest, new ListOffsetsOptions(level))
                    .all()
                    .get()
                    .values()) {
                sum += end.offset();
            }
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
        return sum;
    }

    /** Where the rows between two control records are not as many as the second one says. */
    List<String> miscounts() {
        return miscounts;
    }

    long rowCount() {
        return rows.size();
    }

    /** Ids of the rows in the sky topic. */
    List<Long> rows() {
        return rows;
    }

    /** Ids of the rows in the rejects topic. */
    List<Long> rejects() {
        return rejects;
    }

    /** Rejects that the control records tell of. */
    long rejectCount() {
        return rejectCount;
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }

    /** What goes from one partition of the rows topic to one of the sky topic. */
    private record Flow(int upstream, int partition) {}
}
