package io.skyroll.app.scenario;

import io.skyroll.local.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Tables of made-up rows all over the sky, the same each time: some without a name, of magnitudes from 10 to 20. */
final class SkyTable {

    private SkyTable() {}

    static void create(Connection connection, String table, String ra, String dec, int rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE %s (id bigint PRIMARY KEY, %s double precision NOT NULL, %s double precision NOT NULL, mag real, name text)"""
                            .formatted(table, ra, dec));
        }
        extend(connection, table, 1, rows);
    }

    /** Adds rows with the ids from first to last. */
    static void extend(Connection connection, String table, int first, int last) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Golden-angle steps along a sphere's axis: even on the sky, and no two rows at one place.
            statement.execute(
                    """
                    INSERT INTO %s SELECT i, i * 137.50776405003785::float8 - 360 * floor(i * 137.50776405003785::float8 / 360),
                      degrees(asin(2 * (i * 0.6180339887498949::float8 - floor(i * 0.6180339887498949::float8)) - 1)),
                      10 + i %% 100 * 0.1, CASE WHEN i %% 7 > 0 THEN 'row ' || i END
                    FROM generate_series(%d, %d) i"""
                            .formatted(table, first, last));
        }
    }

    /** As a pipeline file names the database. */
    static String url(EmbeddedDatabase database) {
        return "postgresql://%s@localhost:%d/postgres".formatted(database.user(), database.port());
    }
}
