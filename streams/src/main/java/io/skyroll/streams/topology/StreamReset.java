package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Forgets what a table's stream has done: where it was, what it counted, what it wrote. It does what Kafka's
 * {@code kafka-streams-application-reset} does, which is to delete the topics of the stream's own state and its group's offsets; and
 * since the stream's output would otherwise be there twice, it deletes that too. Each step can be done again, in this order: as long as
 * the offsets are there, a stream without counts goes on where it was and is complete again from the next snapshot on.
 *
 * <p>Owned by one thread.
 */
final class StreamReset {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final SkyStreamSettings settings;
    private final TableName table;
    private final Admin admin;

    /** @param admin the caller's */
    StreamReset(SkyStreamSettings settings, Admin admin) {
        this.settings = settings;
        this.table = settings.table();
        this.admin = admin;
    }

    /**
     * Makes sure that the reset leads somewhere: the rows topic has all that was ever written to it.
     *
     * @throws SkyrollException when it has not
     */
    void requireRows() {
        Topics.ensureLog(admin, table.rowsTopic(), settings.rowsPartitions());
        Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
        IntStream.range(0, settings.rowsPartitions())
                .forEach(partition ->
                        starts.put(new TopicPartition(table.rowsTopic(), partition), OffsetSpec.earliest()));
        Map<TopicPartition, ListOffsetsResultInfo> found =
                answer(admin.listOffsets(starts).all(), "read where %s starts".formatted(table.rowsTopic()));
        found.forEach((partition, start) -> {
            if (start.offset() > 0) {
                throw SkyrollException.configuration(
                        "%s starts at offset %d: rows are gone from Kafka, and the stream cannot read them again; take a new snapshot with 'skyroll run'"
                                .formatted(partition, start.offset()));
            }
        });
    }

    /**
     * Makes sure that no process works on the table.
     *
     * @throws SkyrollException that names the groups that have members
     */
    void requireNobody() {
        List<String> busy = new ArrayList<>();
        for (String group : groups()) {
            if (hasMembers(group)) {
                busy.add(group);
            }
        }
        if (!busy.isEmpty()) {
            throw SkyrollException.unavailable(
                    "%s: processes of the pipeline are at work, as members of %s: stop them first; one that was killed is missed after session.timeout.ms"
                            .formatted(table.qualified(), String.join(", ", busy)),
                    null);
        }
    }

    /** Forgets members that were killed: for who knows that no process but this one can reach the brokers. */
    void removeMembers() {
        String group = settings.applicationId();
        if (groups().contains(group) && hasMembers(group)) {
            answer(
                    admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                            .all(),
                    "remove former members of " + group);
        }
    }

    /** Deletes what the stream has written, and where it was, and makes its topics anew. */
    void run() {
        SkyTopology.changelogTopics(settings.applicationId()).forEach(this::delete);
        try {
            answer(
                    admin.deleteConsumerGroups(List.of(settings.applicationId()))
                            .all(),
                    "delete group " + settings.applicationId());
        } catch (SkyrollException failure) {
            if (!(failure.getCause() instanceof GroupIdNotFoundException)) {
                throw failure;
            }
        }
        delete(table.skyTopic());
        delete(table.rejectsTopic());
        Topics.ensureLog(admin, table.skyTopic(), settings.sky().partitions());
        Topics.ensureLog(admin, table.rejectsTopic(), settings.rowsPartitions());
    }

    private boolean hasMembers(String group) {
        ConsumerGroupDescription found = answer(
                        admin.describeConsumerGroups(List.of(group)).all(), "describe group " + group)
                .get(group);
        return found != null && !found.members().isEmpty();
    }

    /** The groups of the table's stages; no other table's name begins like that. */
    private List<String> groups() {
        return answer(admin.listGroups().all(), "list groups").stream()
                .map(GroupListing::groupId)
                .filter(group -> group.startsWith(table.escaped() + "."))
                .sorted()
                .toList();
    }

    private void delete(String topic) {
        try {
            answer(admin.deleteTopics(List.of(topic)).all(), "delete topic " + topic);
        } catch (SkyrollException failure) {
            if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw failure;
            }
        }
        // Brokers may know it for a moment longer, and would answer for the one that is to come.
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (answer(admin.listTopics().names(), "list topics").contains(topic)) {
            if (System.nanoTime() - deadline > 0) {
                throw SkyrollException.unavailable(
                        "topic %s is still there %d s after it was deleted: start again later"
                                .formatted(topic, PATIENCE.toSeconds()),
                        null);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private <T> T answer(KafkaFuture<T> future, String what) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw SkyrollException.unavailable(
                    "%s: cannot %s: %s".formatted(table.qualified(), what, failure.getMessage()), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw SkyrollException.unavailable("interrupted while the stream is reset", interrupted);
        }
    }
}
