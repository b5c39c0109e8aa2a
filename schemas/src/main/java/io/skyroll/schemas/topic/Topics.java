package io.skyroll.schemas.topic;

import io.skyroll.schemas.failure.SkyrollException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Creates topics with the settings that Skyroll's guarantees rest on, and checks those that exist. */
public final class Topics {
    /** The largest record that the topics take, in bytes: a row of 50 MiB and what comes with it. */
    public static final int MAX_RECORD_BYTES = 56 << 20;

    private static final Map<String, String> SETTINGS = Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime",
            TopicConfig.RETENTION_MS_CONFIG, "-1",
            TopicConfig.RETENTION_BYTES_CONFIG, "-1",
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_RECORD_BYTES));

    /** A topic is known to all brokers a moment after it was created. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration LEADER_LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Topics() {}

    /**
     * Makes sure that a topic for rows exists: kept without limit, not compacted, in append time.
     *
     * @throws SkyrollException when it exists with another number of partitions, or the broker does not answer
     */
    public static void ensureLog(Admin admin, String topic, int partitions) {
        ensure(admin, topic, partitions, TopicConfig.CLEANUP_POLICY_DELETE);
    }

    /** Makes sure that a topic of which only each key's newest record matters exists, with one partition. */
    public static void ensureCompacted(Admin admin, String topic) {
        ensure(admin, topic, 1, TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private static void ensure(Admin admin, String topic, int partitions, String cleanupPolicy) {
        NewTopic wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty());
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanupPolicy);
        try {
            admin.createTopics(List.of(wanted.configs(settings))).all().get();
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof TopicExistsException)) {
                throw SkyrollException.unavailable("cannot create topic %s".formatted(topic), failure.getCause());
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(topic, interrupted);
        }
        int found = awaitLeaders(admin, topic).partitions().size();
        if (found != partitions) {
            throw SkyrollException.configuration(
                    "topic %s has %d partitions, the pipeline wants %d: partitions cannot change once rows are in; set kafka.topic_partitions to %d or name another pipeline"
                            .formatted(topic, found, partitions, found));
        }
    }

    /** Waits until every partition of a new topic has a leader: who writes earlier backs off for long, and its transaction may fail. */
    private static TopicDescription awaitLeaders(Admin admin, String topic) {
        long deadline = System.nanoTime() + LEADER_LIMIT.toNanos();
        while (true) {
            TopicDescription found = describe(admin, topic);
            if (found.partitions().stream().map(TopicPartitionInfo::leader).allMatch(Topics::isNode)) {
                return found;
            }
            if (Thread.currentThread().isInterrupted() || System.nanoTime() > deadline) {
                throw SkyrollException.unavailable(
                        "topic %s has partitions without a leader after %d s: are all brokers up?"
                                .formatted(topic, LEADER_LIMIT.toSeconds()),
                        null);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean isNode(@Nullable Node leader) {
        return leader != null && !leader.isEmpty();
    }

    /** The topic as the broker knows it, with its id; waits a while for one that was just created. */
    public static TopicDescription describe(Admin admin, String topic) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return Objects.requireNonNull(admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get()
                        .get(topic));
            } catch (ExecutionException failure) {
                boolean isNew = failure.getCause() instanceof UnknownTopicOrPartitionException;
                if (!isNew || System.nanoTime() - deadline > 0) {
                    throw SkyrollException.unavailable("cannot describe topic %s".formatted(topic), failure.getCause());
                }
            } catch (InterruptedException interrupted) {
                throw interrupted(topic, interrupted);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static SkyrollException interrupted(String topic, InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return SkyrollException.unavailable("interrupted at topic %s".formatted(topic), interrupted);
    }
}
