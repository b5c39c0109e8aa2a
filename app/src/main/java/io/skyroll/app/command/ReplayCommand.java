package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.progress.ReportText;
import io.skyroll.app.run.ReplayRun;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.Stages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rebuilds catalogs from what the topics hold. */
@Command(
        name = "replay",
        description =
                "Rebuild the catalogs from their sky topics as a new generation, without the database: after a change of layout, or of a damaged catalog. Readers keep the old one until the new one is complete.",
        mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Option(names = "--from-beginning", description = "Read the topics from their beginning; the only choice so far.")
    private boolean fromBeginning;

    @Mixin
    private DisplayOptions display = new DisplayOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (!fromBeginning) {
            throw new ParameterException(spec.commandLine(), "replay needs to be told from where: --from-beginning");
        }
        PipelineConfig config = ConfigLoader.load(file);
        Stages.requireOurCollections(config);
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        try (Services services = Services.forWholePipeline(config)) {
            spec.commandLine().getOut().print(ReportText.of(new ReplayRun(config, services, display.observer()).run()));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
