package io.skyroll.app.command;

import io.skyroll.app.inspect.CollectionText;
import io.skyroll.sinks.storage.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Describes a published catalog. */
@Command(
        name = "inspect",
        description =
                "Describe a published catalog: versions, columns, leaves, margins, indexes, sizes. Writes nothing.",
        mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
    @Mixin
    private CatalogOptions catalog = new CatalogOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        try (Store store = catalog.open(catalog.hadoop())) {
            spec.commandLine().getOut().print(CollectionText.of(store));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
