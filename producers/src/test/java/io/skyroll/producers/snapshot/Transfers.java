package io.skyroll.producers.snapshot;

import io.skyroll.producers.snapshot.LiveStack.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writers that change, delete and insert rows of the tables debit and credit, always both in one transaction, so that at every
 * point both have the same ids with opposite amounts.
 */
final class Transfers implements AutoCloseable {
    private static final int IDS = 40_000;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong count = new AtomicLong();
    private final ExecutorService threads;
    private final List<CompletableFuture<Void>> writers = new ArrayList<>();

    private Transfers(int writers) {
        threads = Executors.newFixedThreadPool(writers);
    }

    static Transfers start(Database database, int writers) {
        Transfers transfers = new Transfers(writers);
        for (int writer = 0; writer < writers; writer++) {
            long seed = writer;
            transfers.writers.add(
                    CompletableFuture.runAsync(() -> transfers.write(database, new Random(seed)), transfers.threads));
        }
        return transfers;
    }

    private void write(Database database, Random random) {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                long id = random.nextInt(IDS);
                long amount = random.nextInt(1000);
                boolean delete = random.nextInt(4) == 0;
                for (String table : List.of("debit", "credit")) {
                    String sql = delete
                            ? "DELETE FROM " + table + " WHERE id = ?"
                            : "INSERT INTO " + table
                                    + " VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET amount = excluded.amount";
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        statement.setLong(1, id);
                        if (!delete) {
                            statement.setLong(2, table.equals("debit") ? amount : -amount);
                        }
                        statement.executeUpdate();
                    }
                }
                connection.commit();
                count.incrementAndGet();
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("a writer failed", failure);
        }
    }

    /** Transactions committed so far. */
    long count() {
        return count.get();
    }

    @Override
    public void close() {
        stop.set(true);
        writers.forEach(CompletableFuture::join);
        threads.shutdown();
    }
}
