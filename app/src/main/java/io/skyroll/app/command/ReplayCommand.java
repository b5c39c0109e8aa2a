package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.progress.ReportText;
import io.skyroll.app.run.ReplayRun;
import io.skyroll.app.run.ReplayRun.From;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.Stages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rebuilds catalogs from what the topics hold. */
@Command(
        name = "replay",
        description =
                "Rebuild the catalogs from the topics as a new generation, without the database: after a change of layout, filters or coordinates, or of a damaged catalog. Readers keep the old one until the new one is complete.",
        mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Start start = new Start();

    /** Where to start from. */
    static final class Start {
        @SuppressWarnings("UnusedVariable") // The group wants one of both.
        @Option(names = "--from-beginning", description = "Read the sky topics from their beginning.")
        private boolean fromBeginning;

        @Option(
                names = "--reset-streams",
                description =
                        "Make the sky and rejects topics anew, from the rows topics, with the filters and coordinates of the file. No other process of the pipeline may be at work.")
        private boolean resetStreams;
    }

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
            spec.commandLine()
                    .getOut()
                    .print(ReportText.of(new ReplayRun(config, services, display.observer())
                            .run(start.resetStreams ? From.ROWS_TOPICS : From.SKY_TOPICS)));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
