package io.skyroll.producers.publish;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline's producers have done so far, as the progress topic tells it. Immutable.
 *
 * @param tables by table, the snapshot that was started last; tables without one are absent
 * @param changes how far changes are followed; empty when they never were
 */
public record ProducerProgress(Map<TableName, SnapshotProgress> tables, Optional<ChangeProgress> changes) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALL_LIMIT = Duration.ofSeconds(60);

    public ProducerProgress {
        tables = Map.copyOf(tables);
    }

    /**
     * Reads the progress topic up to its present end.
     *
     * @throws SkyrollException when Kafka or the registry does not answer
     */
    public static ProducerProgress read(KafkaAccess kafka, SchemaRegistry registry, String pipeline) {
        TopicPartition progress = new TopicPartition(TableName.progressTopic(pipeline), 0);
        try (Admin admin = kafka.admin()) {
            if (!exists(admin, progress.topic())) {
                return new ProducerProgress(Map.of(), Optional.empty());
            }
        }
        Map<TableName, SnapshotProgress> tables = new HashMap<>();
        AtomicReference<@Nullable ChangeProgress> changes = new AtomicReference<>();
        try (Consumer<byte[], byte[]> consumer = kafka.consumer()) {
            consumer.assign(List.of(progress));
            consumer.seekToBeginning(List.of(progress));
            // For a consumer of committed records this is where the oldest open transaction starts. What it hides is
            // rows of a run whose start stands before it.
            long end = consumer.endOffsets(List.of(progress)).getOrDefault(progress, 0L);
            long deadline = System.nanoTime() + STALL_LIMIT.toNanos();
            while (consumer.position(progress) < end) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    add(message, registry, pipeline, tables, changes);
                }
                if (System.nanoTime() > deadline) {
                    throw SkyrollException.unavailable(
                            "%s could not be read up to offset %d in %d s"
                                    .formatted(progress, end, STALL_LIMIT.toSeconds()),
                            new IllegalStateException("at offset " + consumer.position(progress)));
                }
            }
        } catch (InterruptException interrupted) {
            throw interrupted;
        } catch (KafkaException failure) {
            throw SkyrollException.unavailable("cannot read %s: %s".formatted(progress, failure.getMessage()), failure);
        }
        return new ProducerProgress(tables, Optional.ofNullable(changes.get()));
    }

    private static void add(
            ConsumerRecord<byte[], byte[]> message,
            SchemaRegistry registry,
            String pipeline,
            Map<TableName, SnapshotProgress> tables,
            AtomicReference<@Nullable ChangeProgress> changes) {
        GenericRecord key = WireFormat.decode(
                message.key(), registry.schema(WireFormat.schemaId(message.key())), SnapshotProgress.KEY_SCHEMA);
        int chunk = (Integer) key.get("chunk");
        if (chunk == ChangeProgress.CHUNK) {
            Schema writer = registry.schema(WireFormat.schemaId(message.value()));
            changes.set(ChangeProgress.decode(message.value(), writer, pipeline));
        } else if (chunk == SnapshotProgress.WHOLE_TABLE) {
            TableName table = new TableName(
                    pipeline, key.get("schema").toString(), key.get("table").toString());
            tables.put(
                    table,
                    SnapshotProgress.decode(message.value(), registry.schema(WireFormat.schemaId(message.value()))));
        }
    }

    private static boolean exists(Admin admin, String topic) {
        try {
            return admin.listTopics().names().get().contains(topic);
        } catch (java.util.concurrent.ExecutionException failure) {
            throw SkyrollException.unavailable("cannot list Kafka's topics", failure);
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }

    /** The position of a table's last snapshot if it is whole; empty when none was started, or the last one was broken off. */
    public Optional<Position> completed(TableName table) {
        return Optional.ofNullable(tables.get(table))
                .filter(progress -> progress.stage() == SnapshotProgress.Stage.CUT_WRITTEN)
                .map(SnapshotProgress::position);
    }

    /**
     * Checks that a table's last snapshot was one of its rows.
     *
     * @throws SkyrollException when it was one without: those of before it are missing, and changes do not bring them
     */
    public void requireRows(TableName table) {
        SnapshotProgress last = tables.get(table);
        if (last != null && last.chunks() == SnapshotProgress.NO_ROWS) {
            throw SkyrollException.configuration(
                    "table %s: only its changes were followed until now (mode: changes), its rows were not read: start again with --resnapshot, which reads them; or leave the mode as it was"
                            .formatted(table.qualified()));
        }
    }

    /** The largest number of workers that an earlier run may have left behind. */
    public int workers() {
        return tables.values().stream()
                .mapToInt(SnapshotProgress::workers)
                .max()
                .orElse(0);
    }

    /** The epoch of a database: that of its earlier snapshots, or a new one if it is another system than before. */
    public int epoch(String system) {
        return tables.values().stream()
                .max(Comparator.comparing(SnapshotProgress::position))
                .map(last -> last.system().equals(system)
                        ? last.position().epoch()
                        : last.position().epoch() + 1)
                .orElse(1);
    }

    /**
     * Checks that a table's new snapshot follows its last one.
     *
     * @throws SkyrollException when it does not: rows of the last one would count as newer
     */
    public void requireAfter(TableName table, Position position) {
        SnapshotProgress last = tables.get(table);
        if (last != null && !position.isAfter(last.position())) {
            throw SkyrollException.configuration(
                    "table %s: the database is at %s, but its last snapshot was taken at %s, and the system identifier %s is the same: its log went backwards, as after a restore; use another pipeline name"
                            .formatted(table.qualified(), position, last.position(), last.system()));
        }
    }
}
