package io.skyroll.bench;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.sinks.leaf.RowCursor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** A detection catalogue of 22 columns in memory, as Avro in the order of a leaf, uniform on the sky; always the same rows. */
final class DetectionRows {
    static final RowSchema SCHEMA = new RowSchema(
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

    private final AvroBuffer rows;
    private final int[] ends;
    private final long[] healpix;

    DetectionRows(int count) {
        rows = new AvroBuffer(count * 160);
        ends = new int[count];
        Random random = new Random(42);
        healpix = random.longs(count, 0, 12L << 58).sorted().toArray();
        for (int row = 0; row < count; row++) {
            generate(random.nextInt(2 * count), random);
            ends[row] = rows.size();
        }
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

    /** The rows from one index up to before another. */
    RowCursor cursor(int from, int to) {
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
