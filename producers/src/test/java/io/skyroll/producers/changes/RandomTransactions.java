package io.skyroll.producers.changes;

import io.skyroll.producers.snapshot.LiveStack.Database;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.postgresql.PGConnection;

/**
 * Random changes of tables that have the columns id, name, ra, seen, flux and image, by transactions that are open at the same time. Each
 * connection has rows of its own, so that none waits for another. Used by one thread.
 */
final class RandomTransactions implements AutoCloseable {
    private static final int CONNECTIONS = 3;
    private static final int IDS = 60;
    private static final String ROW =
            "%d, repeat('n', %d), %s, timestamptz '2000-01-01' + interval '%d seconds', %s, %s";

    private final List<Connection> connections = new ArrayList<>();
    private final String[] tables;
    private final Random random;
    private int copied = 1_000_000;

    RandomTransactions(Database database, String[] tables, Random random) throws SQLException {
        this.tables = tables.clone();
        this.random = random;
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = database.open();
            connection.setAutoCommit(false);
            connections.add(connection);
        }
    }

    /** Does some steps, and commits what is open at the end. */
    void run(int steps) throws Exception {
        for (int step = 0; step < steps; step++) {
            int owner = random.nextInt(CONNECTIONS);
            step(owner, connections.get(owner), tables[random.nextInt(tables.length)]);
        }
        for (Connection connection : connections) {
            connection.commit();
        }
        if (random.nextBoolean()) {
            execute(connections.get(0), "TRUNCATE %s".formatted(tables[tables.length - 1]));
            connections.get(0).commit();
        }
    }

    private void step(int owner, Connection connection, String table) throws Exception {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> execute(
                    connection,
                    "INSERT INTO %s SELECT %s ON CONFLICT (id) DO UPDATE SET ra = excluded.ra, image = excluded.image"
                            .formatted(table, row(id(owner))));
            case 3, 4 -> execute(
                    connection,
                    "UPDATE %s SET ra = %s, flux = %s WHERE id = %d".formatted(table, ra(), flux(), id(owner)));
            case 5 -> execute(
                    connection,
                    "UPDATE %s SET id = %d WHERE id = %d AND NOT EXISTS (SELECT 1 FROM %1$s WHERE id = %2$d)"
                            .formatted(table, id(owner), id(owner)));
            case 6 -> execute(connection, "DELETE FROM %s WHERE id = %d".formatted(table, id(owner)));
            case 7 -> execute(
                    connection, "UPDATE %s SET seen = now() WHERE id %% %d = %d".formatted(table, CONNECTIONS, owner));
            case 8 -> execute(
                    connection,
                    "SAVEPOINT s",
                    "DELETE FROM %s WHERE id %% %d = %d".formatted(table, CONNECTIONS, owner),
                    random.nextBoolean() ? "ROLLBACK TO s" : "RELEASE s");
            case 9 -> copy(connection, table);
            case 10 -> connection.rollback();
            default -> connection.commit();
        }
    }

    private void copy(Connection connection, String table) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            copied++;
            lines.append("%d\tcopied\n".formatted(copied));
        }
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY %s (id, name) FROM STDIN".formatted(table), new StringReader(lines.toString()));
    }

    private static void execute(Connection connection, String... commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private int id(int owner) {
        return owner + CONNECTIONS * random.nextInt(IDS);
    }

    private String ra() {
        return random.nextInt(5) == 0 ? "'NaN'" : Double.toString(random.nextDouble() * 360);
    }

    private String flux() {
        return switch (random.nextInt(6)) {
            case 0 -> "NULL";
            case 1 -> "'NaN'";
            case 2 -> "'-Infinity'";
            case 3 -> "0.000";
            default -> "%de-%d".formatted(random.nextInt(), random.nextInt(40));
        };
    }

    private String row(int id) {
        // Now and then a value that is too large for its row.
        int name = random.nextInt(4) == 0 ? 3_000 : 3;
        String image = random.nextInt(4) == 0 ? "decode(repeat('00ff', 3000), 'hex')" : "NULL";
        return ROW.formatted(id, name, ra(), random.nextInt(), flux(), image);
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
