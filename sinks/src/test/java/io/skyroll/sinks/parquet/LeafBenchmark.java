package io.skyroll.sinks.parquet;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures encoding, decoding and copying of a detection catalogue of 22 columns, uniform on the sky, in groups of 100,000 rows
 * on one thread. Run by hand: {@code LeafBenchmark [rounds] [zstd level]}.
 */
public final class LeafBenchmark {
    private static final int ROWS = 1_000_000;
    private static final int GROUP_ROWS = 100_000;

    private static final RowSchema SCHEMA = new RowSchema(
            "catalog.source",
            List.of(
                    new Column("source_id", ColumnType.INT64, false),
                    new Column("object_id", ColumnType.INT64, false),
                    new Column("visit", ColumnType.INT64, false),
                    new Column("detector", ColumnType.INT16, false),
                    new Column("band", ColumnType.STRING, false),
                    new Column("ra", ColumnType.FLOAT64, false),
                    new Column("dec", ColumnType.FLOAT64, false),
                    new Column("ra_err", ColumnType.FLOAT32, true),
                    new Column("dec_err", ColumnType.FLOAT32, true),
                    new Column("x", ColumnType.FLOAT64, true),
                    new Column("y", ColumnType.FLOAT64, true),
                    new Column("psf_flux", ColumnType.FLOAT64, true),
                    new Column("psf_flux_err", ColumnType.FLOAT64, true),
                    new Column("ap_flux", ColumnType.FLOAT64, true),
                    new Column("mag", ColumnType.FLOAT32, true),
                    new Column("snr", ColumnType.FLOAT32, true),
                    new Column("flags", ColumnType.INT32, false),
                    new Column("is_dipole", ColumnType.BOOLEAN, false),
                    new Column("obs_time", ColumnType.TIMESTAMP_UTC, false),
                    new Column("ingested_at", ColumnType.TIMESTAMP, false),
                    new Column("filter_name", ColumnType.STRING, true),
                    new Column("comment", ColumnType.STRING, true)),
            List.of("source_id"));

    private final AvroBuffer rows = new AvroBuffer(ROWS * 160);
    private final int[] ends = new int[ROWS];
    private final long[] healpix;

    private LeafBenchmark() {
        Random random = new Random(42);
        healpix = random.longs(ROWS, 0, 12L << 58).sorted().toArray();
        for (int row = 0; row < ROWS; row++) {
            generate(random.nextInt(2 * ROWS), random);
            ends[row] = rows.size();
        }
    }

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
        int level = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ParquetLeaves.DEFAULT_ZSTD_LEVEL;
        new LeafBenchmark().run(new ParquetLeaves(SCHEMA, level), rounds);
    }

    private void run(ParquetLeaves leaves, int rounds) throws IOException {
        InMemoryStore store = new InMemoryStore();
        for (int round = 0; round < rounds; round++) {
            measure("encode", round, () -> {
                try (LeafWriter writer = leaves.create(store.create("leaf"))) {
                    for (int row = 0; row < ROWS; row += GROUP_ROWS) {
                        writer.encode(cursor(row, row + GROUP_ROWS));
                    }
                    return writer.finish().bytes();
                }
            });
            measure("decode", round, () -> {
                long bytes = 0;
                try (LeafReader reader = leaves.open(store.open("leaf"))) {
                    for (int group = 0; group < reader.groups().size(); group++) {
                        for (RowCursor decoded = reader.rows(group); decoded.next(); ) {
                            bytes += decoded.end() - decoded.start();
                        }
                    }
                }
                return bytes;
            });
            measure("copy", round, () -> {
                try (LeafReader reader = leaves.open(store.open("leaf"));
                        LeafWriter writer = leaves.create(store.create("copy"))) {
                    for (int group = 0; group < reader.groups().size(); group++) {
                        writer.copy(reader, group);
                    }
                    LeafFile copied = writer.finish();
                    return copied.bytes();
                }
            });
        }
    }

    private interface Work {
        long run() throws IOException;
    }

    private static void measure(String name, int round, Work work) throws IOException {
        long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long before = System.nanoTime();
        long bytes = work.run();
        double seconds = (System.nanoTime() - before) / 1e9;
        double cpu = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s round %d: %.0f rows/s, %.2f CPU s per million rows, %.1f MB%n",
                name,
                round,
                ROWS / seconds,
                cpu / ROWS * 1e6,
                bytes / 1e6);
    }

    private void generate(long i, Random random) {
        double r1 = random.nextDouble();
        double r3 = random.nextDouble();
        double r4 = random.nextDouble();
        double r5 = random.nextDouble();
        double r6 = random.nextDouble();
        double flux = 100 * Math.exp(6 * random.nextDouble());
        String band = "ugrizy".substring((int) (i / 2000 % 6), (int) (i / 2000 % 6) + 1);
        rows.writeLong(9_000_000_000_000_000L + i);
        rows.writeLong(1_000_000_000 + i * 7919 % 700_000);
        rows.writeLong(2_025_000_000 + i / 2000);
        rows.writeLong(i / 20 % 189);
        text(band);
        real(360 * r1);
        real(Math.toDegrees(Math.asin(2 * random.nextDouble() - 1)));
        nullableReal((float) (0.01 + 0.2 * r3));
        nullableReal((float) (0.01 + 0.2 * r4));
        nullableReal(4072 * r5);
        nullableReal(4000 * r6);
        nullableReal(flux);
        nullableReal(flux * 0.01 * (0.5 + r4));
        nullableReal(flux * (0.95 + 0.1 * r5));
        nullableReal((float) (31.4 - 2.5 * Math.log10(flux)));
        nullableReal((float) (100 / (0.5 + r4)));
        rows.writeLong(Math.round(r3 * 65535) & 4369);
        rows.writeByte(r6 < 0.01 ? 1 : 0);
        rows.writeLong(1_748_736_000_000_000L + i / 2000 * 34_000_000 + i % 2000 * 1000);
        rows.writeLong(1_748_779_200_000_000L + i * 137);
        rows.writeByte(2);
        text(band + "_LSST");
        rows.writeByte(r1 < 0.02 ? 2 : 0);
        if (r1 < 0.02) {
            text("note " + i + " near the edge of the detector");
        }
    }

    private void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        rows.writeWithLength(utf8, 0, utf8.length);
    }

    private void real(double value) {
        rows.writeDoubleBits(Double.doubleToRawLongBits(value));
    }

    private void nullableReal(double value) {
        rows.writeByte(2);
        real(value);
    }

    private void nullableReal(float value) {
        rows.writeByte(2);
        rows.writeFloatBits(Float.floatToRawIntBits(value));
    }

    private RowCursor cursor(int from, int to) {
        return new RowCursor() {
            private int row = from - 1;

            @Override
            public boolean next() {
                return ++row < to;
            }

            @Override
            public long healpix() {
                return healpix[row];
            }

            @Override
            public byte[] bytes() {
                return rows.bytes();
            }

            @Override
            public int start() {
                return row == 0 ? 0 : ends[row - 1];
            }

            @Override
            public int end() {
                return ends[row];
            }
        };
    }
}
