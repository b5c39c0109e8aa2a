package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skyroll.producers.snapshot.LiveStack;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.producers.snapshot.TopicContent;
import io.skyroll.producers.snapshot.TopicContent.Entry;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.ColumnOrigins;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.TableName;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/**
 * What stands in rows topics that follow a database, whatever engine reads its changes. {@code -Dseed=N} repeats a run's crashes, {@code
 * -Drows=10000} has larger transactions, {@code -Drounds=50} more of them.
 */
@Timeout(300)
abstract class FollowingContract {
    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final int ROUNDS = Integer.getInteger("rounds", 2);
    private static final int ROWS = Integer.getInteger("rows", 4_000);

    private static final AtomicInteger databases = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private FollowedDatabase followed;

    /** Opens engines on a slot, with the publication "published". */
    abstract EngineOpener engines(Database database, String slot);

    final FollowedDatabase followed() {
        return followed;
    }

    @BeforeEach
    void newDatabase(TestInfo test, @TempDir Path directory) throws Exception {
        // Topics stay: each test, and each case of one, has its own.
        String pipeline = "%c%s%d"
                .formatted(
                        getClass().getSimpleName().charAt(0),
                        test.getTestMethod().orElseThrow().getName(),
                        databases.incrementAndGet());
        followed = new FollowedDatabase(pipeline, directory, this::engines);
    }

    @Test
    void restartsInsideLargeTransactionsLoseAndRepeatNothing() throws Exception {
        Random random = new Random(SEED);
        followed.catchUp();
        for (int round = 0; round < ROUNDS; round++) {
            insert(10 * round * ROWS);
            copy((10 * round + 5) * ROWS);
            followed.execute("UPDATE stars SET name = name || '!' WHERE id %% 7 = %d".formatted(round));
            // In turn while a transaction is staged, and while it is written.
            int change = round % 2 == 0 ? random.nextInt(2 * ROWS) : Integer.MAX_VALUE;
            int beat = round % 2 == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(2);
            ChangeProducer crashing = followed.producer(
                    tables -> CrashingEngine.at(followed.engines().open(tables), change, beat), "stars");
            assertThatThrownBy(() -> crashing.run()).as("seed %d", SEED).hasMessageContaining("crash");
        }
        followed.catchUp();

        TopicContent content = followed.content(followed.stars());
        assertThat(rows(content).stream().map(Entry::position)).doesNotHaveDuplicates();
        FollowedDatabase.assertCutsCount(content);
        Map<String, List<String>> table = followed.table();
        Map<String, List<String>> state = FollowedDatabase.state(content);
        Map<String, List<String>> missing = new HashMap<>(table);
        missing.entrySet().removeAll(state.entrySet());
        assertThat(missing).as("seed %d", SEED).isEmpty();
        assertThat(state).as("seed %d", SEED).hasSameSizeAs(table);
    }

    @Test
    void aLostConnectionIsMadeAnewAndNothingIsLostOrRepeated() throws Exception {
        followed.catchUp();
        // More than what fits into the buffers between server and reader.
        followed.execute("INSERT INTO stars SELECT i, repeat('x', 10000) FROM generate_series(1, 2000) i");
        AtomicInteger attached = new AtomicInteger();
        followed.producer(
                        tables -> {
                            ChangeEngine engine = followed.engines().open(tables);
                            return attached.incrementAndGet() == 1
                                    ? CrashingEngine.atChange(engine, 10, this::disconnect)
                                    : engine;
                        },
                        "stars")
                .run();

        assertThat(attached).hasValue(2);
        TopicContent content = followed.content(followed.stars());
        assertThat(rows(content).stream().map(Entry::position)).doesNotHaveDuplicates();
        assertThat(FollowedDatabase.state(content)).isEqualTo(followed.table());
    }

    @Test
    void aSlotInvalidatedWhileItIsReadEndsTheRunWithAPlan() throws Exception {
        followed.catchUp();
        followed.execute("INSERT INTO stars SELECT i, 'x' FROM generate_series(1, 100) i");
        // Without an end: an engine that has read ahead may still give all that there is.
        ChangeProducer following = followed.producerWithoutEnd(
                tables -> CrashingEngine.atChange(followed.engines().open(tables), 10, this::invalidate), "stars");

        assertThatThrownBy(() -> following.run())
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith(
                        "the server has invalidated the replication slot %s (max_slot_wal_keep_size or idle_replication_slot_timeout may be why), and changes since LSN"
                                .formatted(followed.slot()))
                .hasMessageContaining("start again with --resnapshot");

        followed.run(true, "stars");
        assertThat(FollowedDatabase.state(followed.content(followed.stars()))).isEqualTo(followed.table());
    }

    /** Has the server keep no log for slots, and begin new files of it, until the slot is none any more. */
    private void invalidate() {
        try {
            followed.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'", "SELECT pg_reload_conf()");
            // The checkpointer may see the setting late.
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                for (int file = 0; file < 2; file++) {
                    followed.execute("SELECT pg_logical_emit_message(false, 'test', 'x')", "SELECT pg_switch_wal()");
                }
                followed.execute("CHECKPOINT");
                return isLost();
            });
            followed.execute("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private boolean isLost() throws Exception {
        return followed.database()
                .value("SELECT wal_status FROM pg_replication_slots WHERE slot_name = '%s'".formatted(followed.slot()))
                .equals("lost");
    }

    /** Ends the server's processes that read slots of the database. */
    private void disconnect() {
        try {
            followed.execute(
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND database = current_database()");
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void insert(int first) throws Exception {
        followed.execute("INSERT INTO stars SELECT i, 'inserted ' || i FROM generate_series(%d, %d) i"
                .formatted(first + 1, first + ROWS));
    }

    private void copy(int first) throws Exception {
        String lines = IntStream.rangeClosed(first + 1, first + ROWS)
                .mapToObj(id -> "%d\tcopied %d\n".formatted(id, id))
                .collect(Collectors.joining());
        try (Connection connection = followed.database().open()) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY stars FROM STDIN", new StringReader(lines));
        }
    }

    private static List<Entry> rows(TopicContent content) {
        return content.entries().stream()
                .filter(entry -> !entry.op().isControl() && entry.op() != Op.SNAPSHOT)
                .toList();
    }

    @Test
    void stopsAtAChangeWithoutTheOldRowThatItNeeds() throws Exception {
        followed.execute("ALTER TABLE stars REPLICA IDENTITY FULL", "INSERT INTO stars VALUES (1, 'one')");
        followed.catchUp();
        followed.execute(
                "ALTER TABLE stars REPLICA IDENTITY DEFAULT",
                "UPDATE stars SET name = 'two'",
                "ALTER TABLE stars REPLICA IDENTITY FULL");

        assertThatThrownBy(followed::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining(
                        "public.stars: a row was changed while it, or its partition, did not have REPLICA IDENTITY FULL");
    }

    @Test
    void partitionsAreFollowedAsTheirTable() throws Exception {
        followed.execute(
                "DROP TABLE stars",
                "CREATE TABLE stars (id bigint PRIMARY KEY, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE low PARTITION OF stars FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE high PARTITION OF stars FOR VALUES FROM (100) TO (200)",
                "INSERT INTO stars VALUES (1, 'one'), (101, 'other')");
        followed.catchUp();
        followed.execute(
                "UPDATE stars SET name = 'eins' WHERE id = 1",
                "UPDATE stars SET id = 150 WHERE id = 1",
                "INSERT INTO stars VALUES (2, 'two')",
                "DELETE FROM stars WHERE id = 101");
        followed.catchUp();

        assertThat(FollowedDatabase.state(followed.content(followed.stars())))
                .isEqualTo(followed.table())
                .hasSize(2);

        followed.execute("ALTER TABLE high REPLICA IDENTITY FULL");
        assertThatThrownBy(followed::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("or its partitions have different ones");
    }

    @Test
    void namesUnsentValuesAndStopsAtANewKey() throws Exception {
        followed.execute(
                "ALTER TABLE stars ALTER name SET STORAGE external, ADD mag int",
                "INSERT INTO stars VALUES (1, repeat('x', 5000), 2)");
        followed.catchUp();
        followed.execute("UPDATE stars SET mag = 3");
        followed.catchUp();
        TopicContent.Entry update = followed.content(followed.stars()).entries().stream()
                .filter(entry -> entry.op() == Op.UPDATE)
                .findFirst()
                .orElseThrow();
        assertThat(update.unsent()).containsExactly(2);
        assertThat(text(update)).isEqualTo("{\"id\": 1, \"name\": null, \"mag\": 3}");

        followed.execute("UPDATE stars SET id = 3");
        assertThatThrownBy(followed::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "table public.stars: the primary key of a row was updated, but not its large value of column \"name\", and PostgreSQL does not send it: ALTER TABLE \"public\".\"stars\" REPLICA IDENTITY FULL; then start again with --resnapshot");
    }

    @Test
    void alteredTablesGoOnInTheirNewForm() throws Exception {
        followed.execute("INSERT INTO stars VALUES (1, 'one'), (2, 'two')");
        followed.catchUp();
        followed.execute(
                "BEGIN; INSERT INTO stars VALUES (3, 'three'); ALTER TABLE stars ADD mag int DEFAULT 7; INSERT INTO stars VALUES (4, 'four', 4); COMMIT");
        followed.catchUp();
        followed.execute(
                "ALTER TABLE stars RENAME name TO label",
                "ALTER TABLE stars ADD seen date",
                "UPDATE stars SET label = 'eins' WHERE id = 1");
        followed.catchUp();
        followed.execute(
                "ALTER TABLE stars RENAME label TO title",
                "UPDATE stars SET mag = 6 WHERE id = 3",
                "ALTER TABLE stars RENAME title TO name");
        followed.catchUp();
        followed.execute("ALTER TABLE stars DROP seen", "UPDATE stars SET mag = 2 WHERE id = 2");
        followed.catchUp();
        followed.execute("ALTER TABLE stars ALTER mag TYPE bigint", "UPDATE stars SET mag = 5000000000 WHERE id = 1");
        followed.catchUp();

        TopicContent content = followed.content(followed.stars());
        assertThat(rows(content).stream().map(FollowingContract::text))
                .containsExactlyInAnyOrder(
                        "{\"id\": 3, \"name\": \"three\", \"mag\": 7}",
                        "{\"id\": 4, \"name\": \"four\", \"mag\": 4}",
                        "{\"id\": 1, \"label\": \"eins\", \"mag\": 7, \"seen\": null}",
                        "{\"id\": 3, \"title\": \"three\", \"mag\": 6, \"seen\": null}",
                        "{\"id\": 2, \"name\": \"two\", \"mag\": 2}",
                        "{\"id\": 1, \"name\": \"eins\", \"mag\": 5000000000}");
        FollowedDatabase.assertCutsCount(content);
        followed.assertOneFormBetweenCuts();
    }

    @Test
    void anAlterationIsPublishedWithoutAChangeOfTheTable() throws Exception {
        followed.execute("INSERT INTO stars VALUES (1, 'one')");
        followed.catchUp();
        Map<TableName, Position> before = followed.catchUp("stars");
        followed.execute("ALTER TABLE stars ADD mag int DEFAULT 7");
        ChangeProducer producer = followed.producerWithoutEnd(followed.engines(), "stars");
        CompletableFuture<?> running = CompletableFuture.runAsync(producer::run);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            assertThat(running).isNotCompletedExceptionally();
            return !producer.cuts().isEmpty() && !producer.cuts().equals(before);
        });
        followed.execute("INSERT INTO stars VALUES (2, 'two', 3)");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> rows(followed.content(followed.stars())).size() == 1);
        producer.stop();
        running.join();

        Control cut = followed.content(followed.stars()).controls().stream()
                .max(Comparator.comparing(Control::position))
                .orElseThrow();
        assertThat(ColumnOrigins.of(LiveStack.shared().registry().schema(cut.schemaId()))
                        .orElseThrow()
                        .numbers())
                .containsExactly(1, 2, 3);
        FollowedDatabase.assertCutsCount(followed.content(followed.stars()));
        followed.assertOneFormBetweenCuts();
    }

    private static String text(Entry entry) {
        return entry.rows().get(0).toString();
    }
}
