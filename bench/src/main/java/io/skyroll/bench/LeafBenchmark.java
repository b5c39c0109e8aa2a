package io.skyroll.bench;

import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times writing a leaf of Avro rows as Parquet: by our encoder and by parquet-avro, in turns, one thread, same rows, row groups, codec
 * and level; then reading it and copying its row groups. The first round warms up and is not counted.
 *
 * <p>Arguments: rows, rounds.
 */
final class LeafBenchmark {
    private static final int GROUP_ROWS = 100_000;

    private final int count;
    private final DetectionRows rows;
    private final ParquetLeaves leaves = new ParquetLeaves(DetectionRows.SCHEMA);
    private final InMemoryStore store = new InMemoryStore();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private LeafBenchmark(int count) {
        this.count = count;
        this.rows = new DetectionRows(count);
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("arguments: rows rounds");
        }
        LeafBenchmark benchmark = new LeafBenchmark(Integer.parseInt(args[0]));
        for (int round = 0; round <= Integer.parseInt(args[1]); round++) {
            benchmark.round();
            if (round == 0) {
                benchmark.samples.clear();
            }
        }
        System.out.printf("%-24s %12s %14s %10s%n", "median", "rows/s", "CPU s/M rows", "MB");
        benchmark.samples.forEach(benchmark::report);
    }

    private void round() throws IOException {
        measure("encode", this::encode);
        measure(
                "encode, parquet-avro",
                () -> ParquetAvroLeaf.write(rows, count, GROUP_ROWS, ParquetLeaves.DEFAULT_ZSTD_LEVEL));
        measure("decode", this::decode);
        measure("copy", this::copy);
    }

    private long encode() throws IOException {
        try (LeafWriter writer = leaves.create(store.create("leaf"))) {
            for (int row = 0; row < count; row += GROUP_ROWS) {
                writer.encode(rows.cursor(row, Math.min(count, row + GROUP_ROWS)));
            }
            return writer.finish().bytes();
        }
    }

    private long decode() throws IOException {
        long bytes = 0;
        try (LeafReader reader = leaves.open(store.open("leaf"))) {
            for (int group = 0; group < reader.groups().size(); group++) {
                for (RowCursor decoded = reader.rows(group); decoded.next(); ) {
                    bytes += decoded.end() - decoded.start();
                }
            }
        }
        return bytes;
    }

    private long copy() throws IOException {
        try (LeafReader reader = leaves.open(store.open("leaf"));
                LeafWriter writer = leaves.create(store.create("copy"))) {
            for (int group = 0; group < reader.groups().size(); group++) {
                writer.copy(reader, group);
            }
            return writer.finish().bytes();
        }
    }

    private interface Work {
        /** Answers how many bytes came out. */
        long run() throws IOException;
    }

    private record Sample(double seconds, double cpuSeconds, long bytes) {}

    private void measure(String name, Work work) throws IOException {
        long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long before = System.nanoTime();
        long bytes = work.run();
        double seconds = (System.nanoTime() - before) / 1e9;
        double cpu = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore) / 1e9;
        samples.computeIfAbsent(name, unused -> new ArrayList<>()).add(new Sample(seconds, cpu, bytes));
    }

    private void report(String name, List<Sample> rounds) {
        double seconds = median(rounds.stream().mapToDouble(Sample::seconds).toArray());
        double cpu = median(rounds.stream().mapToDouble(Sample::cpuSeconds).toArray());
        System.out.printf(
                Locale.ROOT,
                "%-24s %,12.0f %14.2f %10.1f%n",
                name,
                count / seconds,
                cpu / count * 1e6,
                rounds.get(0).bytes() / 1e6);
    }

    private static double median(double... values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
