package io.skyroll.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skyroll.app.config.PipelineConfig.FilterConfig;
import io.skyroll.app.config.PipelineConfig.SkyConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.streams.filter.Filter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads which tables become catalogs: what a table does not say itself, the pipeline's sections say. */
final class TablesReader {
    private static final String SKY = "sky";
    private static final List<String> SKY_KEYS = List.of("ra_column", "dec_column");
    private static final Pattern FILTER = Pattern.compile("[A-Za-z0-9_]+");

    private final String pipeline;
    private final CatalogReader catalogs;

    /**
     * A reader for one file.
     *
     * @param directory what relative paths are resolved against
     */
    TablesReader(String pipeline, int topicPartitions, Path directory) {
        this.pipeline = pipeline;
        this.catalogs = new CatalogReader(topicPartitions, directory);
    }

    List<TableConfig> tables(Section root, Section source) {
        List<JsonNode> entries = source.list("tables");
        if (entries.isEmpty()) {
            source.problem("tables", "expected at least one table, as schema.table");
            // So that the defaults are checked all the same.
            entries = List.of(TextNode.valueOf("schema.table"));
        }
        Optional<Section> sky = root.has(SKY) && !root.isNone(SKY) ? Optional.of(root.section(SKY)) : Optional.empty();
        Section catalog = root.section("catalog");
        Section types = root.section("types");
        List<FilterConfig> filters = filters(root);
        List<TableConfig> tables = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            JsonNode entry = entries.get(i);
            Section own = source.element("tables", i, entry.isTextual() ? MissingNode.getInstance() : entry);
            String name = entry.isTextual() ? entry.asText() : entry.isObject() ? own.requiredText("table") : "";
            int dot = name.indexOf('.');
            String schema = dot > 0 ? name.substring(0, dot) : name;
            String table = name.substring(dot + 1);
            checkTable(source, "tables[%d]".formatted(i), name);
            if (!name.isEmpty() && !names.add(name)) {
                source.problem("tables[%d]".formatted(i), "%s is listed twice".formatted(name));
            }
            TableConfig read = new TableConfig(
                    schema,
                    table,
                    ReadsReader.read(own, types),
                    sky(own, sky),
                    own.has("filters") ? filters(own) : filters,
                    catalogs.catalog(own.section("catalog", catalog), schema, table));
            requireSky(read, own.has(SKY) ? own : root);
            tables.add(read);
            own.finish();
        }
        sky.ifPresent(section -> section.finish(SKY_KEYS));
        catalogs.finish(catalog);
        types.finish();
        refuseSharedPaths(source, tables);
        return tables;
    }

    private void checkTable(Section source, String key, String name) {
        int dot = name.indexOf('.');
        if (name.isEmpty()) {
            return;
        }
        if (dot <= 0 || dot == name.length() - 1) {
            source.problem(key, "expected schema.table, found '%s'".formatted(name));
        } else if (!pipeline.isEmpty()) {
            try {
                TableName unused = new TableName(pipeline, name.substring(0, dot), name.substring(dot + 1));
            } catch (SkyrollException tooLong) {
                source.problem(key, Optional.ofNullable(tooLong.getMessage()).orElse("no table's name"));
            }
        }
    }

    /** What a table says itself, or else the pipeline; {@code none}, or nothing from both, for a table without coordinates. */
    private static Optional<SkyConfig> sky(Section own, Optional<Section> pipelines) {
        if (own.isNone(SKY) || (!own.has(SKY) && pipelines.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(
                sky(pipelines.map(byDefault -> own.section(SKY, byDefault)).orElseGet(() -> own.section(SKY))));
    }

    /** @param owner what says that the table has no coordinates */
    private static void requireSky(TableConfig table, Section owner) {
        if (table.sky().isEmpty() && table.catalog().output() instanceof OutputConfig.Hats) {
            owner.problem(
                    SKY,
                    "a HATS catalog needs places on the sky: name their columns, as in {ra_column: ra, dec_column: dec}; or give a table without them catalog.type: parquet, or file");
        }
    }

    private static SkyConfig sky(Section section) {
        SkyConfig sky = new SkyConfig(section.requiredText("ra_column"), section.requiredText("dec_column"));
        if (!sky.raColumn().isEmpty() && sky.raColumn().equals(sky.decColumn())) {
            section.problem(
                    "dec_column", "expected another column than ra_column, found '%s'".formatted(sky.decColumn()));
        }
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
            if (!name.isEmpty() && (!FILTER.matcher(name).matches() || !names.add(name))) {
                filter.problem(
                        "name", "expected letters, digits and underscores, each name once, found '%s'".formatted(name));
            }
            String where = filter.requiredText("where");
            checkSyntax(filter, name, where);
            filters.add(new FilterConfig(name, where));
            filter.finish();
        }
        return filters;
    }

    private static void checkSyntax(Section filter, String name, String where) {
        if (!where.isEmpty()) {
            try {
                Filter.checkSyntax(name, where);
            } catch (SkyrollException wrong) {
                filter.problem("where", String.valueOf(wrong.getMessage()));
            }
        }
    }

    private static void refuseSharedPaths(Section source, List<TableConfig> tables) {
        Map<String, String> tableByPath = new HashMap<>();
        for (TableConfig table : tables) {
            String name = table.schema() + "." + table.table();
            String other = tableByPath.put(table.catalog().path(), name);
            if (other != null && !other.equals(name) && !table.catalog().path().isEmpty()) {
                source.problem(
                        "tables",
                        "%s and %s have the same catalog.path %s: give each its own, or put {table} into the path"
                                .formatted(other, name, table.catalog().path()));
            }
        }
    }
}
