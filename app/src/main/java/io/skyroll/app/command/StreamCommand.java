package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.metrics.Metrics;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.StageWatch;
import io.skyroll.app.run.Stages;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.streams.topology.SkyStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Filters rows and finds their places on the sky. */
@Command(
        name = "stream",
        description =
                "Filter rows and find their places on the sky, until stopped. Start more of these to share the work.",
        mixinStandardHelpOptions = true)
public final class StreamCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Mixin
    private DisplayOptions display = new DisplayOptions();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        try (Services services = Services.forOneStage(config);
                Metrics metrics = new Metrics(config.pipeline())) {
            Stages stages = new Stages(config, services);
            StageMeter meter = new StageMeter();
            metrics.stage("stream", meter::rowsIn, meter::rowsOut);
            Map<TableName, SkyStream> streams = new LinkedHashMap<>();
            config.tables().forEach(table -> streams.put(stages.name(table), stages.stream(table, meter)));
            Set<TableName> told = new HashSet<>();
            try {
                streams.values().forEach(SkyStream::start);
                return new StageWatch("stream", meter::rowsIn, 0, () -> news(streams, told), display.observer())
                        .during(() -> {
                            StopWait.untilStopped(() -> streams.values().stream()
                                    .flatMap(stream -> stream.failure().stream())
                                    .findFirst());
                            return 0;
                        });
            } finally {
                streams.values().forEach(SkyStream::close);
            }
        }
    }

    /** Says once of each table that it stands still, if it does. */
    private static List<String> news(Map<TableName, SkyStream> streams, Set<TableName> told) {
        List<String> lines = new ArrayList<>();
        streams.forEach((table, stream) -> stream.stopped()
                .filter(why -> told.add(table))
                .map(why -> RunCommand.stopped(table, why))
                .ifPresent(lines::add));
        return lines;
    }
}
