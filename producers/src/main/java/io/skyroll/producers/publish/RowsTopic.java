package io.skyroll.producers.publish;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.Subjects;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.topic.Topics;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * A table's rows topic and the schemas of what stands in it.
 *
 * @param name the table
 * @param schema the form of its rows
 * @param partitions number of partitions
 * @param keyId the registry's id of the schema of keys
 * @param rowId the registry's id of the schema of single rows
 * @param batchId the registry's id of the schema of batches
 * @param controlId the registry's id of the schema of control records
 */
public record RowsTopic(
        TableName name, RowSchema schema, int partitions, int keyId, int rowId, int batchId, int controlId) {
    private static final Duration LEADER_LIMIT = Duration.ofSeconds(60);
    private static final Duration LEADER_PAUSE = Duration.ofMillis(50);

    /**
     * Makes sure that the topic exists and can be written to, and that its schemas are registered.
     *
     * @throws SkyrollException when the topic has another number of partitions, the registry refuses a schema, or one of them
     *     does not answer
     */
    public static RowsTopic open(
            Admin admin, SchemaRegistry registry, TableName name, RowSchema schema, int partitions) {
        String topic = name.rowsTopic();
        Topics.ensureLog(admin, topic, partitions);
        awaitLeaders(admin, topic);
        return new RowsTopic(
                name,
                schema,
                partitions,
                registry.register(Subjects.key(topic), schema.toKeyAvro()),
                registry.register(Subjects.value(topic), schema.toAvro()),
                registry.register(Subjects.batch(topic), schema.toBatchAvro()),
                registry.register(Subjects.control(topic), Control.SCHEMA));
    }

    public String topic() {
        return name.rowsTopic();
    }

    /** Waits until every partition of a new topic has a leader: writing earlier makes producers back off for long. */
    static void awaitLeaders(Admin admin, String topic) {
        long deadline = System.nanoTime() + LEADER_LIMIT.toNanos();
        while (!hasLeaders(admin, topic)) {
            if (Thread.currentThread().isInterrupted() || System.nanoTime() > deadline) {
                String message = "topic %s has partitions without a leader after %d s: are all brokers up?"
                        .formatted(topic, LEADER_LIMIT.toSeconds());
                throw SkyrollException.unavailable(message, new IllegalStateException("no leader"));
            }
            LockSupport.parkNanos(LEADER_PAUSE.toNanos());
        }
    }

    private static boolean hasLeaders(Admin admin, String topic) {
        try {
            return Topics.describe(admin, topic).partitions().stream()
                    .map(TopicPartitionInfo::leader)
                    .allMatch(RowsTopic::isNode);
        } catch (SkyrollException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                // The broker that answers has not heard of the new topic yet.
                return false;
            }
            throw failure;
        }
    }

    private static boolean isNode(@Nullable Node leader) {
        return leader != null && !leader.isEmpty();
    }
}
