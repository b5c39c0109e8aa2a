package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.CollectionState;
import io.skyroll.app.run.Stages;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.storage.Store;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets the catalog of one table go on. */
@Command(
        name = "resume",
        description = "Have versions of a paused table's catalog published again, from where it stopped.",
        mixinStandardHelpOptions = true)
public final class ResumeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "TABLE", description = "The table.")
    private String table = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        TableConfig named = NamedTable.in(config, table);
        TableName name = NamedTable.name(config, named);
        try (Store store = Stages.store(named)) {
            CollectionState.of(store, name).requireOurs(name);
            new Chain(store).pause(false);
        }
        spec.commandLine().getOut().println("%s: resumed".formatted(name.qualified()));
        return 0;
    }
}
