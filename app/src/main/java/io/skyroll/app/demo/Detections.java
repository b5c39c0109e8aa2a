package io.skyroll.app.demo;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Made-up detections of a survey: 22 columns, always the same for the same number of rows. Their density is uneven like a survey's: most
 * lie along the galactic plane, some everywhere, and none north of a declination that the telescope does not reach.
 */
public final class Detections implements DemoTable {
    private static final int COLUMNS = 22;
    private static final int FLUSH_BYTES = 1 << 20;
    private static final double NORTHERN_LIMIT_DEGREES = 35;
    private static final double PLANE_SHARE = 0.6;
    private static final double PLANE_SCALE_DEGREES = 6;
    /** 2025-06-01 00:00 UTC in microseconds since 2000-01-01, as PostgreSQL counts. */
    private static final long START_MICROS = 802_051_200_000_000L;

    private static final String[] BANDS = {"u", "g", "r", "i", "z", "y"};

    private final long rows;

    public Detections(long rows) {
        this.rows = rows;
    }

    @Override
    public String name() {
        return "detections";
    }

    @Override
    public String filter() {
        return "snr > 70 AND NOT is_dipole";
    }

    @Override
    public String product() {
        return "source";
    }

    @Override
    public long thresholdRows() {
        return 100_000;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE public.detections (
                      source_id bigint PRIMARY KEY, object_id bigint NOT NULL, visit bigint NOT NULL, detector smallint NOT NULL,
                      band text NOT NULL, ra double precision NOT NULL, dec double precision NOT NULL, ra_err real, dec_err real,
                      x double precision, y double precision, psf_flux double precision, psf_flux_err double precision,
                      ap_flux double precision, mag real, snr real, flags integer NOT NULL, is_dipole boolean NOT NULL,
                      obs_time timestamptz NOT NULL, ingested_at timestamp NOT NULL, filter_name varchar(16), comment text)""");
        }
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY public.detections FROM STDIN (FORMAT binary)");
        try {
            write(copy);
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void write(CopyIn copy) throws SQLException {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(FLUSH_BYTES + (FLUSH_BYTES >> 2));
        try {
            DataOutputStream out = new DataOutputStream(buffer);
            out.write("PGCOPY\n".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {(byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0});
            for (long i = 0; i < rows; i++) {
                row(i, out);
                if (buffer.size() >= FLUSH_BYTES) {
                    copy.writeToCopy(buffer.toByteArray(), 0, buffer.size());
                    buffer.reset();
                }
            }
            out.writeShort(-1);
        } catch (IOException impossible) {
            throw SkyrollException.defect("writing to memory failed", impossible);
        }
        copy.writeToCopy(buffer.toByteArray(), 0, buffer.size());
        copy.endCopy();
    }

    private static void row(long i, DataOutputStream out) throws IOException {
        SplittableRandom random = new SplittableRandom(i);
        double[] place = place(random);
        String band = BANDS[(int) (i / 2000 % BANDS.length)];
        double flux = 100 * Math.exp(6 * random.nextDouble());
        double quality = random.nextDouble();
        out.writeShort(COLUMNS);
        put(out, 9_000_000_000_000_000L + i);
        put(out, 1_000_000_000L + i * 7919 % 700_000);
        put(out, 2_025_000_000L + i / 2000);
        out.writeInt(Short.BYTES);
        out.writeShort((int) (i / 20 % 189));
        put(out, band);
        put(out, place[0]);
        put(out, place[1]);
        put(out, (float) (0.01 + 0.2 * random.nextDouble()));
        put(out, (float) (0.01 + 0.2 * quality));
        put(out, 4072 * random.nextDouble());
        put(out, 4000 * random.nextDouble());
        put(out, flux);
        put(out, flux * 0.01 * (0.5 + quality));
        put(out, flux * (0.95 + 0.1 * random.nextDouble()));
        put(out, (float) (31.4 - 2.5 * Math.log10(flux)));
        put(out, (float) (100 / (0.5 + quality)));
        out.writeInt(Integer.BYTES);
        out.writeInt(random.nextInt(1 << 16) & 0x1111);
        out.writeInt(1);
        out.writeBoolean(random.nextInt(100) == 0);
        put(out, START_MICROS + i / 2000 * 34_000_000 + i % 2000 * 1000);
        put(out, START_MICROS + i * 137);
        put(out, band + "_LSST");
        if (random.nextInt(50) == 0) {
            put(out, "note " + i + " near the edge of the detector");
        } else {
            out.writeInt(-1);
        }
    }

    /** Right ascension and declination in degrees. */
    private static double[] place(SplittableRandom random) {
        while (true) {
            double longitude = 360 * random.nextDouble();
            double latitude = random.nextDouble() < PLANE_SHARE
                    ? Math.signum(random.nextDouble() - 0.5) * -PLANE_SCALE_DEGREES * Math.log(1 - random.nextDouble())
                    : Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
            double[] place =
                    equatorial(Math.toRadians(longitude), Math.toRadians(Math.max(-90, Math.min(90, latitude))));
            if (place[1] < NORTHERN_LIMIT_DEGREES) {
                return place;
            }
        }
    }

    /**
     * Galactic to equatorial coordinates (ICRS), with the pole and the node of the Hipparcos catalogue's definition (ESA SP-1200, volume 1,
     * section 1.5.3).
     */
    private static double[] equatorial(double longitude, double latitude) {
        double poleRa = Math.toRadians(192.85948);
        double poleDec = Math.toRadians(27.12825);
        double fromNode = Math.toRadians(122.93192) - longitude;
        double dec = Math.asin(
                Math.sin(poleDec) * Math.sin(latitude) + Math.cos(poleDec) * Math.cos(latitude) * Math.cos(fromNode));
        double ra = poleRa
                + Math.atan2(
                        Math.cos(latitude) * Math.sin(fromNode),
                        Math.cos(poleDec) * Math.sin(latitude)
                                - Math.sin(poleDec) * Math.cos(latitude) * Math.cos(fromNode));
        double degrees = Math.toDegrees(ra) % 360;
        return new double[] {degrees < 0 ? degrees + 360 : degrees, Math.toDegrees(dec)};
    }

    private static void put(DataOutputStream out, long value) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(value);
    }

    private static void put(DataOutputStream out, double value) throws IOException {
        out.writeInt(Double.BYTES);
        out.writeDouble(value);
    }

    private static void put(DataOutputStream out, float value) throws IOException {
        out.writeInt(Float.BYTES);
        out.writeFloat(value);
    }

    private static void put(DataOutputStream out, String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
