package io.skyroll.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.skyroll.app.config.PipelineConfig.CatalogConfig;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.hats.BorderRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what a table becomes. Owned by one thread. */
final class CatalogReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern REMOTE_PATH = Pattern.compile("(hdfs|s3a)://.+");
    /** As in {@code hats-import}. */
    private static final double DEFAULT_MARGIN_ARCSEC = 5;

    private static final long DEFAULT_FILE_BYTES = 128 << 20;
    private static final long LEAST_FILE_BYTES = 1 << 16;
    private static final long MAX_AGE_SECS = 1_000_000_000;

    private static final Map<String, List<String>> KEYS_BY_TYPE = Map.of(
            OutputConfig.Hats.TYPE,
            List.of(
                    "product",
                    "pixel_threshold_rows",
                    "lowest_order",
                    "highest_order",
                    "drop_empty_siblings",
                    "margin_threshold_arcsec",
                    "metadata",
                    "statistics",
                    "indexes",
                    "skymap_order",
                    "skymap_alt_orders",
                    "sparse_maps"),
            OutputConfig.Parquet.TYPE,
            List.of("folders", "file_bytes", "file_rows", "file_age_secs"),
            OutputConfig.SingleFile.TYPE,
            List.of());

    private final int topicPartitions;
    private final Path directory;
    private final Set<String> types = new HashSet<>();

    /**
     * A reader for one file.
     *
     * @param directory what relative paths are resolved against
     */
    CatalogReader(int topicPartitions, Path directory) {
        this.topicPartitions = topicPartitions;
        this.directory = directory;
    }

    /** Reads a table's section, which takes what it does not say from the pipeline's. */
    CatalogConfig catalog(Section section, String schema, String table) {
        String type = section.oneOf("type", OutputConfig.Hats.TYPE, "hats", "parquet", "file");
        types.add(type);
        KEYS_BY_TYPE.forEach((other, keys) -> {
            if (!other.equals(type)) {
                section.refuse(keys, "it belongs to catalog.type %s, and this one is %s".formatted(other, type));
            }
        });
        String path = section.requiredText("path").replace("{schema}", schema).replace("{table}", table);
        if (path.contains("://") && !REMOTE_PATH.matcher(path).matches()) {
            section.problem(
                    "path",
                    "expected a local path, or one that begins with hdfs:// or s3a://, found '%s'".formatted(path));
        }
        String name =
                section.text("name").orElse(table).replace("{schema}", schema).replace("{table}", table);
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            section.problem("name", "expected letters, digits, underscores and hyphens, found '%s'".formatted(name));
        }
        CatalogConfig catalog = new CatalogConfig(
                located(path),
                name,
                output(section, type),
                section.number("row_group_rows", 100_000, 1, 10_000_000),
                (int) section.number("retain_versions", 5, 1, 10_000),
                section.map("hadoop_properties"));
        section.finish();
        return catalog;
    }

    /** Reports what is wrong with the pipeline's section, once all tables are read. */
    void finish(Section pipelines) {
        KEYS_BY_TYPE.forEach((type, keys) -> {
            if (!types.contains(type)) {
                pipelines.refuse(keys, "it belongs to catalog.type %s, and no table's is that".formatted(type));
            }
        });
        pipelines.finish();
    }

    private OutputConfig output(Section section, String type) {
        return switch (type) {
            case OutputConfig.Parquet.TYPE -> new OutputConfig.Parquet(
                    folders(section),
                    section.number("file_bytes", DEFAULT_FILE_BYTES, LEAST_FILE_BYTES, Long.MAX_VALUE),
                    section.number("file_rows", Long.MAX_VALUE, 1, Long.MAX_VALUE),
                    Duration.ofSeconds(section.number("file_age_secs", 0, 1, MAX_AGE_SECS)),
                    smallestOrder());
            case OutputConfig.SingleFile.TYPE -> new OutputConfig.SingleFile(smallestOrder());
            default -> hats(section);
        };
    }

    private OutputConfig.Hats hats(Section section) {
        int highest = (int) section.number("highest_order", 10, 0, 29);
        int lowest = (int) section.number("lowest_order", 0, 0, 20);
        if (lowest > highest) {
            section.problem("lowest_order", "expected at most highest_order (%d), found %d".formatted(highest, lowest));
        }
        if (topicPartitions > cells(lowest)) {
            section.problem(
                    "lowest_order",
                    "a leaf belongs to one topic partition, so kafka.topic_partitions (%d) may be at most 12*4^lowest_order (%d)"
                            .formatted(topicPartitions, cells(lowest)));
        }
        return new OutputConfig.Hats(
                section.oneOf("product", "object", "object", "source"),
                section.number("pixel_threshold_rows", 1_000_000, 1, Long.MAX_VALUE),
                lowest,
                highest,
                section.flag("drop_empty_siblings", true),
                marginThreshold(section, highest),
                ExtrasReader.read(section, highest));
    }

    private static double marginThreshold(Section section, int highestOrder) {
        double threshold = section.decimal("margin_threshold_arcsec", DEFAULT_MARGIN_ARCSEC);
        if (threshold > 0 && BorderRule.orderOf(threshold) <= highestOrder) {
            section.problem(
                    "margin_threshold_arcsec",
                    "a margin of %s arcsec is wider than a cell of the order above highest_order (%d): lower one of the two, or say 0 for no margin"
                            .formatted(threshold, highestOrder));
        }
        return threshold;
    }

    private static List<FolderRule> folders(Section section) {
        List<FolderRule> folders = new ArrayList<>();
        for (JsonNode element : section.list("folders")) {
            if (!element.isTextual() || element.asText().isBlank()) {
                section.problem(
                        "folders",
                        "expected columns, or year, month, day or hour of one as in year(column), found %s"
                                .formatted(element));
            } else {
                folders.add(FolderRule.parse(element.asText()));
            }
        }
        if (folders.stream().distinct().count() < folders.size()) {
            section.problem("folders", "expected each once, found %s".formatted(folders));
        }
        return folders;
    }

    private int smallestOrder() {
        int order = 0;
        while (cells(order) < topicPartitions) {
            order++;
        }
        return order;
    }

    private static long cells(int order) {
        return 12L << (2 * order);
    }

    private String located(String path) {
        if (path.isEmpty() || path.contains("://")) {
            return path;
        }
        return directory.resolve(path).normalize().toString();
    }
}
