package io.skyroll.app.scenario;

import io.skyroll.app.scenario.RandomAlterations.Reader;
import io.skyroll.local.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Workloads on two tables from several connections at a time, the first of each table's altering it. Their rounds have other random
 * numbers and other keys each. Used by one thread, which they serve.
 */
final class WorkloadThreads {
    /** In which old rows are known by their keys. */
    static final String KEYED = "keyed";

    /** In which they are known whole. */
    static final String WHOLE = "whole";

    static final List<String> TABLES = List.of(KEYED, WHOLE);

    private static final int WRITERS = 2;
    private static final int ROWS = 2_000;
    /** Payloads that PostgreSQL does not send again with changes that leave them as they are. */
    private static final int OUT_OF_LINE = 80;

    /** The longest between a writer's transactions: a pipeline that falls behind further and further cannot be compared. */
    private static final int PAUSE_MILLIS = 1_000;

    private final EmbeddedDatabase database;
    private final String slot;
    private final long seed;
    private final Consumer<String> altered;
    private int round;

    /**
     * Workloads that do not run yet.
     *
     * @param slot by which the pipeline reads the log
     * @param altered told of each alteration, by several threads
     */
    WorkloadThreads(EmbeddedDatabase database, String slot, long seed, Consumer<String> altered) {
        this.database = database;
        this.slot = slot;
        this.seed = seed;
        this.altered = altered;
    }

    /** Makes the tables. */
    void create(Connection connection) throws SQLException {
        WorkloadColumn.createTypes(connection);
        for (String table : TABLES) {
            ChangeWorkload.create(connection, "public." + table, OUT_OF_LINE, ROWS);
        }
    }

    /** What is done while workloads run. */
    interface Action {
        void run() throws Exception;
    }

    /** Does something while workloads run, at a pace that a pipeline keeps up with. */
    void during(Action action) throws Exception {
        AtomicBoolean isEnough = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> working = thread.submit(() -> {
                run(Reader.RUNS, workload -> workload.run(PAUSE_MILLIS, isEnough::get));
                return null;
            });
            action.run();
            if (working.isDone()) {
                working.get();
                throw new AssertionError("the workload has ended before it was told to");
            }
            isEnough.set(true);
            working.get();
        } finally {
            isEnough.set(true);
            thread.shutdown();
        }
    }

    /** Runs workloads as fast as they go, while no pipeline does. */
    void run(int transactions) throws Exception {
        run(Reader.IS_AWAY, workload -> workload.run(transactions));
    }

    /** What a writer does. */
    private interface Task {
        void run(ChangeWorkload workload) throws Exception;
    }

    private void run(Reader reader, Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS * TABLES.size());
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                for (String table : TABLES) {
                    int number = WRITERS * TABLES.size() * round + writers.size();
                    boolean isAltering = writer == 0;
                    writers.add(() -> {
                        try (Connection own = database.connect()) {
                            task.run(workload(own, table, number, reader, isAltering));
                        }
                        return null;
                    });
                }
            }
            round++;
            for (Future<Void> done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private ChangeWorkload workload(Connection own, String table, int number, Reader reader, boolean isAltering)
            throws SQLException {
        String name = "public." + table;
        Random random = new Random(seed + number);
        long firstId = 1_000_000L * (number + 1);
        Optional<RandomAlterations> altering = isAltering
                ? Optional.of(new RandomAlterations(own, name, random, slot, reader, firstId, altered))
                : Optional.empty();
        return new ChangeWorkload(own, name, OUT_OF_LINE, random, firstId, altering);
    }
}
