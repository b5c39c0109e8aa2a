package io.skyroll.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.skyroll.app.config.PipelineConfig.CatalogConfig;
import io.skyroll.app.config.PipelineConfig.FilterConfig;
import io.skyroll.app.config.PipelineConfig.KafkaConfig;
import io.skyroll.app.config.PipelineConfig.SkyConfig;
import io.skyroll.app.config.PipelineConfig.SourceConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a pipeline file. It is the only place that sees raw text; defaults stand here beside the keys. */
public final class ConfigLoader {
    private static final String EMBEDDED = "embedded";
    private static final int MAX_PARTITIONS = 10_000;

    /** Client properties that guarantees rest on. */
    private static final Set<String> OURS = Set.of(
            "acks",
            "auto.offset.reset",
            "bootstrap.servers",
            "enable.auto.commit",
            "enable.idempotence",
            "group.id",
            "isolation.level",
            "processing.guarantee",
            "transactional.id");

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
        Section sourceSection = root.section("source");
        SourceConfig source = source(sourceSection);
        KafkaConfig kafka = kafka(root.section("kafka"));
        Section registry = root.section("registry");
        Optional<String> registryUrl = registry.text("url").filter(url -> !url.equals(EMBEDDED));
        registry.finish();
        List<TableConfig> tables = tables(root, sourceSection, kafka);
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
                .build();
        try {
            JsonNode root = yaml.readTree(Files.readString(file));
            return root == null ? JsonNodeFactory.instance.objectNode() : root;
        } catch (NoSuchFileException absent) {
            throw SkyrollException.configuration("there is no file %s".formatted(file));
        } catch (JsonProcessingException malformed) {
            throw SkyrollException.configuration("%s, line %d, is not YAML: %s"
                    .formatted(file, malformed.getLocation().getLineNr(), malformed.getOriginalMessage()));
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
                section.number("chunk_bytes", 32 << 20, 1 << 20, 1L << 34));
    }

    private static KafkaConfig kafka(Section section) {
        Map<String, String> properties = section.map("properties");
        properties.keySet().stream()
                .filter(OURS::contains)
                .forEach(key ->
                        section.problem("properties." + key, "cannot be set: Skyroll's guarantees rest on its value"));
        KafkaConfig kafka = new KafkaConfig(
                section.text("bootstrap_servers").filter(servers -> !servers.equals(EMBEDDED)),
                (int) section.number("topic_partitions", 12, 1, MAX_PARTITIONS),
                (int) section.number("rows_per_record", 0, 0, 1),
                properties);
        section.finish();
        return kafka;
    }

    private List<TableConfig> tables(Section root, Section source, KafkaConfig kafka) {
        List<JsonNode> entries = source.list("tables");
        if (entries.isEmpty()) {
            source.problem("tables", "expected at least one table, as schema.table");
            // So that the defaults are checked all the same.
            entries = List.of(TextNode.valueOf("schema.table"));
        }
        Section sky = root.section("sky");
        Section catalog = root.section("catalog");
        List<FilterConfig> filters = filters(root);
        List<TableConfig> tables = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            JsonNode entry = entries.get(i);
            Section own = source.element("tables", i, entry.isTextual() ? MissingNode.getInstance() : entry);
            String name = entry.isTextual() ? entry.asText() : own.requiredText("table");
            int dot = name.indexOf('.');
            if (!name.isEmpty() && (dot <= 0 || dot == name.length() - 1)) {
                source.problem("tables[%d]".formatted(i), "expected schema.table, found '%s'".formatted(name));
            }
            String schema = dot > 0 ? name.substring(0, dot) : name;
            String table = name.substring(dot + 1);
            tables.add(new TableConfig(
                    schema,
                    table,
                    sky(own.section("sky", sky)),
                    own.has("filters") ? filters(own) : filters,
                    catalog(own.section("catalog", catalog), schema, table, kafka)));
            own.finish();
        }
        sky.finish();
        catalog.finish();
        refuseSharedPaths(source, tables);
        return tables;
    }

    private static SkyConfig sky(Section section) {
        SkyConfig sky = new SkyConfig(section.requiredText("ra_column"), section.requiredText("dec_column"));
        section.finish();
        return sky;
    }

    private static List<FilterConfig> filters(Section owner) {
        List<FilterConfig> filters = new ArrayList<>();
        List<JsonNode> entries = owner.list("filters");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Section filter = owner.element("filters", i, entries.get(i));
            String name = filter.requiredText("name");
            if (!name.isEmpty() && (!name.matches("[A-Za-z0-9_]+") || !names.add(name))) {
                filter.problem(
                        "name", "expected letters, digits and underscores, each name once, found '%s'".formatted(name));
            }
            filters.add(new FilterConfig(name, filter.requiredText("where")));
            filter.finish();
        }
        return filters;
    }

    private CatalogConfig catalog(Section section, String schema, String table, KafkaConfig kafka) {
        section.oneOf("type", "hats", "hats");
        String path = section.requiredText("path").replace("{schema}", schema).replace("{table}", table);
        String name =
                section.text("name").orElse(table).replace("{schema}", schema).replace("{table}", table);
        if (!name.matches("[A-Za-z0-9_-]+")) {
            section.problem("name", "expected letters, digits, underscores and hyphens, found '%s'".formatted(name));
        }
        int highest = (int) section.number("highest_order", 10, 0, 29);
        int lowest = (int) section.number("lowest_order", 0, 0, 20);
        if (lowest > highest) {
            section.problem("lowest_order", "expected at most highest_order (%d), found %d".formatted(highest, lowest));
        }
        long cells = 12L << 2 * lowest;
        if (kafka.topicPartitions() > cells) {
            section.problem(
                    "lowest_order",
                    "a leaf belongs to one topic partition, so kafka.topic_partitions (%d) may be at most 12*4^lowest_order (%d)"
                            .formatted(kafka.topicPartitions(), cells));
        }
        CatalogConfig catalog = new CatalogConfig(
                path.contains("://")
                        ? path
                        : directory.resolve(path).normalize().toString(),
                name,
                section.oneOf("product", "object", "object", "source"),
                section.number("pixel_threshold_rows", 1_000_000, 1, Long.MAX_VALUE),
                lowest,
                highest,
                section.flag("drop_empty_siblings", true),
                section.number("row_group_rows", 100_000, 1, 10_000_000),
                (int) section.number("retain_versions", 5, 1, 10_000));
        section.finish();
        return catalog;
    }

    private static void refuseSharedPaths(Section source, List<TableConfig> tables) {
        Map<String, String> tableByPath = new HashMap<>();
        for (TableConfig table : tables) {
            String name = table.schema() + "." + table.table();
            String other = tableByPath.put(table.catalog().path(), name);
            if (other != null) {
                source.problem(
                        "tables",
                        "%s and %s have the same catalog.path %s: give each its own, or put {table} into the path"
                                .formatted(other, name, table.catalog().path()));
            }
        }
    }
}
