package io.skyroll.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
final class LocalStackIT {

    private static final int ENOUGH = 20;

    private static Process start(Class<?> program, Path directory) throws IOException {
        return start(program, directory, ProcessBuilder.Redirect.INHERIT);
    }

    private static Process start(Class<?> program, Path directory, ProcessBuilder.Redirect errors) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        directory.toString())
                .redirectError(errors)
                .start();
    }

    @Test
    void keepsAllThatWasAcknowledgedWhenItsProcessIsKilled(@TempDir Path directory) throws Exception {
        Process victim = start(Victim.class, directory);
        int acknowledged = 0;
        ProcessHandle postmaster;
        try (BufferedReader output = victim.inputReader(StandardCharsets.UTF_8)) {
            while (acknowledged < ENOUGH && output.readLine() != null) {
                acknowledged++;
            }
            assertThat(acknowledged).isEqualTo(ENOUGH);
            assertThatThrownBy(() -> LocalStack.start(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "directory %s is in use by process %d: stop that first, or name another directory",
                            directory.toRealPath().resolve("kafka"), victim.pid());
            postmaster = postmaster(directory);

            // By its handle, which leaves its last words readable.
            victim.toHandle().destroyForcibly();
            while (output.readLine() != null) {
                acknowledged++;
            }
            assertThat(victim.waitFor()).isEqualTo(128 + 9);
        } finally {
            victim.destroyForcibly();
        }
        assertThat(postmaster.isAlive()).isTrue();

        try (LocalStack stack = LocalStack.start(directory)) {
            assertTopicHolds(acknowledged, new Topics(stack.kafka().bootstrapServers()));
            assertRegistryHolds(
                    acknowledged, new RegistryClient(stack.registry().url()));
            assertTableHolds(acknowledged, stack.database());
            assertThat(postmaster.isAlive()).isFalse();
            assertThat(postmaster(directory).isAlive()).isTrue();
        }
    }

    /** The transaction that was open may be there or not, but then in both partitions. */
    private static void assertTopicHolds(int acknowledged, Topics topics) {
        try (KafkaProducer<String, String> successor =
                topics.producer(Map.of("transactional.id", Victim.TRANSACTIONAL_ID))) {
            // Ends the transaction of the killed process.
            successor.initTransactions();
        }
        List<String> values = topics.committed(Victim.TOPIC, 0);

        assertThat(values).hasSizeBetween(acknowledged, acknowledged + 1).isEqualTo(Topics.numbers(values.size()));
        assertThat(topics.committed(Victim.TOPIC, 1)).isEqualTo(values);
    }

    private static void assertRegistryHolds(int acknowledged, RegistryClient registry) {
        for (int number = 0; number < acknowledged; number++) {
            assertThat(registry.register("subject-" + number, Victim.schema(number)))
                    .isEqualTo(number + 1);
        }
        assertThat(registry.get("/subjects").body().size()).isBetween(acknowledged, acknowledged + 1);
    }

    private static void assertTableHolds(int acknowledged, EmbeddedDatabase database) throws Exception {
        List<String> numbers = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT number FROM numbers ORDER BY number")) {
            while (found.next()) {
                numbers.add(found.getString(1));
            }
        }
        assertThat(numbers).hasSizeBetween(acknowledged, acknowledged + 1).isEqualTo(Topics.numbers(numbers.size()));
    }

    private static ProcessHandle postmaster(Path directory) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("database/data/postmaster.pid"));
        return ProcessHandle.of(Long.parseLong(lines.get(0))).orElseThrow();
    }

    @Test
    void letsItsProcessEndOnceClosed(@TempDir Path directory) throws Exception {
        Process leaver = start(Leaver.class, directory);

        boolean ended = leaver.waitFor(120, TimeUnit.SECONDS);

        leaver.destroyForcibly();
        assertThat(ended).isTrue();
        assertThat(leaver.exitValue()).isZero();
        assertThat(directory.resolve("database/data/postmaster.pid")).doesNotExist();
    }

    @Test
    void saysNothingWhenItsProcessIsInterruptedBeforeItStarts(@TempDir Path directory) throws Exception {
        EmbeddedKafka.start(directory).close();
        Path errors = directory.resolve("errors.txt");
        Process interrupted =
                start(Interrupted.class, directory.resolve("log"), ProcessBuilder.Redirect.to(errors.toFile()));

        interrupted.getInputStream().transferTo(OutputStream.nullOutputStream());

        int code = interrupted.waitFor();
        assertThat(errors).hasContent("");
        assertThat(code).isIn(0, Interrupted.EXIT_CODE);
    }

    @Test
    void deletesATemporaryDirectory() {
        LocalStack stack = LocalStack.temporary();
        Path directory = stack.directory();
        assertThat(directory).isNotEmptyDirectory();

        stack.close();
        stack.close();

        assertThat(directory).doesNotExist();
        assertThatThrownBy(stack::database)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the local stack on %s is closed", directory);
    }
}
