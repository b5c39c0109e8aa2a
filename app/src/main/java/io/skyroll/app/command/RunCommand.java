package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.progress.ReportText;
import io.skyroll.app.run.PipelineRun;
import io.skyroll.app.run.RunReport;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.Stages;
import java.nio.file.Files;
import java.nio.file.Path;
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
        description = "Run all stages of a pipeline in this process, until its catalogs are published.",
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Option(
            names = "--new-generation",
            description = "Begin the catalogs anew: after a change of layout, or when the topics were lost.")
    private boolean newGeneration;

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
            RunReport report = new PipelineRun(config, services, SourceConnections.of(config), display.observer())
                    .run(newGeneration);
            spec.commandLine().getOut().print(ReportText.of(report));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
