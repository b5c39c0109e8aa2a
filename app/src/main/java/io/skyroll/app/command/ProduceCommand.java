package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.Stages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a snapshot into the rows topics. */
@Command(
        name = "produce",
        description =
                "Read the source into the rows topics: one snapshot, then stop. A second one at the same time is fenced off.",
        mixinStandardHelpOptions = true)
public final class ProduceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        try (Services services = Services.forOneStage(config)) {
            new Stages(config, services)
                    .producer(SourceConnections.of(config))
                    .run()
                    .forEach((table, position) -> spec.commandLine()
                            .getOut()
                            .println("%s: snapshot at %s written".formatted(table.qualified(), position)));
        }
        return 0;
    }
}
