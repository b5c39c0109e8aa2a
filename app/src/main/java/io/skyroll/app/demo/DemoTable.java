package io.skyroll.app.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A table that the demo fills and publishes. */
public interface DemoTable {

    /** The table's name, in the schema public. */
    String name();

    /** An SQL predicate that some rows fail. */
    String filter();

    /** Whether a row is an object or a source. */
    String product();

    /** The most rows of a leaf, so that there are some leaves to look at. */
    long thresholdRows();

    /** How many rows the table has. */
    long rows();

    /** Creates and fills the table, in the connection's transaction. */
    void create(Connection connection) throws SQLException;

    /** Makes sure that the database holds the table, whole; leaves it alone when it does. */
    default void load(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            try (ResultSet present =
                    statement.executeQuery("SELECT to_regclass('public.%s') IS NOT NULL".formatted(name()))) {
                present.next();
                if (present.getBoolean(1) && count(connection) == rows()) {
                    return;
                }
            }
            statement.execute("DROP TABLE IF EXISTS public.%s".formatted(name()));
        }
        create(connection);
        connection.commit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("VACUUM ANALYZE public.%s".formatted(name()));
        }
    }

    private long count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM public.%s".formatted(name()))) {
            count.next();
            return count.getLong(1);
        }
    }
}
