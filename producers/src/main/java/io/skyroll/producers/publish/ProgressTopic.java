package io.skyroll.producers.publish;

import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Subjects;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.topic.Topics;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A pipeline's progress topic, for writing.
 *
 * @param name the topic's name
 * @param keyId the registry's id of the schema of its keys
 * @param valueId the registry's id of the schema of what it says of snapshots
 * @param changesId the registry's id of the schema of what it says of changes
 */
public record ProgressTopic(String name, int keyId, int valueId, int changesId) {

    /** Makes sure that the topic exists and can be written to, and that its schemas are registered. */
    public static ProgressTopic open(Admin admin, SchemaRegistry registry, String pipeline) {
        String topic = TableName.progressTopic(pipeline);
        Topics.ensureCompacted(admin, topic);
        return new ProgressTopic(
                topic,
                registry.register(Subjects.key(topic), SnapshotProgress.KEY_SCHEMA),
                registry.register(Subjects.value(topic), SnapshotProgress.SCHEMA),
                registry.register(Subjects.changes(topic), ChangeProgress.SCHEMA));
    }

    /** Of a pipeline there is one such record: its key names no table. */
    public ProducerRecord<byte[], byte[]> message(ChangeProgress progress) {
        byte[] key = SnapshotProgress.encodeKey(keyId, "", "", ChangeProgress.CHUNK);
        return new ProducerRecord<>(name, 0, key, progress.encode(changesId));
    }

    /** Tells that a snapshot's cut is written, with the counts that it names. */
    public ProducerRecord<byte[], byte[]> cutWritten(TableRun run, List<Long> rows) {
        return message(
                run.topic().name(), SnapshotProgress.WHOLE_TABLE, run.started().cutWritten(rows));
    }

    ProducerRecord<byte[], byte[]> message(TableName table, int chunk, SnapshotProgress progress) {
        byte[] key = SnapshotProgress.encodeKey(keyId, table.schema(), table.table(), chunk);
        return new ProducerRecord<>(name, 0, key, progress.encode(valueId));
    }
}
