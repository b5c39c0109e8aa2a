package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.CollectionState;
import io.skyroll.app.run.Stages;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The catalog of one table, as the command line names it. */
final class NamedCatalog {
    @Parameters(index = "0", paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "TABLE", description = "The table.")
    private String table = "";

    /** What is done with the chain of the catalog's versions. */
    interface Action {
        void on(Chain chain) throws IOException;
    }

    /**
     * Does something with it.
     *
     * @return whose catalog it is
     * @throws SkyrollException when the file is wrong or has no such table, or the catalog is not ours
     */
    TableName apply(Action action) throws IOException {
        PipelineConfig config = ConfigLoader.load(file);
        TableConfig named = NamedTable.in(config, table);
        TableName name = NamedTable.name(config, named);
        try (Store store = Stages.store(named)) {
            CollectionState.of(store, name).requireOurs(name);
            action.on(new Chain(store));
        }
        return name;
    }
}
