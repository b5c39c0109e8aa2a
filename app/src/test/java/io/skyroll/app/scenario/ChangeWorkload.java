package io.skyroll.app.scenario;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Random transactions on a table of sources: inserts, updates, moves across the sky, deletes, changed keys, rollbacks and savepoints, with
 * the columns that the table has at the moment; one workload of a table alters it now and then. Amounts are only moved from row to row, both of them with a place on the sky, so that they add up to nothing after each transaction, and
 * in no state between. Owned by one thread.
 */
final class ChangeWorkload {
    private static final int MOST_STATEMENTS = 6;
    /** So many transactions go to one that alters the table. */
    private static final int ALTERATIONS = 5;
    /** Two workloads wait for each other's rows, choose one key, or one of them reads the table that the other alters. */
    private static final Set<String> COLLISIONS = Set.of("40P01", "40001", "23505", "55P03");

    private final Connection connection;
    private final String table;
    private final Random random;
    private final int payload;
    private final Optional<RandomAlterations> alterations;
    private long nextId;

    /**
     * A workload.
     *
     * @param payload length of the longest column, in units of 32 bytes; from 64 on PostgreSQL stores it out of line
     * @param random also of the alterations
     * @param firstId of the rows that this workload inserts
     * @param alterations of the table; empty where others alter it
     */
    ChangeWorkload(
            Connection connection,
            String table,
            int payload,
            Random random,
            long firstId,
            Optional<RandomAlterations> alterations) {
        this.payload = payload;
        this.connection = connection;
        this.table = table;
        this.random = random;
        this.alterations = alterations;
        this.nextId = firstId;
    }

    /** Makes a table with some rows. */
    static void create(Connection connection, String table, int payload, int rows) throws SQLException {
        execute(connection, "CREATE TABLE %s (%s)".formatted(table, WorkloadColumn.definitions()));
        insert(connection, table, payload, 1, rows);
    }

    private static void insert(Connection connection, String table, int payload, long first, long last)
            throws SQLException {
        List<WorkloadColumn> columns = WorkloadColumn.of(connection, table);
        execute(
                connection,
                "INSERT INTO %s (%s) SELECT %s FROM generate_series(%d::bigint, %d) i"
                        .formatted(
                                table,
                                columns.stream().map(WorkloadColumn::name).collect(Collectors.joining(", ")),
                                columns.stream()
                                        .map(column -> column.inserted(payload))
                                        .collect(Collectors.joining(", ")),
                                first,
                                last));
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
                if (!COLLISIONS.contains(String.valueOf(refused.getSQLState()))) {
                    throw refused;
                }
            }
        }
        connection.setAutoCommit(true);
    }

    private void transaction() throws SQLException {
        if (alterations.isPresent()
                && random.nextInt(ALTERATIONS) == 0
                && alterations.get().isDue()) {
            alteration(alterations.get());
            return;
        }
        // From here on its columns stay.
        execute(connection, "LOCK TABLE %s IN ROW EXCLUSIVE MODE".formatted(table));
        int statements = 1 + random.nextInt(MOST_STATEMENTS);
        for (int i = 0; i < statements; i++) {
            statementOrNot();
        }
        end();
    }

    private void statementOrNot() throws SQLException {
        if (random.nextInt(8) > 0) {
            statement();
            return;
        }
        Savepoint savepoint = connection.setSavepoint();
        statement();
        if (random.nextBoolean()) {
            connection.rollback(savepoint);
        }
    }

    /** Whether it is committed. */
    private boolean end() throws SQLException {
        if (random.nextInt(6) == 0) {
            connection.rollback();
            return false;
        }
        connection.commit();
        return true;
    }

    /** A transaction that alters the table, between changes of its rows or without any. */
    private void alteration(RandomAlterations alter) throws SQLException {
        if (random.nextInt(8) == 0) {
            alter.addValue();
            connection.commit();
            return;
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            statementOrNot();
        }
        if (random.nextInt(6) == 0) {
            Savepoint savepoint = connection.setSavepoint();
            alter.alter();
            statement();
            connection.rollback(savepoint);
        }
        alter.alter();
        for (int i = random.nextInt(3); i > 0; i--) {
            statementOrNot();
        }
        if (end()) {
            alter.committed();
        }
    }

    private void statement() throws SQLException {
        switch (random.nextInt(10)) {
            case 0 -> {
                int rows = random.nextInt(20) == 0 ? 400 : 1 + random.nextInt(5);
                insert(connection, table, payload, nextId, nextId + rows - 1);
                nextId += rows;
            }
            case 1, 2 -> change("SET ra = random() * 360, dec = degrees(asin(2 * random() - 1))");
            case 3 -> change("SET mag = 10 + random() * 10, " + changed());
            case 4 -> execute(
                    connection,
                    "UPDATE %s SET ra = CASE WHEN random() < 0.5 THEN NULL ELSE 'NaN'::float8 END WHERE %s AND amount = 0"
                            .formatted(table, some()));
            case 5 -> change("SET " + changed());
            case 6 -> execute(connection, "DELETE FROM %s WHERE %s AND amount = 0".formatted(table, some()));
            case 7 -> execute(
                    connection,
                    // With the key alone changed, nobody would tell the payload by the new one.
                    "UPDATE %1$s SET id = %2$d, %3$s = %3$s || id WHERE id = (SELECT id FROM %1$s WHERE %4$s ORDER BY id LIMIT 1)"
                            .formatted(table, nextId++, payloadName(), some()));
            default -> transfer();
        }
    }

    /** Both rows are locked before they are changed: one that another workload takes away meanwhile would leave half of it. */
    private void transfer() throws SQLException {
        int amount = random.nextInt(100) - 50;
        List<Long> two = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT id FROM %s WHERE %s AND ra <> 'NaN' ORDER BY id LIMIT 2 FOR UPDATE"
                                .formatted(table, some()))) {
            while (rows.next()) {
                two.add(rows.getLong(1));
            }
        }
        if (two.size() == 2) {
            execute(
                    connection,
                    "UPDATE %1$s SET amount = amount + CASE id WHEN %2$d THEN %4$d ELSE - (%4$d) END WHERE id IN (%2$d, %3$d)"
                            .formatted(table, two.get(0), two.get(1), amount));
        }
    }

    private String payloadName() throws SQLException {
        return WorkloadColumn.of(connection, table).stream()
                .filter(column -> column.number() == WorkloadColumn.PAYLOAD)
                .findFirst()
                .orElseThrow()
                .name();
    }

    /** Other values in some of the columns that the table has now. */
    private String changed() throws SQLException {
        List<WorkloadColumn> columns = WorkloadColumn.of(connection, table).stream()
                .filter(column -> column.number() > WorkloadColumn.AMOUNT)
                .toList();
        return random.ints(1 + random.nextInt(4), 0, columns.size())
                .distinct()
                .mapToObj(columns::get)
                .map(column -> "%s = %s".formatted(column.name(), column.changed()))
                .collect(Collectors.joining(", "));
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
