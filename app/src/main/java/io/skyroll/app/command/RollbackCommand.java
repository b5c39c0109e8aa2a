package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.Stages;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Rollback;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.storage.Store;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Moves readers of a catalog back to an older version. */
@Command(
        name = "rollback",
        description = "Pin readers of the pipeline's catalogs to an older version, or let them see the newest again.",
        mixinStandardHelpOptions = true)
public final class RollbackCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Choice choice = new Choice();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Either of the two. */
    static final class Choice {
        @Option(names = "--to", paramLabel = "VERSION", description = "The number of a retained version.")
        long version;

        @Option(names = "--release", description = "Let readers see the newest version again.")
        boolean release;
    }

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        PrintWriter out = spec.commandLine().getOut();
        for (TableConfig table : config.tables()) {
            try (Store store = Stages.store(table)) {
                Rollback rollback =
                        new Rollback(new Chain(store), table.catalog().retainVersions());
                if (choice.release) {
                    rollback.release();
                    Stages.pointReaders(config, table, store);
                    out.println("%s: released".formatted(table.catalog().path()));
                } else {
                    Version version = rollback.to(choice.version);
                    Stages.pointReaders(config, table, store);
                    out.println("%s: pinned to version %d, the source at %s"
                            .formatted(table.catalog().path(), version.number(), version.cut()));
                }
            }
        }
        return 0;
    }
}
