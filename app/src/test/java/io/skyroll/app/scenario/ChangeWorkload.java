package io.skyroll.app.scenario;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Random transactions on a table of sources: inserts, updates, moves across the sky, deletes, changed keys, rollbacks and savepoints.
 * Amounts are only moved from row to row, both of them with a place on the sky, so that they add up to nothing after each transaction, and
 * in no state between. Owned by one thread.
 */
final class ChangeWorkload {
    private static final int MOST_STATEMENTS = 6;
    private static final int SERIALIZATION_FAILURE = 40;

    private final Connection connection;
    private final String table;
    private final Random random;
    private final int payload;
    private long nextId;

    /**
     * A workload.
     *
     * @param payload length of the longest column, in units of 32 bytes; from 64 on PostgreSQL stores it out of line
     * @param firstId of the rows that this workload inserts
     */
    ChangeWorkload(Connection connection, String table, int payload, long seed, long firstId) {
        this.payload = payload;
        this.connection = connection;
        this.table = table;
        this.random = new Random(seed);
        this.nextId = firstId;
    }

    /** Makes a table with some rows. */
    static void create(Connection connection, String table, int payload, int rows) throws SQLException {
        execute(
                connection,
                """
                CREATE TABLE %s (id bigint PRIMARY KEY, ra float8, dec float8, mag real, amount int NOT NULL, name text,
                    payload text, flux numeric, seen timestamptz, night date, host inet)"""
                        .formatted(table));
        execute(connection, insert(table, payload, 1, rows));
    }

    private static String insert(String table, int payload, long first, long last) {
        return """
            INSERT INTO %s SELECT i, (i * 137.50776405003785)::numeric %% 360, degrees(asin(2 * random() - 1)), 10 + random() * 10, 0,
                CASE WHEN i %% 7 > 0 THEN 'row ' || i END,
                CASE i %% 3 WHEN 0 THEN NULL ELSE (SELECT string_agg(md5((i * 1000 + k)::text), '') FROM generate_series(1, %d) k) END,
                random()::numeric * i, timestamptz '2026-01-01Z' + i * interval '1 s', date '2026-01-01' + (i %% 1000)::int, ('10.0.' || i %% 256 || '.1/24')::inet
            FROM generate_series(%d::bigint, %d) i"""
                .formatted(table, payload, first, last);
    }

    /** Runs transactions, as fast as they go. */
    void run(int transactions) throws SQLException, InterruptedException {
        AtomicInteger left = new AtomicInteger(transactions);
        run(0, () -> left.getAndDecrement() == 0);
    }

    /**
     * Runs transactions until told to stop.
     *
     * @param pauseMillis the longest pause between two of them
     */
    void run(int pauseMillis, BooleanSupplier isEnough) throws SQLException, InterruptedException {
        connection.setAutoCommit(false);
        while (!isEnough.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(pauseMillis == 0 ? 0 : random.nextInt(pauseMillis));
            try {
                transaction();
            } catch (SQLException refused) {
                // Two workloads may wait for each other's rows, or choose one key.
                connection.rollback();
                String state = String.valueOf(refused.getSQLState());
                if (!state.startsWith("" + SERIALIZATION_FAILURE) && !state.equals("23505")) {
                    throw refused;
                }
            }
        }
        connection.setAutoCommit(true);
    }

    private void transaction() throws SQLException {
        int statements = 1 + random.nextInt(MOST_STATEMENTS);
        for (int i = 0; i < statements; i++) {
            if (random.nextInt(8) == 0) {
                Savepoint savepoint = connection.setSavepoint();
                statement();
                if (random.nextBoolean()) {
                    connection.rollback(savepoint);
                }
            } else {
                statement();
            }
        }
        if (random.nextInt(6) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private void statement() throws SQLException {
        switch (random.nextInt(10)) {
            case 0 -> {
                int rows = random.nextInt(20) == 0 ? 400 : 1 + random.nextInt(5);
                execute(connection, insert(table, payload, nextId, nextId + rows - 1));
                nextId += rows;
            }
            case 1, 2 -> change("SET ra = random() * 360, dec = degrees(asin(2 * random() - 1))");
            case 3 -> change("SET mag = 10 + random() * 10, name = 'seen ' || id");
            case 4 -> execute(
                    connection,
                    "UPDATE %s SET ra = CASE WHEN random() < 0.5 THEN NULL ELSE 'NaN'::float8 END WHERE %s AND amount = 0"
                            .formatted(table, some()));
            case 5 -> change("SET flux = flux + 1, night = night + 1, host = host + 1");
            case 6 -> execute(connection, "DELETE FROM %s WHERE %s AND amount = 0".formatted(table, some()));
            case 7 -> execute(
                    connection,
                    "UPDATE %s SET id = %d WHERE id = (SELECT id FROM %s WHERE %s ORDER BY id LIMIT 1)"
                            .formatted(table, nextId++, table, some()));
            default -> transfer();
        }
    }

    private void transfer() throws SQLException {
        int amount = random.nextInt(100) - 50;
        execute(
                connection,
                """
                WITH two AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM %1$s WHERE %2$s AND ra <> 'NaN' ORDER BY id LIMIT 2)
                UPDATE %1$s t SET amount = t.amount + CASE two.n WHEN 1 THEN %3$d ELSE - (%3$d) END FROM two
                WHERE t.id = two.id AND (SELECT count(*) FROM two) = 2"""
                        .formatted(table, some(), amount));
    }

    private void change(String set) throws SQLException {
        execute(connection, "UPDATE %s %s WHERE %s".formatted(table, set, some()));
    }

    /** A condition that some ten rows meet. */
    private String some() {
        return "id %% 97 = %d AND id %% 7 = %d".formatted(random.nextInt(97), random.nextInt(7));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
