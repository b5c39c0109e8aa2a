package io.skyroll.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig.Engine;
import io.skyroll.app.config.PipelineConfig.ChangesConfig.Start;
import io.skyroll.app.config.PipelineConfig.KafkaConfig;
import io.skyroll.app.config.PipelineConfig.SinkConfig;
import io.skyroll.app.config.PipelineConfig.SourceConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads a pipeline file. It is the only place that sees raw text; defaults stand here beside the keys. */
public final class ConfigLoader {
    /** A chunk's size in bytes is an int further down, and its rows are one Kafka transaction. */
    private static final long MAX_CHUNK_BYTES = 1 << 30;

    /** Less would be spilled in crumbs. */
    private static final long MIN_SINK_BYTES = 1 << 20;

    /** A busy server writes as much between two of the moments at which it lets go what a slot has confirmed. */
    private static final long MIN_SLOT_WAL_BYTES = 64 << 20;

    private static final long MAX_FRESHNESS_SECS = 86_400;
    /** Of a replication slot, in bytes. */
    private static final int MAX_NAME = 63;

    private static final Pattern PIPELINE = Pattern.compile("[A-Za-z0-9_-]+");

    private final Problems problems = new Problems();
    private final Path file;
    private final Path directory;

    private ConfigLoader(Path file) {
        this.file = file;
        this.directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
    }

    /**
     * Reads a file.
     *
     * @throws SkyrollException that names all of the file's problems
     */
    public static PipelineConfig load(Path file) {
        ConfigLoader loader = new ConfigLoader(file);
        PipelineConfig config = loader.read();
        if (!loader.problems.isEmpty()) {
            throw loader.problems.toFailure(file.toString());
        }
        return config;
    }

    /**
     * Reads a file as far as it goes.
     *
     * @throws SkyrollException when it cannot be read as YAML
     */
    public static Examined examine(Path file) {
        ConfigLoader loader = new ConfigLoader(file);
        PipelineConfig config = loader.read();
        return new Examined(config, loader.problems.found());
    }

    /**
     * A file with whatever is wrong with it.
     *
     * @param config what the file says, with defaults, or nothing, in the place of what is wrong
     * @param problems what is wrong, a line each; none when the configuration holds
     */
    public record Examined(PipelineConfig config, List<String> problems) {
        public Examined {
            problems = List.copyOf(problems);
        }
    }

    private PipelineConfig read() {
        Section root = new Section("", parse(), problems);
        String pipeline = root.requiredText("pipeline");
        if (!pipeline.isEmpty() && !PIPELINE.matcher(pipeline).matches()) {
            root.problem(
                    "pipeline", "expected letters, digits, underscores and hyphens, found '%s'".formatted(pipeline));
        }
        Section sourceSection = root.section("source");
        SourceConfig source = source(sourceSection, pipeline);
        KafkaConfig kafka = ServersReader.kafka(root.section("kafka"));
        Optional<String> registryUrl = ServersReader.registryUrl(root.section("registry"));
        List<TableConfig> tables =
                new TablesReader(pipeline, kafka.topicPartitions(), directory).tables(root, sourceSection);
        sourceSection.finish();
        SinkConfig sink = sink(root.section("sink"));
        Path dataDirectory = directory.resolve(root.text("data_dir").orElse(".skyroll/" + pipeline));
        refuseDataInCatalog(root, tables, dataDirectory.normalize());
        root.finish();
        return new PipelineConfig(pipeline, source, kafka, registryUrl, tables, sink, dataDirectory);
    }

    /** Readers of a catalog must not find a broker's files in it; only what is ours in there is passed over by them. */
    private static void refuseDataInCatalog(Section root, List<TableConfig> tables, Path dataDirectory) {
        for (TableConfig table : tables) {
            String path = table.catalog().path();
            if (!path.isEmpty() && !path.contains("://") && dataDirectory.equals(Path.of(path))) {
                root.problem(
                        "data_dir",
                        "it is the catalog.path of a table, %s: give it a directory of its own".formatted(path));
            }
        }
    }

    private JsonNode parse() {
        YAMLMapper yaml = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        try {
            JsonNode root = yaml.readTree(Files.readString(file));
            return root == null ? JsonNodeFactory.instance.objectNode() : root;
        } catch (NoSuchFileException absent) {
            throw SkyrollException.configuration("there is no file %s".formatted(file));
        } catch (MismatchedInputException second) {
            throw SkyrollException.configuration("%s, line %d: a second document begins, expected one"
                    .formatted(file, second.getLocation().getLineNr()));
        } catch (JsonProcessingException malformed) {
            throw SkyrollException.configuration("cannot read %s as YAML, line %d: %s"
                    .formatted(file, malformed.getLocation().getLineNr(), malformed.getOriginalMessage()));
        } catch (MalformedInputException notText) {
            throw SkyrollException.configuration("cannot read %s: it is not UTF-8 text".formatted(file));
        } catch (IOException unreadable) {
            throw SkyrollException.configuration(
                    "cannot read %s: %s".formatted(file, unreadable.getMessage()), unreadable);
        }
    }

    private static SourceConfig source(Section section, String pipeline) {
        section.oneOf("type", "postgres", "postgres");
        Map<String, String> connection = new LinkedHashMap<>();
        Map<String, String> parameters = Map.of(
                "service", "service",
                "url", "url",
                "host", "host",
                "port", "port",
                "database", "dbname",
                "user", "user",
                "passfile", "passfile",
                "sslmode", "sslmode");
        for (String key : parameters.keySet().stream().sorted().toList()) {
            section.text(key).ifPresent(value -> connection.put(parameters.get(key), value));
        }
        return new SourceConfig(
                connection,
                (int) section.number("workers", 2, 1, 64),
                section.number("chunk_bytes", 32 << 20, 1 << 20, MAX_CHUNK_BYTES),
                changes(section, pipeline));
    }

    private static Optional<ChangesConfig> changes(Section section, String pipeline) {
        String mode = section.oneOf("mode", "snapshot", "snapshot", "snapshot_and_changes", "changes");
        String engine = section.oneOf("change_engine", "debezium", "debezium", "pgoutput");
        String byDefault = ("skyroll_" + pipeline).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        ChangesConfig changes = new ChangesConfig(
                Engine.valueOf(engine.toUpperCase(Locale.ROOT)),
                Duration.ofSeconds(section.number("freshness_secs", 60, 0, MAX_FRESHNESS_SECS)),
                name(section, "slot", byDefault),
                name(section, "publication", byDefault),
                bytes(section, "max_slot_wal_bytes", MIN_SLOT_WAL_BYTES),
                mode.equals("changes") ? Start.NOTHING : Start.SNAPSHOT);
        return mode.equals("snapshot") ? Optional.empty() : Optional.of(changes);
    }

    /** A name that PostgreSQL takes for a replication slot. */
    private static String name(Section section, String key, String byDefault) {
        String name = section.text(key).orElse(byDefault.substring(0, Math.min(MAX_NAME, byDefault.length())));
        if (!name.matches("[a-z0-9_]{1,%d}".formatted(MAX_NAME))) {
            section.problem(
                    key,
                    "expected 1 to %d small letters, digits and underscores, found '%s'".formatted(MAX_NAME, name));
        }
        return name;
    }

    private static SinkConfig sink(Section section) {
        SinkConfig sink = new SinkConfig(
                bytes(section, "memory_bytes", MIN_SINK_BYTES), bytes(section, "spill_bytes", MIN_SINK_BYTES));
        section.finish();
        return sink;
    }

    private static OptionalLong bytes(Section section, String key, long least) {
        return section.has(key)
                ? OptionalLong.of(section.number(key, least, least, Long.MAX_VALUE))
                : OptionalLong.empty();
    }
}
