package io.skyroll.app.command;

import io.skyroll.schemas.topic.TableName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Holds the catalog of one table. */
@Command(
        name = "pause",
        description =
                "Have no new version of a table's catalog begun; what is followed meanwhile waits in Kafka. The other tables go on, and so does reading the source.",
        mixinStandardHelpOptions = true)
public final class PauseCommand implements Callable<Integer> {
    @Mixin
    private NamedCatalog catalog = new NamedCatalog();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        TableName name = catalog.apply(chain -> chain.pause(true));
        spec.commandLine()
                .getOut()
                .println("%s: paused: no version is begun until 'skyroll resume'".formatted(name.qualified()));
        return 0;
    }
}
