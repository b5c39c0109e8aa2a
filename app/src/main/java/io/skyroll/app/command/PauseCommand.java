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

/** Holds the catalog of one table. */
@Command(
        name = "pause",
        description =
                "Have no new version of a table's catalog begun; what is followed meanwhile waits in Kafka. The other tables go on, and so does reading the source.",
        mixinStandardHelpOptions = true)
public final class PauseCommand implements Callable<Integer> {
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
            new Chain(store).pause(true);
        }
        spec.commandLine()
                .getOut()
                .println("%s: paused: no version is begun until 'skyroll resume'".formatted(name.qualified()));
        return 0;
    }
}
