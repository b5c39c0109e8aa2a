package io.skyroll.app.command;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.demo.DemoPipeline;
import io.skyroll.app.demo.DemoTable;
import io.skyroll.app.demo.Detections;
import io.skyroll.app.demo.Stars;
import io.skyroll.app.progress.ReportText;
import io.skyroll.app.run.PipelineRun;
import io.skyroll.app.run.RunReport;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.Stages;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
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
            throw new ParameterException(
                    spec.commandLine(), "--rows: expected a number above 0, found %d".formatted(rows));
        }
        if (partitions < 1 || partitions > 1000) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--partitions: expected a number from 1 to 1000, found %d".formatted(partitions));
        }
        DemoTable table = rows == null ? new Stars() : new Detections(rows);
        Path collection = out == null ? emptied(Path.of(System.getProperty("java.io.tmpdir"), "skyroll-demo")) : out;
        PipelineConfig config =
                DemoPipeline.config(table, collection.toAbsolutePath().normalize(), partitions);
        Stages.requireOurCollections(config);
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        try (EmbeddedDatabase database =
                        EmbeddedDatabase.start(config.dataDirectory().resolve("postgres"));
                Services services = Services.forWholePipeline(config)) {
            spec.commandLine()
                    .getErr()
                    .println("loading %,d rows into the embedded PostgreSQL".formatted(table.rows()));
            spec.commandLine().getErr().flush();
            try (Connection connection = database.connect()) {
                table.load(connection);
            }
            RunReport report = new PipelineRun(config, services, DemoPipeline.connections(database), display.observer())
                    .run(false);
            spec.commandLine().getOut().print(ReportText.of(report));
            spec.commandLine().getOut().flush();
        }
        return 0;
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
}
