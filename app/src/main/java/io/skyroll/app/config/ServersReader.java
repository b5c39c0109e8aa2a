package io.skyroll.app.config;

import io.skyroll.app.config.PipelineConfig.KafkaConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads which Kafka cluster and which registry a pipeline uses. */
final class ServersReader {
    private static final String EMBEDDED = "embedded";
    private static final int MAX_PARTITIONS = 10_000;
    private static final Pattern SERVER = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\s,:\\[\\]]+):[0-9]{1,5}");

    /** Client properties that guarantees rest on, or that have a key of their own. */
    private static final Set<String> OURS = Set.of(
            "acks",
            "application.id",
            "auto.offset.reset",
            "bootstrap.servers",
            "commit.interval.ms",
            "deserialization.exception.handler",
            "enable.auto.commit",
            "enable.idempotence",
            "group.id",
            "group.instance.id",
            "isolation.level",
            "key.deserializer",
            "key.serializer",
            "max.request.size",
            "num.stream.threads",
            "partition.assignment.strategy",
            "processing.exception.handler",
            "processing.guarantee",
            "production.exception.handler",
            "state.dir",
            "topology.optimization",
            "transactional.id",
            "value.deserializer",
            "value.serializer");

    /** What Kafka Streams strips from the names of its clients' properties. */
    private static final Pattern CLIENT_PREFIX =
            Pattern.compile("^((main\\.|restore\\.|global\\.)?consumer|producer|admin)\\.");

    private ServersReader() {}

    static KafkaConfig kafka(Section section) {
        Map<String, String> properties = section.map("properties");
        properties.keySet().stream()
                .filter(key -> OURS.contains(CLIENT_PREFIX.matcher(key).replaceFirst("")))
                .sorted()
                .forEach(key ->
                        section.problem("properties." + key, "cannot be set: Skyroll's guarantees rest on its value"));
        Optional<String> servers = section.text("bootstrap_servers").filter(value -> !value.equals(EMBEDDED));
        servers.ifPresent(value -> {
            if (!Arrays.stream(value.split(",", -1))
                    .allMatch(server -> SERVER.matcher(server.strip()).matches())) {
                section.problem(
                        "bootstrap_servers",
                        "expected embedded, or host:port, several separated by commas, found '%s'".formatted(value));
            }
        });
        KafkaConfig kafka = new KafkaConfig(
                servers,
                (int) section.number("topic_partitions", 12, 1, MAX_PARTITIONS),
                (int) section.number("rows_per_record", 0, 0, 1),
                properties,
                section.number("min_free_bytes", KafkaConfig.DEFAULT_MIN_FREE_BYTES, 0, Long.MAX_VALUE));
        section.finish();
        return kafka;
    }

    static Optional<String> registryUrl(Section section) {
        Optional<String> url = section.text("url").filter(value -> !value.equals(EMBEDDED));
        if (url.isPresent() && !isHttp(url.get())) {
            section.problem(
                    "url", "expected embedded, or an http:// or https:// address, found '%s'".formatted(url.get()));
        }
        section.finish();
        return url;
    }

    private static boolean isHttp(String address) {
        try {
            URI uri = new URI(address);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}
