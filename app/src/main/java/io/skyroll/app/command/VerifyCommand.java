package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.CollectionState;
import io.skyroll.app.run.Stages;
import io.skyroll.app.verify.FollowedComparison;
import io.skyroll.app.verify.ReportLines;
import io.skyroll.app.verify.SourceComparison;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.verify.Report;
import io.skyroll.sinks.verify.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Proves that a catalog keeps its contract and, if wanted, that it equals its source. */
@Command(
        name = "verify",
        description =
                "Check everything about a published catalog that readers rely on, and compare it with its source if a pipeline file is given. Writes nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is wrong",
            "1:something is wrong: the report names it",
            "2:the command line or the pipeline file is wrong, or there is no catalog",
            "3:the catalog is sound and differs from the source, which has moved on since, or has not been read so far",
            "75:a server did not answer: try again later"
        })
public final class VerifyCommand implements Callable<Integer> {
    private static final int WRONG = 1;
    private static final int MOVED_ON = 3;

    @Mixin
    private CatalogOptions catalog = new CatalogOptions();

    @Option(
            names = "--source",
            paramLabel = "pipeline.yaml",
            description = "The pipeline that made it: compare the newest version with the database, row for row.")
    private @Nullable Path source;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = {
                "With --source of a pipeline that follows changes: how long it may take to read what was committed, and again to publish it.",
                "Default: twice freshness_secs, and 30 s."
            })
    private @Nullable Long waitSeconds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Optional<PipelineConfig> config = Optional.ofNullable(source).map(ConfigLoader::load);
        Optional<TableConfig> table = config.map(this::table);
        Map<String, String> hadoop = new HashMap<>();
        table.ifPresent(made -> hadoop.putAll(made.catalog().hadoopProperties()));
        hadoop.putAll(catalog.hadoop());
        PrintWriter out = spec.commandLine().getOut();
        try (Store store = catalog.open(hadoop)) {
            Report report = Verification.of(store);
            out.print(ReportLines.of(report));
            out.flush();
            int code = report.isClean() ? 0 : WRONG;
            if (config.isPresent() && table.isPresent()) {
                code = worse(code, compare(store, config.get(), table.get(), out));
            }
            return code;
        }
    }

    private int compare(Store store, PipelineConfig config, TableConfig table, PrintWriter out) throws IOException {
        TableName name = new TableName(config.pipeline(), table.schema(), table.table());
        CollectionState.of(store, name).requireOurs(name);
        TableRequest request = Stages.requests(config).get(config.tables().indexOf(table));
        Connections connections = SourceConnections.of(config);
        Optional<ChangesConfig> changes = config.source().changes();
        if (!config.source().readsRows()) {
            throw SkyrollException.configuration(
                    "%s has mode: changes, so the catalog holds only rows that were changed since its beginning: the database does not tell which these are, and --source has nothing to compare with"
                            .formatted(source));
        }
        SourceComparison comparison = changes.isPresent()
                ? FollowedComparison.of(store, table, request, connections, changes.get(), patience(changes.get()))
                : SourceComparison.of(store, table, request, connections);
        out.print(comparison.text());
        out.flush();
        return switch (comparison.outcome()) {
            case EQUAL -> 0;
            case DIFFERENT -> WRONG;
            case MOVED_ON -> MOVED_ON;
        };
    }

    private Duration patience(ChangesConfig changes) {
        Long seconds = waitSeconds;
        return seconds == null ? FollowedComparison.patience(changes) : Duration.ofSeconds(seconds);
    }

    /** A defect of the catalog counts more than a source that has moved on. */
    private static int worse(int one, int other) {
        return one == WRONG || other == WRONG ? WRONG : Math.max(one, other);
    }

    /** The table whose catalog this is: the one with this path, or the only one. */
    private TableConfig table(PipelineConfig config) {
        List<TableConfig> here = config.tables().stream()
                .filter(table -> isHere(table.catalog().path()))
                .toList();
        if (here.size() == 1) {
            return here.get(0);
        }
        throw new ParameterException(
                spec.commandLine(),
                "%s is the catalog.path of no table in %s: it has %s"
                        .formatted(
                                catalog.directory(),
                                source,
                                config.tables().stream()
                                        .map(table -> table.catalog().path())
                                        .toList()));
    }

    private boolean isHere(String path) {
        String directory = catalog.directory();
        if (path.contains("://") || directory.contains("://")) {
            return withoutSlash(path).equals(withoutSlash(directory));
        }
        return Path.of(path)
                .toAbsolutePath()
                .normalize()
                .equals(Path.of(directory).toAbsolutePath().normalize());
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
