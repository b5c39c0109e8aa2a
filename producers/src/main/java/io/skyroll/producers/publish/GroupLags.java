package io.skyroll.producers.publish;

import io.skyroll.schemas.failure.SkyrollException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** How many records of its topic a consumer group has not read. Kafka's own, which end transactions, are among them. */
public final class GroupLags {
    private final Admin admin;

    private GroupLags(Admin admin) {
        this.admin = admin;
    }

    /**
     * Asks for several groups at once. Writes nothing.
     *
     * @param topics the topic that each group reads, by group
     * @return records that are not read, by group; without groups whose topics do not exist
     * @throws SkyrollException when the cluster does not answer
     */
    public static Map<String, Long> of(KafkaAccess kafka, Map<String, String> topics) {
        Map<String, Integer> partitions = kafka.partitions(new HashSet<>(topics.values()));
        Map<String, Long> lags = new TreeMap<>();
        try (Admin admin = kafka.admin()) {
            GroupLags reader = new GroupLags(admin);
            for (Map.Entry<String, String> entry : topics.entrySet()) {
                @Nullable Integer count = partitions.get(entry.getValue());
                if (count != null) {
                    lags.put(entry.getKey(), reader.lag(entry.getKey(), entry.getValue(), count));
                }
            }
            return lags;
        } catch (ExecutionException failure) {
            throw SkyrollException.unavailable(
                    "the Kafka cluster at %s does not say how far consumer groups have read: %s"
                            .formatted(kafka.bootstrapServers(), failure.getCause()),
                    failure);
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }

    private long lag(String group, String topic, int partitions) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        Map<TopicPartition, ListOffsetsResultInfo> found =
                admin.listOffsets(ends).all().get();
        long lag = 0;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : found.entrySet()) {
            @Nullable OffsetAndMetadata read = committed.get(end.getKey());
            lag += Math.max(0, end.getValue().offset() - (read == null ? 0 : read.offset()));
        }
        return lag;
    }

    /** What a group has committed; nothing before its first start. */
    private Map<TopicPartition, OffsetAndMetadata> committed(String group)
            throws ExecutionException, InterruptedException {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw failure;
        }
    }
}
