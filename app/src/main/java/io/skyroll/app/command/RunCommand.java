package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.progress.ReportText;
import io.skyroll.app.run.FollowingRun;
import io.skyroll.app.run.PipelineRun;
import io.skyroll.app.run.RunReport;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.Stages;
import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs all stages of a pipeline in one process. */
@Command(
        name = "run",
        description =
                "Run all stages of a pipeline in this process: until its catalogs are published, or, where the file says that changes are followed, until it is interrupted.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the catalogs are published",
            "1:the catalogs are published, but a table is not followed any more",
            "2:the command line or the pipeline file is wrong, or the source cannot be followed",
            "75:a server did not answer: try again later"
        })
public final class RunCommand implements Callable<Integer> {
    private static final int STOPPED = 1;

    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Option(
            names = "--new-generation",
            description = "Begin the catalogs anew: after a change of layout, or when the topics were lost.")
    private boolean newGeneration;

    @Option(
            names = "--catch-up",
            description = "Where changes are followed: end when the catalogs show what was committed before the start.")
    private boolean catchUp;

    @Mixin
    private ReadAnewOptions anew = new ReadAnewOptions();

    @Mixin
    private DisplayOptions display = new DisplayOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        Stages.requireOurCollections(config);
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        try (Services services = Services.forWholePipeline(config)) {
            return run(config, services);
        }
    }

    private int run(PipelineConfig config, Services services) throws IOException {
        Connections connections = SourceConnections.of(config);
        Optional<ChangesConfig> changes = config.source().changes();
        if (changes.isEmpty()) {
            if (catchUp || anew.isGiven()) {
                throw SkyrollException.configuration(
                        "%s follows no changes (source.mode: snapshot): every run reads the tables anew, and --catch-up, --resnapshot and --resync mean nothing"
                                .formatted(file));
            }
            print(new PipelineRun(config, services, connections, display.observer()).run(newGeneration));
            return 0;
        }
        End end = catchUp ? End.CAUGHT_UP : End.NEVER;
        FollowingRun run = new FollowingRun(config, services, connections, changes.get(), end, display.observer());
        print(run.run(newGeneration, anew.of(config)));
        run.stopped().forEach((table, why) -> spec.commandLine().getErr().println("skyroll: " + stopped(table, why)));
        return run.stopped().isEmpty() ? 0 : STOPPED;
    }

    /** What is to be said of a table that is not followed any more. */
    static String stopped(TableName table, String why) {
        return "%s is not followed any more: %s; --resync %s reads this table alone"
                .formatted(table.qualified(), why, table.qualified());
    }

    private void print(RunReport report) {
        spec.commandLine().getOut().print(ReportText.of(report));
        spec.commandLine().getOut().flush();
    }
}
