package io.skyroll.app.command;

import io.skyroll.app.check.ConfigText;
import io.skyroll.app.check.PipelineLint;
import io.skyroll.app.config.ConfigLoader;
import io.skyroll.schemas.failure.FailureKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a pipeline file and says what it means and what is wrong with it. */
@Command(
        name = "check",
        description =
                "Say what a pipeline file means, and everything that is wrong with it, without connecting to anything. Warnings do not fail.",
        mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ConfigLoader.Examined examined = ConfigLoader.examine(file);
        PipelineLint.Findings found = PipelineLint.of(examined.config());
        List<String> problems = new ArrayList<>(examined.problems());
        problems.addAll(found.problems());
        PrintWriter err = spec.commandLine().getErr();
        err.print(Findings.listed(file, found.warnings(), "warning"));
        err.print(Findings.listed(file, problems, "problem"));
        err.flush();
        if (!problems.isEmpty()) {
            return FailureKind.CONFIGURATION.exitCode();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(ConfigText.of(examined.config()));
        out.flush();
        return 0;
    }
}
