package io.skyroll.app.command;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.plan.PipelinePlan;
import io.skyroll.app.plan.PlanText;
import io.skyroll.app.plan.Planner;
import io.skyroll.schemas.failure.FailureKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a run would do. */
@Command(
        name = "plan",
        description =
                "Say what a run would do: rows, leaves, types, disk, time, and what is in the way. Reads the database, and writes nothing anywhere.",
        mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Write the plan as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        PipelinePlan plan = new Planner(config, SourceConnections.of(config)).plan();
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? json(plan) : PlanText.of(plan));
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        if (!json) {
            err.print(Findings.listed(file, plan.warnings(), "warning"));
            err.print(Findings.listed(file, plan.problems(), "problem"));
            err.flush();
        }
        return plan.problems().isEmpty() ? 0 : FailureKind.CONFIGURATION.exitCode();
    }

    private static String json(PipelinePlan plan) throws com.fasterxml.jackson.core.JsonProcessingException {
        return JsonMapper.builder()
                        .addModule(new Jdk8Module())
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(plan)
                + System.lineSeparator();
    }
}
