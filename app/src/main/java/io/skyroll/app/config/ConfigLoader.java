package io.skyroll.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.skyroll.app.config.PipelineConfig.KafkaConfig;
import io.skyroll.app.config.PipelineConfig.SourceConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a pipeline file. It is the only place that sees raw text; defaults stand here beside the keys. */
public final class ConfigLoader {
    /** A chunk's size in bytes is an int further down, and its rows are one Kafka transaction. */
    private static final long MAX_CHUNK_BYTES = 1 << 30;

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
        return new ConfigLoader(file).load();
    }

    private PipelineConfig load() {
        Section root = new Section("", parse(), problems);
        String pipeline = root.requiredText("pipeline");
        if (!pipeline.isEmpty() && !PIPELINE.matcher(pipeline).matches()) {
            root.problem(
                    "pipeline", "expected letters, digits, underscores and hyphens, found '%s'".formatted(pipeline));
        }
        Section sourceSection = root.section("source");
        SourceConfig source = source(sourceSection);
        KafkaConfig kafka = ServersReader.kafka(root.section("kafka"));
        Optional<String> registryUrl = ServersReader.registryUrl(root.section("registry"));
        List<TableConfig> tables =
                new TablesReader(pipeline, kafka.topicPartitions(), directory).tables(root, sourceSection);
        sourceSection.finish();
        Path dataDirectory = directory.resolve(root.text("data_dir").orElse(".skyroll/" + pipeline));
        root.finish();
        if (!problems.isEmpty()) {
            throw problems.toFailure(file.toString());
        }
        return new PipelineConfig(pipeline, source, kafka, registryUrl, tables, dataDirectory);
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

    private static SourceConfig source(Section section) {
        section.oneOf("type", "postgres", "postgres");
        section.oneOf("mode", "snapshot", "snapshot");
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
                section.number("chunk_bytes", 32 << 20, 1 << 20, MAX_CHUNK_BYTES));
    }
}
