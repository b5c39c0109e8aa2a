package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.local.LocalStack;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.registry.RegistryClient;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.row.SkyColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkyStreamIT {
    private static final int PARTITIONS = 4;
    private static final int MANY = 50;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Path directory;
    private LocalStack stack;
    private RegistryClient registry;
    private RowsLog rows;
    private SkyLog sky;

    static SkyStreamSettings settings(String bootstrapServers, Path stateDir, Duration commitInterval) {
        return new SkyStreamSettings(
                Stars.TABLE,
                bootstrapServers,
                // The shortest that brokers allow, so that a killed process is missed soon.
                Map.of("session.timeout.ms", 6000, "heartbeat.interval.ms", 1000),
                stateDir,
                2,
                commitInterval,
                Optional.of(new SkyColumns("ra", "dec")),
                List.of(new FilterSettings("bright", "mag < 20")),
                new SkyPartitions(0, PARTITIONS),
                PARTITIONS,
                false,
                Optional.empty());
    }

    @BeforeEach
    void startServers(@TempDir Path temporary) {
        directory = temporary;
        stack = LocalStack.temporary();
        registry = new RegistryClient(stack.registry().url());
        Stars stars = new Stars(registry);
        rows = new RowsLog(stack.kafka().bootstrapServers(), stars, PARTITIONS);
        sky = new SkyLog(stack.kafka().bootstrapServers(), stars);
    }

    @AfterEach
    void stopServers() {
        sky.close();
        rows.close();
        stack.close();
    }

    @Test
    void losesAndRepeatsNothingWhenAProcessIsKilledAndOthersTakeOver() throws IOException, InterruptedException {
        rows.reset();
        rows.round();
        Process killed = StreamProcess.start(
                stack.kafka().bootstrapServers(),
                stack.registry().url(),
                Files.createDirectory(directory.resolve("a")));
        try {
            await(() -> sky.rowCount() > 0, Optional.empty());
            rows.round();
            rows.unfinishedRound();
            await(() -> sky.openRecords(PARTITIONS) > MANY, Optional.empty());
        } finally {
            killed.destroyForcibly();
        }
        assertThat(killed.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        try (SkyStream second = stream("b");
                SkyStream third = stream("c")) {
            second.start();
            third.start();
            rows.finishRound();
            await(() -> sky.hasAllCopiesOf(rows.lastCut(), PARTITIONS, PARTITIONS), second, third);
            rows.unfinishedRound();
            // The counts of this round reach the third stream by way of the changelog.
            await(() -> sky.rowCount() == rows.wanted().size(), second, third);
            stop(second);
            rows.finishRound();
            await(() -> sky.hasAllCopiesOf(rows.lastCut(), PARTITIONS, PARTITIONS), third);
        }

        assertThat(sky.miscounts()).isEmpty();
        assertThat(sky.rows()).containsExactlyInAnyOrderElementsOf(rows.wanted());
        assertThat(sky.rejects()).containsExactlyInAnyOrderElementsOf(rows.unwanted());
        assertThat(sky.rejectCount()).isEqualTo(rows.unwanted().size());
    }

    @Test
    void stopsAndTellsWhyWhenRowsAreLost() {
        try (SkyStream stream = stream("a")) {
            stream.start();
            rows.round();
            await(() -> sky.hasAllCopiesOf(rows.lastCut(), PARTITIONS, PARTITIONS), stream);

            rows.cutThatCountsTooMuch();
            await(() -> stream.failure().isPresent(), Optional.empty());

            assertThat(stream.failure().get().kind()).isEqualTo(FailureKind.DEFECT);
            assertThat(stream.failure().get()).hasMessageContaining("1 rows are lost");
            // Why it stops is known before its threads have ended.
            await(() -> !stream.isRunning(), Optional.empty());
        }
        sky.poll();
        assertThat(sky.hasACopyOf(rows.lastCut())).isFalse();
    }

    @Test
    void beginsAnewAfterAResetAndRefusesItWhereNotAllRowsAreThere() throws Exception {
        rows.reset();
        rows.round();
        try (SkyStream stream = stream("a")) {
            stream.start();
            await(() -> sky.hasAllCopiesOf(rows.lastCut(), PARTITIONS, PARTITIONS), stream);

            assertThatThrownBy(() -> stream("b").requireResettable(false))
                    .isInstanceOf(SkyrollException.class)
                    .hasMessageContaining(
                            "are at work, as members of " + Stars.TABLE.escaped() + ".sky: stop them first");
        }
        try (SkyStream stream = stream("b")) {
            stream.requireResettable(false);
            stream.reset();
            stream.reset();
            stream.start();
            try (SkyLog again = new SkyLog(stack.kafka().bootstrapServers(), new Stars(registry))) {
                await(
                        () -> {
                            again.poll();
                            return again.hasAllCopiesOf(rows.lastCut(), PARTITIONS, PARTITIONS);
                        },
                        stream);
                assertThat(again.rows()).containsExactlyInAnyOrderElementsOf(rows.wanted());
                assertThat(again.rejects()).containsExactlyInAnyOrderElementsOf(rows.unwanted());
                assertThat(again.miscounts()).isEmpty();
            }
        }
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
            admin.deleteRecords(Map.of(new TopicPartition(Stars.TABLE.rowsTopic(), 2), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
        }
        assertThatThrownBy(() -> stream("c").requireResettable(true))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("rows-2 starts at offset 1: rows are gone from Kafka");
    }

    private SkyStream stream(String name) {
        return new SkyStream(
                settings(stack.kafka().bootstrapServers(), directory.resolve(name), Duration.ofMillis(100)),
                registry,
                new StageMeter());
    }

    private static void stop(SkyStream stream) {
        stream.close();
    }

    private void await(BooleanSupplier condition, SkyStream... running) {
        await(condition, Optional.of(List.of(running)));
    }

    private void await(BooleanSupplier condition, Optional<List<SkyStream>> running) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            sky.poll();
            running.ifPresent(streams ->
                    streams.forEach(stream -> assertThat(stream.failure()).isEmpty()));
            assertThat(System.nanoTime())
                    .as("the condition holds within %s", LIMIT)
                    .isLessThan(deadline);
        }
    }
}
