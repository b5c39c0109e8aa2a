package io.skyroll.bench;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.demo.DemoPipeline;
import io.skyroll.app.demo.Detections;
import io.skyroll.app.progress.NoProgress;
import io.skyroll.app.run.PipelineRun;
import io.skyroll.app.run.Services;
import io.skyroll.app.run.Stages;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.producers.snapshot.SnapshotProducer;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.consume.TableSink;
import io.skyroll.sinks.storage.Store;
import io.skyroll.streams.topology.SkyStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Times the pipeline over made-up detections in one JVM, broker and registry included: the stages one after another, so that each has its
 * own figures, then all at once, several rounds each. The first round shows a cold JVM.
 *
 * <p>Arguments: rows, rounds.
 */
final class PipelineBenchmark {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int PARTITIONS = 12;

    private final Path directory;
    private final EmbeddedDatabase database;
    private final long postmaster;
    private final long rows;

    private PipelineBenchmark(Path directory, EmbeddedDatabase database, long rows) throws Exception {
        this.directory = directory;
        this.database = database;
        this.rows = rows;
        this.postmaster = postmaster(directory);
    }

    private static long postmaster(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path file = files.filter(path -> path.endsWith("postmaster.pid"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(Files.readAllLines(file).get(0).trim());
        }
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 2
                || !NUMBER.matcher(args[0]).matches()
                || !NUMBER.matcher(args[1]).matches()) {
            throw new IllegalArgumentException("arguments: rows rounds");
        }
        long rows = Long.parseLong(args[0]);
        Path directory = Files.createTempDirectory("skyroll-bench");
        System.out.println("data in " + directory);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"))) {
            try (Connection connection = database.connect()) {
                new Detections(rows).load(connection);
            }
            System.out.printf(
                    "%-18s %12s %12s %14s %14s%n", "", "rows/s", "CPU s/M rows", "of it postgres", "peak heap MB");
            PipelineBenchmark benchmark = new PipelineBenchmark(directory, database, rows);
            for (int round = 0; round < Integer.parseInt(args[1]); round++) {
                benchmark.oneAfterAnother(round);
                benchmark.allAtOnce(round);
            }
            System.out.printf("peak resident memory of the JVM: %d MB%n", Usage.peakResidentBytes() >> 20);
        }
        System.exit(0);
    }

    private void oneAfterAnother(int round) throws Exception {
        PipelineConfig config = config("apart" + round);
        TableConfig table = config.tables().get(0);
        try (Services services = Services.forWholePipeline(config);
                Store store = Stages.store(table);
                Stages stages = new Stages(config, services)) {
            SnapshotProducer producer = stages.producer(DemoPipeline.connections(database));
            Usage start = begin();
            Map<TableName, Position> positions = producer.run();
            report("produce", round, start, rows);
            StageMeter streamed = new StageMeter();
            try (SkyStream stream = stages.stream(table, streamed)) {
                start = begin();
                stream.start();
                await(() -> streamed.rowsIn() >= rows);
            }
            report("stream", round, start, rows);
            StageMeter sunk = new StageMeter();
            try (TableSink sink = stages.sink(table, store, sunk)) {
                start = begin();
                sink.start(false);
                Position cut = positions.values().iterator().next();
                await(() -> sink.pointedTo()
                        .filter(version -> version.cut().equals(cut))
                        .isPresent());
                report("sink", round, start, sunk.rowsIn());
            }
        }
    }

    private void allAtOnce(int round) throws Exception {
        PipelineConfig config = config("together" + round);
        Usage start = begin();
        try (Services services = Services.forWholePipeline(config)) {
            new PipelineRun(config, services, DemoPipeline.connections(database), new NoProgress()).run(false);
            report("all at once", round, start, rows);
        }
    }

    private PipelineConfig config(String name) {
        return DemoPipeline.config(new Detections(rows), directory.resolve(name), PARTITIONS);
    }

    private Usage begin() {
        System.gc();
        Usage.resetPeakHeap();
        return Usage.now(postmaster);
    }

    private void report(String what, int round, Usage start, long ofRows) {
        Usage end = Usage.now(postmaster);
        double seconds = (end.nanos() - start.nanos()) / 1e9;
        double postgres = (end.postgresCpuNanos() - start.postgresCpuNanos()) / 1e3 / ofRows;
        double own = (end.cpuNanos() - start.cpuNanos()) / 1e3 / ofRows;
        System.out.printf(
                Locale.ROOT,
                "%-12s %5d %,12.0f %12.2f %14.2f %14d%n",
                what,
                round,
                ofRows / seconds,
                own + postgres,
                postgres,
                Usage.peakHeapBytes() >> 20);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
