package io.skyroll.app.check;

import io.skyroll.app.config.OutputConfig;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.CatalogConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.CollectionState;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a pipeline file for what reading it cannot find: directories of this machine that will not do, and settings that hold but
 * that somebody should think about. Owned by one thread, single use.
 */
public final class PipelineLint {
    private static final Pattern URL_PASSWORD = Pattern.compile("//[^/@\\s]*:[^/@\\s]+@|[?&]password=[^&]+");
    private static final Pattern KEYWORD_PASSWORD = Pattern.compile("(?:^|\\s)password\\s*=");
    private static final List<String> SECRETS = List.of("password", "secret", "jaas.config", "access.key", "token");

    private final PipelineConfig config;
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    private PipelineLint(PipelineConfig config) {
        this.config = config;
    }

    /** What was found. Problems keep the pipeline from running; warnings do not. */
    public record Findings(List<String> problems, List<String> warnings) {
        public Findings {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Looks at a file; writes nothing, and connects to nothing.
     *
     * @param config may have parts empty that the file is wrong about; they are passed over
     */
    public static Findings of(PipelineConfig config) {
        PipelineLint lint = new PipelineLint(config);
        lint.secrets();
        lint.servers();
        lint.directory("data_dir", config.dataDirectory());
        config.tables().forEach(lint::catalog);
        lint.nesting();
        return new Findings(new ArrayList<>(lint.problems), new ArrayList<>(lint.warnings));
    }

    private void secrets() {
        String url = config.source().connection().getOrDefault("url", "");
        if (URL_PASSWORD.matcher(url).find() || KEYWORD_PASSWORD.matcher(url).find()) {
            warnings.add("source.url: it holds a password; put that into ~/.pgpass, or into PGPASSWORD");
        }
        if (URL_PASSWORD.matcher(config.registryUrl().orElse("")).find()) {
            warnings.add("registry.url: it holds a password: let nobody else read this file");
        }
        secrets("kafka.properties", config.kafka().properties());
        for (TableConfig table : config.tables()) {
            secrets("catalog.hadoop_properties", table.catalog().hadoopProperties());
        }
    }

    private void secrets(String section, Map<String, String> properties) {
        properties.keySet().stream()
                .filter(key -> SECRETS.stream().anyMatch(key.toLowerCase(Locale.ROOT)::contains))
                .sorted()
                .forEach(key -> warnings.add(
                        "%s.%s: it looks like a secret: let nobody else read this file, or leave it to the environment"
                                .formatted(section, key)));
    }

    private void servers() {
        boolean isKafkaNamed = config.kafka().bootstrapServers().isPresent();
        if (isKafkaNamed && config.registryUrl().isEmpty()) {
            warnings.add(
                    "registry.url: the schemas of a cluster that others read would be known to this directory only; name a registry as well");
        }
        if (!isKafkaNamed && config.registryUrl().isPresent()) {
            warnings.add(
                    "registry.url: the broker is embedded and the registry is not: losing either makes the topics unreadable");
        }
    }

    private void catalog(TableConfig table) {
        CatalogConfig catalog = table.catalog();
        if (isLocal(catalog)) {
            directory("catalog.path", Path.of(catalog.path()));
            if (Files.isDirectory(Path.of(catalog.path()))) {
                collection(table);
            }
        }
        if (catalog.retainVersions() == 1) {
            warnings.add(
                    "catalog.retain_versions: with 1, files are removed under the hands of who reads the version before; 2 or more are better");
        }
        if (catalog.output() instanceof OutputConfig.Hats hats
                && hats.thresholdRows() < 1000
                && hats.highestOrder() > 7) {
            warnings.add(
                    "catalog.pixel_threshold_rows: leaves of at most %d rows make many small files; hats-import's default is 1000000"
                            .formatted(hats.thresholdRows()));
        }
    }

    private void collection(TableConfig table) {
        if (config.pipeline().isEmpty()
                || table.schema().isEmpty()
                || table.table().isEmpty()) {
            return;
        }
        TableName name = new TableName(config.pipeline(), table.schema(), table.table());
        try (Store store = Stores.open(table.catalog().path())) {
            CollectionState.of(store, name).requireOurs(name);
        } catch (SkyrollException inTheWay) {
            problems.add("catalog.path: " + inTheWay.getMessage());
        } catch (IOException unreadable) {
            problems.add(
                    "catalog.path: cannot read %s: %s".formatted(table.catalog().path(), unreadable.getMessage()));
        }
    }

    /** A directory must be one, or be creatable, and be ours to write in. */
    private void directory(String key, Path directory) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            problems.add("%s: %s is a file, not a directory".formatted(key, directory));
            return;
        }
        Optional<Path> existing = existing(directory);
        if (existing.isPresent() && !Files.isDirectory(existing.get())) {
            problems.add("%s: %s cannot be created, since %s is a file".formatted(key, directory, existing.get()));
        } else if (existing.isPresent() && !Files.isWritable(existing.get())) {
            problems.add("%s: this user may not write in %s".formatted(key, existing.get()));
        }
    }

    /** A path, or the nearest directory above it that is there. */
    static Optional<Path> existing(Path path) {
        @Nullable Path above = path.toAbsolutePath().normalize();
        while (above != null && Files.notExists(above)) {
            above = above.getParent();
        }
        return Optional.ofNullable(above);
    }

    private void nesting() {
        List<Path> paths = config.tables().stream()
                .map(TableConfig::catalog)
                .filter(PipelineLint::isLocal)
                .map(catalog -> Path.of(catalog.path()))
                .distinct()
                .toList();
        Path data = config.dataDirectory().normalize();
        for (Path path : paths) {
            paths.stream()
                    .filter(other -> !other.equals(path) && other.startsWith(path))
                    .forEach(other -> warnings.add(
                            "catalog.path: %s is inside of %s, another table's: whoever copies or removes that one takes it along"
                                    .formatted(other, path)));
            if (path.startsWith(data) && !path.equals(data)) {
                warnings.add(
                        "catalog.path: %s is inside of data_dir (%s): whoever removes that to start afresh takes the catalog along"
                                .formatted(path, data));
            }
            if (data.startsWith(path) && !data.equals(path) && !data.startsWith(path.resolve("_skyroll"))) {
                warnings.add("data_dir: %s is inside of the catalog's %s, where readers look".formatted(data, path));
            }
        }
    }

    private static boolean isLocal(CatalogConfig catalog) {
        return !catalog.path().isEmpty() && !catalog.path().contains("://");
    }
}
