package io.skyroll.app.check;

import io.skyroll.app.config.OutputConfig;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.CatalogConfig;
import io.skyroll.app.config.PipelineConfig.FilterConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.hats.BorderRule;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says what a pipeline file means: every value that a run goes by, whether the file or a default gives it. No secrets. */
public final class ConfigText {
    private final StringBuilder text = new StringBuilder();

    private ConfigText() {}

    public static String of(PipelineConfig config) {
        ConfigText of = new ConfigText();
        of.pipeline(config);
        config.tables().forEach(table -> of.table(config, table));
        return of.text.toString();
    }

    private void pipeline(PipelineConfig config) {
        text.append("pipeline %s%n".formatted(config.pipeline()));
        row("source", source(config));
        row(
                "kafka",
                "%s, %d partitions a topic, %s"
                        .formatted(
                                config.kafka().bootstrapServers().orElse("embedded"),
                                config.kafka().topicPartitions(),
                                config.kafka().rowsPerRecord() == 1 ? "one row a record" : "batches of rows"));
        row("registry", config.registryUrl().map(ConfigText::withoutUser).orElse("embedded"));
        row("data_dir", config.dataDirectory().normalize().toString());
    }

    private static String source(PipelineConfig config) {
        Map<String, String> connection = new TreeMap<>(config.source().connection());
        connection.computeIfPresent("url", (key, url) -> "given");
        String given = connection.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
        return "PostgreSQL, %s; %d workers, chunks of %,d bytes"
                .formatted(
                        given.isEmpty() ? "as the environment says" : given,
                        config.source().workers(),
                        config.source().chunkBytes());
    }

    private static String withoutUser(String url) {
        return url.replaceFirst("//[^/@]*@", "//***@");
    }

    private void table(PipelineConfig config, TableConfig table) {
        TableName name = new TableName(config.pipeline(), table.schema(), table.table());
        CatalogConfig catalog = table.catalog();
        text.append("%ntable %s%n".formatted(name.qualified()));
        row("topics", "%s, %s, %s".formatted(name.rowsTopic(), name.skyTopic(), name.rejectsTopic()));
        row(
                "place on the sky",
                table.sky()
                        .map(sky -> "%s, %s".formatted(sky.raColumn(), sky.decColumn()))
                        .orElse("none: rows are spread and ordered by a hash of their keys"));
        for (FilterConfig filter : table.filters()) {
            row("filter " + filter.name(), filter.where().strip().replaceAll("\\s+", " "));
        }
        if (table.filters().isEmpty()) {
            row(
                    "filters",
                    table.sky().isPresent()
                            ? "none: every row with a place on the sky is published"
                            : "none: every row is published");
        }
        row("collection", catalog.path());
        OutputConfig output = catalog.output();
        if (output instanceof OutputConfig.Hats hats) {
            hats(catalog, hats);
        } else if (output instanceof OutputConfig.Parquet parquet) {
            parquet(catalog, parquet);
        } else {
            row(
                    "file",
                    "%s.parquet; the newest %d versions are kept".formatted(catalog.name(), catalog.retainVersions()));
        }
    }

    private void hats(CatalogConfig catalog, OutputConfig.Hats hats) {
        row(
                "catalog",
                "%s, of %ss; the newest %d versions are kept"
                        .formatted(catalog.name(), hats.product(), catalog.retainVersions()));
        row(
                "leaves",
                "at most %,d rows, of orders %d to %d%s; row groups of at most %,d rows"
                        .formatted(
                                hats.thresholdRows(),
                                hats.lowestOrder(),
                                hats.highestOrder(),
                                hats.dropEmptySiblings() ? ", named without empty siblings" : "",
                                catalog.rowGroupRows()));
        row("margins", margins(hats));
    }

    private void parquet(CatalogConfig catalog, OutputConfig.Parquet parquet) {
        row(
                "dataset",
                "%s, of Parquet files; the newest %d versions are kept"
                        .formatted(catalog.name(), catalog.retainVersions()));
        row(
                "folders",
                parquet.folders().isEmpty()
                        ? "none"
                        : parquet.folders().stream().map(FolderRule::toString).collect(Collectors.joining(", ")));
        row(
                "files",
                "of about %,d bytes%s%s; row groups of at most %,d rows"
                        .formatted(
                                parquet.fileBytes(),
                                parquet.fileRows() == Long.MAX_VALUE
                                        ? ""
                                        : ", at most %,d rows".formatted(parquet.fileRows()),
                                parquet.fileAge().isZero()
                                        ? ""
                                        : ", added to for %,d s"
                                                .formatted(parquet.fileAge().toSeconds()),
                                catalog.rowGroupRows()));
    }

    private static String margins(OutputConfig.Hats hats) {
        return hats.marginThresholdArcsec() == 0
                ? "none"
                : "%s arcsec, by cells of order %d"
                        .formatted(hats.marginThresholdArcsec(), BorderRule.orderOf(hats.marginThresholdArcsec()));
    }

    private void row(String name, String value) {
        text.append("  %-18s %s%n".formatted(name, value));
    }
}
