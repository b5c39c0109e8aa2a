package io.skyroll.app.command;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.metrics.Metrics;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.StageWatch;
import io.skyroll.app.run.Stages;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.sinks.consume.TableSink;
import io.skyroll.sinks.storage.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes catalogs. */
@Command(
        name = "sink",
        description = "Publish catalogs from the sky topics, until stopped. Start more of these to share the work.",
        mixinStandardHelpOptions = true)
public final class SinkCommand implements Callable<Integer> {
    @Parameters(paramLabel = "pipeline.yaml", description = "The pipeline file.")
    private Path file = Path.of("");

    @Option(
            names = "--new-generation",
            description =
                    "Begin the catalogs anew: after a change of layout, or when the topics were lost. For one process only.")
    private boolean newGeneration;

    @Mixin
    private DisplayOptions display = new DisplayOptions();

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = ConfigLoader.load(file);
        Stages.requireOurCollections(config);
        Files.createDirectories(config.dataDirectory());
        LogFile.open(config.dataDirectory());
        List<Store> stores = new ArrayList<>();
        Map<String, TableSink> sinks = new LinkedHashMap<>();
        StageMeter meter = new StageMeter();
        try (Services services = Services.forOneStage(config);
                Stages stages = new Stages(config, services);
                Metrics metrics = new Metrics(config.pipeline())) {
            metrics.stage("sink", meter::rowsIn, meter::rowsOut);
            try {
                for (TableConfig table : config.tables()) {
                    Store store = Stages.store(table);
                    stores.add(store);
                    TableSink sink = stages.sink(table, store, meter);
                    sinks.put(table.catalog().path(), sink);
                    sink.start(newGeneration);
                }
                VersionNews news = new VersionNews(sinks);
                return new StageWatch("sink", meter::rowsIn, 0, news::next, display.observer()).during(() -> {
                    StopWait.untilStopped(() -> sinks.values().stream()
                            .flatMap(sink -> sink.failure().stream())
                            .findFirst());
                    return 0;
                });
            } finally {
                sinks.values().forEach(TableSink::close);
                stores.forEach(Store::close);
            }
        }
    }
}
