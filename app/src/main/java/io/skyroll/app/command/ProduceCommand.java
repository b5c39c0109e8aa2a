package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.StageWatch;
import io.skyroll.app.run.Stages;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.snapshot.SnapshotProducer;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a snapshot into the rows topics. */
@Command(
        name = "produce",
        description =
                "Read the source into the rows topics: one snapshot, then stop. A second one at the same time is fenced off.",
        mixinStandardHelpOptions = true)
public final class ProduceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Mixin
    private DisplayOptions display = new DisplayOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        try (Services services = Services.forOneStage(config)) {
            SnapshotProducer producer = new Stages(config, services).producer(SourceConnections.of(config));
            List<SourceTable> tables = producer.inspect();
            long expected =
                    tables.stream().mapToLong(SourceTable::estimatedRows).sum();
            Map<TableName, Position> positions = new StageWatch(
                            "produce", producer::rows, expected, List::of, display.observer())
                    .during(producer::run);
            PrintWriter out = spec.commandLine().getOut();
            positions.forEach((table, position) -> {
                out.println("%s: snapshot at %s written".formatted(table.qualified(), position));
                Stages.conversions(producer, table)
                        .forEach((policy, count) -> out.println(
                                "%s: %d value(s) changed by %s".formatted(table.qualified(), count, policy)));
            });
        }
        return 0;
    }
}
