package io.skyroll.app.command;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.status.PipelineStatus;
import io.skyroll.app.status.StatusReader;
import io.skyroll.app.status.StatusText;
import io.skyroll.schemas.failure.FailureKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how a pipeline stands. */
@Command(
        name = "status",
        description =
                "Say how a pipeline stands, whether it runs or not: what is published, what the replication slot holds back, how far stages are behind. Writes nothing anywhere.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing needs attention",
            "1:something does: the report names it",
            "2:the command line or the pipeline file is wrong",
            "75:a server did not answer: try again later"
        })
public final class StatusCommand implements Callable<Integer> {
    private static final int ATTENTION = 1;

    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Write the status as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        PipelineStatus status = new StatusReader(config, SourceConnections.of(config), InstantSource.system()).read();
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? json(status) : StatusText.of(status));
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        status.unreached().forEach(line -> err.println("skyroll: " + line));
        err.flush();
        if (!status.attention().isEmpty()) {
            return ATTENTION;
        }
        return status.unreached().isEmpty() ? 0 : FailureKind.UNAVAILABLE.exitCode();
    }

    private static String json(PipelineStatus status) throws com.fasterxml.jackson.core.JsonProcessingException {
        return JsonMapper.builder()
                        .addModule(new Jdk8Module())
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(status)
                + System.lineSeparator();
    }
}
