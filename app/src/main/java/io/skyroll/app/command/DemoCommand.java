package io.skyroll.app.command;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.CatalogConfig;
import io.skyroll.app.config.PipelineConfig.FilterConfig;
import io.skyroll.app.config.PipelineConfig.KafkaConfig;
import io.skyroll.app.config.PipelineConfig.SkyConfig;
import io.skyroll.app.config.PipelineConfig.SourceConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.demo.DemoTable;
import io.skyroll.app.demo.Detections;
import io.skyroll.app.demo.Stars;
import io.skyroll.app.progress.ReportText;
import io.skyroll.app.run.PipelineRun;
import io.skyroll.app.run.RunReport;
import io.skyroll.app.run.Services;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
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

/** Publishes a table of an embedded PostgreSQL server, over an embedded broker and registry. */
@Command(
        name = "demo",
        description = "Publish real stars from an embedded PostgreSQL as a HATS catalog; needs nothing else.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final int HIGHEST_ORDER = 10;
    private static final int RETAINED_VERSIONS = 5;
    private static final long ROW_GROUP_ROWS = 100_000;

    @Option(names = "--rows", paramLabel = "N", description = "Publish N made-up detections instead of the stars.")
    private @Nullable Long rows;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Keep the catalog in this directory. Without it, the catalog lasts until the next demo.")
    private @Nullable Path out;

    @Option(
            names = "--partitions",
            paramLabel = "P",
            defaultValue = "12",
            description = "Partitions of the topics (default: ${DEFAULT-VALUE}).")
    private int partitions = 12;

    @Mixin
    private DisplayOptions display = new DisplayOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (rows != null && rows < 1) {
            throw new ParameterException(spec.commandLine(), "--rows: expected a number above 0, found %d".formatted(rows));
        }
        if (partitions < 1 || partitions > 1000) {
            throw new ParameterException(
                    spec.commandLine(), "--partitions: expected a number from 1 to 1000, found %d".formatted(partitions));
        }
        DemoTable table = rows == null ? new Stars() : new Detections(rows);
        Path collection = out == null ? emptied(Path.of(System.getProperty("java.io.tmpdir"), "skyroll-demo")) : out;
        PipelineConfig config = config(table, collection.toAbsolutePath().normalize());
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        try (EmbeddedDatabase database = EmbeddedDatabase.start(config.dataDirectory().resolve("postgres"));
                Services services = Services.forWholePipeline(config)) {
            spec.commandLine().getErr().println("loading %,d rows into the embedded PostgreSQL".formatted(table.rows()));
            spec.commandLine().getErr().flush();
            try (Connection connection = database.connect()) {
                table.load(connection);
            }
            RunReport report =
                    new PipelineRun(config, services, connections(database), display.observer()).run(false);
            spec.commandLine().getOut().print(ReportText.of(report));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private PipelineConfig config(DemoTable table, Path collection) {
        CatalogConfig catalog = new CatalogConfig(
                collection.toString(),
                table.name(),
                rows == null ? "object" : "source",
                table.thresholdRows(),
                lowestOrder(),
                HIGHEST_ORDER,
                true,
                ROW_GROUP_ROWS,
                RETAINED_VERSIONS);
        TableConfig tableConfig = new TableConfig(
                "public",
                table.name(),
                new SkyConfig("ra", "dec"),
                List.of(new FilterConfig("good_enough", table.filter())),
                catalog);
        return new PipelineConfig(
                "demo",
                new SourceConfig(Map.of(), 2, 32 << 20),
                new KafkaConfig(Optional.empty(), partitions, 0, Map.of()),
                Optional.empty(),
                List.of(tableConfig),
                collection.resolve("_skyroll/demo"));
    }

    /** The smallest order that has a cell for every partition. */
    private int lowestOrder() {
        int order = 0;
        while (12L << 2 * order < partitions) {
            order++;
        }
        return order;
    }

    /** Only what a demo has left there is removed. */
    private static Path emptied(Path directory) throws IOException {
        if (Files.isDirectory(directory.resolve("_skyroll"))) {
            try (Store store = Stores.open(directory.toString())) {
                for (Store.Entry entry : store.list("")) {
                    store.delete(entry.name());
                }
            }
        }
        return directory;
    }

    private static Connections connections(EmbeddedDatabase database) {
        return new Connections() {
            @Override
            public Connection open() throws SQLException {
                return database.connect();
            }

            @Override
            public Connection openReplication() throws SQLException {
                return database.connectForReplication("postgres");
            }
        };
    }
}
