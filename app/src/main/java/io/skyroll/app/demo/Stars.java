package io.skyroll.app.demo;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.GZIPInputStream;
import org.postgresql.PGConnection;

/** 118,216 real stars that ship with the program; see NOTICE.txt beside the data. */
public final class Stars implements DemoTable {
    private static final long ROWS = 118_216;

    @Override
    public String name() {
        return "stars";
    }

    @Override
    public String filter() {
        return "vmag < 12 AND bv IS NOT NULL";
    }

    @Override
    public String product() {
        return "object";
    }

    @Override
    public long thresholdRows() {
        return 5_000;
    }

    @Override
    public long rows() {
        return ROWS;
    }

    @Override
    public void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                InputStream resource = Stars.class.getResourceAsStream("stars.csv.gz")) {
            if (resource == null) {
                throw SkyrollException.defect("the demo's stars are missing from the build");
            }
            statement.execute(
                    "CREATE TABLE public.stars (hip integer PRIMARY KEY, ra double precision NOT NULL, dec double precision NOT NULL, vmag real, bv real)");
            try (InputStream csv = new GZIPInputStream(resource)) {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY public.stars FROM STDIN (FORMAT csv, HEADER)", csv);
            }
        } catch (IOException failure) {
            throw SkyrollException.defect("cannot read the demo's stars", failure);
        }
    }
}
