package io.skyroll.producers.publish;

import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Subjects;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.topic.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A pipeline's progress topic, for writing.
 *
 * @param name the topic's name
 * @param keyId the registry's id of the schema of its keys
 * @param valueId the registry's id of the schema of its values
 */
public record ProgressTopic(String name, int keyId, int valueId) {

    /** Makes sure that the topic exists and can be written to, and that its schemas are registered. */
    public static ProgressTopic open(Admin admin, SchemaRegistry registry, String pipeline) {
        String topic = TableName.progressTopic(pipeline);
        Topics.ensureCompacted(admin, topic);
        RowsTopic.awaitLeaders(admin, topic);
        return new ProgressTopic(
                topic,
                registry.register(Subjects.key(topic), SnapshotProgress.KEY_SCHEMA),
                registry.register(Subjects.value(topic), SnapshotProgress.SCHEMA));
    }

    ProducerRecord<byte[], byte[]> message(TableName table, int chunk, SnapshotProgress progress) {
        byte[] key = SnapshotProgress.encodeKey(keyId, table.schema(), table.table(), chunk);
        return new ProducerRecord<>(name, 0, key, progress.encode(valueId));
    }
}
