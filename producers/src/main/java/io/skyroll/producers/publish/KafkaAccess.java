package io.skyroll.producers.publish;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How to reach a Kafka cluster, and the clients that producers use.
 *
 * @param bootstrapServers host:port, several separated by commas
 * @param clientProperties settings for every client, such as those of its security
 */
public record KafkaAccess(String bootstrapServers, Map<String, String> clientProperties) {
    /** A transaction holds one chunk, some seconds of work; brokers allow 15 minutes at most unless told otherwise. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(10);

    private static final int BATCH_BYTES = 256 << 10;
    private static final long LINGER_MS = 20;
    private static final long BUFFER_BYTES = 64L << 20;

    /** Who has read to the end waits for the fetch behind it: before each other request to the broker, and to close. */
    private static final int FETCH_WAIT_MS = 20;

    /** What exactly-once, order and size limits rest on. */
    private static final List<String> RESERVED = List.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG);

    public KafkaAccess {
        clientProperties = Map.copyOf(clientProperties);
        Set<String> reserved = new TreeSet<>(clientProperties.keySet());
        reserved.retainAll(RESERVED);
        if (!reserved.isEmpty()) {
            throw SkyrollException.configuration(
                    "kafka.properties may not set %s: Skyroll's guarantees rest on them".formatted(reserved));
        }
    }

    /**
     * How many partitions topics have; those that do not exist are left out. Writes nothing.
     *
     * @throws SkyrollException when the cluster does not answer
     */
    public Map<String, Integer> partitions(Collection<String> topics) {
        try (Admin admin = admin()) {
            Set<String> existing = new TreeSet<>(admin.listTopics().names().get());
            existing.retainAll(topics);
            Map<String, Integer> partitions = new HashMap<>();
            admin.describeTopics(existing)
                    .allTopicNames()
                    .get()
                    .forEach((topic, described) ->
                            partitions.put(topic, described.partitions().size()));
            return partitions;
        } catch (ExecutionException failure) {
            throw SkyrollException.unavailable(
                    "the Kafka cluster at %s does not answer: %s; is kafka.bootstrap_servers right, and is it running?"
                            .formatted(bootstrapServers, failure.getCause()),
                    failure.getCause());
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }

    /** An admin client, owned by the caller. */
    public Admin admin() {
        return Admin.create(clientProperties(Map.of()));
    }

    /** A transactional producer of bytes, owned by the caller, not yet initialised. */
    Producer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> settings = new HashMap<>(clientProperties(Map.of(
                ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
                ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES,
                ProducerConfig.LINGER_MS_CONFIG, LINGER_MS,
                ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis())));
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer of committed bytes outside any group, owned by the caller. */
    Consumer<byte[], byte[]> consumer() {
        Map<String, Object> settings =
                new HashMap<>(clientProperties(Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS)));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Our defaults, overridden by the operator's settings. */
    private Map<String, Object> clientProperties(Map<String, Object> defaults) {
        Map<String, Object> settings = new HashMap<>(defaults);
        settings.putAll(clientProperties);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return settings;
    }
}
