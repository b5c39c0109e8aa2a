package io.skyroll.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class EmbeddedKafkaIT {

    private static Path directory;
    private static EmbeddedKafka kafka;
    private static Topics topics;

    @BeforeAll
    static void start(@TempDir Path fresh) {
        directory = fresh;
        kafka = EmbeddedKafka.start(directory);
        topics = new Topics(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void showsCommittedTransactionsOnly() throws Exception {
        topics.create("transactions", 1);

        try (KafkaProducer<String, String> producer = topics.producer(Map.of("transactional.id", "one"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "committed")).get();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "aborted")).get();
            producer.abortTransaction();
        }

        assertThat(topics.committed("transactions", 0)).containsExactly("committed");
    }

    @Test
    void takesRecordsOfFiftySixMebibytes() throws Exception {
        topics.create("large", 1);
        String value = "x".repeat(56 << 20);

        try (KafkaProducer<String, String> producer =
                topics.producer(Map.of("max.request.size", 57 << 20, "buffer.memory", 64L << 20))) {
            producer.send(new ProducerRecord<>("large", value)).get();
        }

        assertThat(topics.committed("large", 0)).singleElement().isEqualTo(value);
    }

    @Test
    void createsNoTopicByItsName() throws Exception {
        try (KafkaProducer<String, String> producer = topics.producer(Map.of("max.block.ms", 500));
                Admin admin = topics.admin()) {
            assertThatThrownBy(() ->
                            producer.send(new ProducerRecord<>("mistyped", "x")).get())
                    .hasMessageContaining("mistyped");

            assertThat(admin.listTopics().names().get()).doesNotContain("mistyped");
        }
    }

    @Test
    void refusesADirectoryInUse() throws Exception {
        assertThatThrownBy(() -> EmbeddedKafka.start(directory))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "directory %s is in use by this process: stop that first, or name another directory",
                        directory.toRealPath());
    }

    @Test
    void namesThePortThatIsTaken(@TempDir Path other) {
        int port = Integer.parseInt(kafka.bootstrapServers().split(":", -1)[1]);

        assertThatThrownBy(() -> EmbeddedKafka.start(other, port))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("could not listen on 127.0.0.1:%d for Kafka", port);
    }

    @Test
    void keepsDataAndClusterIdOverARestartAtAnotherPort(@TempDir Path other) throws Exception {
        String clusterId;
        String address;
        try (EmbeddedKafka first = EmbeddedKafka.start(other)) {
            clusterId = first.clusterId();
            address = first.bootstrapServers();
            Topics before = new Topics(address);
            before.create("kept", 1);
            try (KafkaProducer<String, String> producer = before.producer(Map.of())) {
                producer.send(new ProducerRecord<>("kept", "before")).get();
            }
        }

        try (EmbeddedKafka second = EmbeddedKafka.start(other)) {
            Topics after = new Topics(second.bootstrapServers());
            try (KafkaProducer<String, String> producer = after.producer(Map.of())) {
                producer.send(new ProducerRecord<>("kept", "after")).get();
            }

            assertThat(second.clusterId()).isEqualTo(clusterId).isNotEqualTo(kafka.clusterId());
            assertThat(second.bootstrapServers()).isNotEqualTo(address);
            assertThat(after.committed("kept", 0)).containsExactly("before", "after");
        }
    }
}
