package io.skyroll.app.command;

import io.skyroll.schemas.topic.TableName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lets the catalog of one table go on. */
@Command(
        name = "resume",
        description = "Have versions of a paused table's catalog published again, from where it stopped.",
        mixinStandardHelpOptions = true)
public final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private NamedCatalog catalog = new NamedCatalog();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        TableName name = catalog.apply(chain -> chain.pause(false));
        spec.commandLine().getOut().println("%s: resumed".formatted(name.qualified()));
        return 0;
    }
}
