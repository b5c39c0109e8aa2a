package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.TableCatalog;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.schemas.topic.TableName;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A transaction that has written holds up a replication slot that is made; when it alters the table then, it waits for the lock of who
 * makes the slot, and of these waits the server sees one only.
 */
class AlteredMeanwhileIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final TableRequest STARS = TableRequest.table(new TableName("altered", "public", "stars"));

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void aSnapshotLetsTheTransactionAlterTheTableAndIsTriedAgain() throws Exception {
        Database database = database("altered_snapshot");
        SourceWaits waits = new SourceWaits(database, new StopSignal(), LIMIT);
        try (Session session = Session.open(database, "test")) {
            Future<Boolean> isRefused = whileItIsMade(
                    database,
                    () -> ConsistentPoint.tryOpen(
                                    database,
                                    TableCatalog.inspect(session, List.of(STARS)),
                                    1,
                                    Optional.of("altered"),
                                    waits)
                            == null);

            assertThat(isRefused.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whoLooksSeesTheTableAsItIsBehindTheAlteration() throws Exception {
        Database database = database("altered_reading");
        Future<TableReading> opened = whileItIsMade(database, () -> TableReading.openWithSlot(database, STARS));

        try (TableReading reading = opened.get(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(reading.rows().columns()).hasSize(2);
        }
    }

    private static Database database(String name) throws Exception {
        Database database = LiveStack.shared().newDatabase(name);
        database.execute("CREATE TABLE stars (id int8 PRIMARY KEY)");
        return database;
    }

    /** Begins a transaction that holds an action up, alters the table when the action waits, and commits. */
    private <T> Future<T> whileItIsMade(Database database, Callable<T> action) throws Exception {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO stars VALUES (1)");
            Future<T> waiting = threads.submit(action);
            await().atMost(LIMIT).until(() -> !database.query(
                            "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'walsender' AND wait_event = 'transactionid'")
                    .isEmpty());
            statement.setQueryTimeout((int) LIMIT.toSeconds());
            statement.execute("ALTER TABLE stars ADD name text");
            connection.commit();
            return waiting;
        }
    }
}
