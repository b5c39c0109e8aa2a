package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.metrics.Metrics;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.StageWatch;
import io.skyroll.app.run.Stages;
import io.skyroll.producers.changes.ChangeProducer;
import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.snapshot.SnapshotProducer;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a snapshot into the rows topics, and follows the changes behind it where the file says so. */
@Command(
        name = "produce",
        description =
                "Read the source into the rows topics: one snapshot, then stop; or, where the file says that changes are followed, these too, until interrupted. A second one at the same time is fenced off.",
        mixinStandardHelpOptions = true)
public final class ProduceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Mixin
    private DisplayOptions display = new DisplayOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ReadAnewOptions anew = new ReadAnewOptions();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        try (Services services = Services.forOneStage(config);
                Metrics metrics = new Metrics(config.pipeline())) {
            Stages stages = new Stages(config, services);
            Optional<ChangesConfig> changes = config.source().changes();
            if (changes.isPresent()) {
                ChangeProducer producer = stages.changes(SourceConnections.of(config), changes.get(), End.NEVER);
                metrics.slot(producer::slot, changes.get().budget());
                metrics.stage("produce", producer::rows, producer::rows);
                follow(producer, anew.of(config));
            } else {
                takeSnapshot(stages.producer(SourceConnections.of(config)));
            }
        }
        return 0;
    }

    private void takeSnapshot(SnapshotProducer producer) throws Exception {
        Map<TableName, Position> positions = new StageWatch(
                        "produce", producer::rows, expected(producer.inspect()), List::of, display.observer())
                .during(producer::run);
        PrintWriter out = spec.commandLine().getOut();
        positions.forEach((table, position) -> {
            out.println("%s: snapshot at %s written".formatted(table.qualified(), position));
            Stages.conversions(producer, table)
                    .forEach((policy, count) ->
                            out.println("%s: %d value(s) changed by %s".formatted(table.qualified(), count, policy)));
        });
    }

    /** Ends when the thread is interrupted. */
    private void follow(ChangeProducer producer, Set<TableName> readAnew) throws Exception {
        long expected = expected(producer.inspect(readAnew));
        Set<TableName> told = new HashSet<>();
        new StageWatch("produce", producer::rows, expected, () -> news(producer, told), display.observer())
                .during(() -> {
                    producer.run(readAnew);
                    throw new CancellationException("interrupted");
                });
    }

    private static List<String> news(ChangeProducer producer, Set<TableName> told) {
        List<String> lines = new ArrayList<>(producer.news());
        producer.stopped().entrySet().stream()
                .filter(table -> told.add(table.getKey()))
                .map(table -> RunCommand.stopped(table.getKey(), table.getValue()))
                .forEach(lines::add);
        return lines;
    }

    private static long expected(List<SourceTable> tables) {
        return tables.stream().mapToLong(SourceTable::estimatedRows).sum();
    }
}
