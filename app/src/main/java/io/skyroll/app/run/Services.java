package io.skyroll.app.run;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.local.EmbeddedKafka;
import io.skyroll.local.EmbeddedRegistry;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.RegistryClient;
import io.skyroll.schemas.registry.SchemaRegistry;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;

/** The Kafka cluster and the registry of a run: those that the file names, or embedded ones that live as long as this does. */
public final class Services implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final String bootstrapServers;
    private final boolean isKafkaEmbedded;
    private final SchemaRegistry registry;
    private Optional<DiskReserve> disk = Optional.empty();

    private Services(PipelineConfig config) {
        boolean isOpen = false;
        try {
            isKafkaEmbedded = config.kafka().bootstrapServers().isEmpty();
            bootstrapServers = kafka(config);
            registry = new RegistryClient(registryUrl(config));
            isOpen = true;
        } finally {
            if (!isOpen) {
                close();
            }
        }
    }

    private String kafka(PipelineConfig config) {
        if (!isKafkaEmbedded) {
            return config.kafka().bootstrapServers().orElseThrow();
        }
        DiskReserve reserve =
                new DiskReserve(config.dataDirectory(), config.kafka().minFreeBytes());
        reserve.require();
        EmbeddedKafka.onDiskFailure(reserve::halt);
        disk = Optional.of(reserve);
        EmbeddedKafka kafka =
                started(() -> EmbeddedKafka.start(config.dataDirectory().resolve("kafka")), "the embedded broker");
        opened.push(kafka);
        return kafka.bootstrapServers();
    }

    private URI registryUrl(PipelineConfig config) {
        Optional<String> named = config.registryUrl();
        if (named.isPresent()) {
            return URI.create(named.get());
        }
        EmbeddedRegistry embedded = started(
                () -> EmbeddedRegistry.start(config.dataDirectory().resolve("registry")), "the embedded registry");
        opened.push(embedded);
        return embedded.url();
    }

    /** What is in the way of an embedded server, such as another run of the pipeline, is no defect. */
    private static <T> T started(Supplier<T> start, String what) {
        try {
            return start.get();
        } catch (IllegalStateException refused) {
            throw SkyrollException.unavailable(
                    "%s did not start: %s".formatted(what, Failures.reasons(refused)), refused);
        } catch (UncheckedIOException refused) {
            throw Failures.of(what + " did not start", refused);
        }
    }

    /** For a process that runs all stages: what is not named is embedded. */
    public static Services forWholePipeline(PipelineConfig config) {
        return new Services(config);
    }

    /** For a process that runs one stage: embedded services would be out of the other stages' reach. */
    public static Services forOneStage(PipelineConfig config) {
        if (config.kafka().bootstrapServers().isEmpty() || config.registryUrl().isEmpty()) {
            throw SkyrollException.configuration(
                    "one stage in a process of its own needs servers that other processes reach: set kafka.bootstrap_servers and registry.url, or use 'skyroll run'");
        }
        return new Services(config);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Whether the broker lives in this process, so that no other process takes part. */
    public boolean isKafkaEmbedded() {
        return isKafkaEmbedded;
    }

    /**
     * Makes sure that the embedded broker, if there is one, has room to write to.
     *
     * @throws SkyrollException when its disk is nearly full
     */
    void requireRoom() {
        disk.ifPresent(DiskReserve::require);
    }

    public SchemaRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failure) {
                throw SkyrollException.defect("an embedded service did not stop", failure);
            }
        }
    }
}
