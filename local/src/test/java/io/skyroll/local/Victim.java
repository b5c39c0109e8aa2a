package io.skyroll.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A program to be killed: it runs a whole stack and writes to it for ever, number after number, and says on its output what was
 * acknowledged.
 */
final class Victim {

    static final String TOPIC = "numbers";
    static final String TRANSACTIONAL_ID = "victim";

    private Victim() {}

    public static void main(String[] arguments) throws Exception {
        LocalStack stack = LocalStack.start(Path.of(arguments[0]));
        Topics topics = new Topics(stack.kafka().bootstrapServers());
        topics.create(TOPIC, 2);
        RegistryClient registry = new RegistryClient(stack.registry().url());
        try (KafkaProducer<String, String> producer = topics.producer(Map.of("transactional.id", TRANSACTIONAL_ID));
                Connection connection = stack.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE numbers (number int)");
            producer.initTransactions();
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO numbers VALUES (?)")) {
                for (int number = 0; ; number++) {
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>(TOPIC, 0, null, Integer.toString(number)))
                            .get();
                    producer.send(new ProducerRecord<>(TOPIC, 1, null, Integer.toString(number)))
                            .get();
                    producer.commitTransaction();
                    registry.register("subject-" + number, schema(number));
                    insert.setInt(1, number);
                    insert.executeUpdate();
                    acknowledge(number);
                }
            }
        }
    }

    static String schema(int number) {
        return """
                {"type": "fixed", "name": "Number%d", "size": 1}""".formatted(number);
    }

    @SuppressWarnings("SystemOut") // Its way to talk to the test.
    private static void acknowledge(int number) {
        System.out.println(number);
    }
}
