package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.pgoutput.PgOutputEngine;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.KafkaAccess;
import io.skyroll.producers.snapshot.LiveStack;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.producers.snapshot.SnapshotSettings;
import io.skyroll.producers.snapshot.TopicContent;
import io.skyroll.producers.snapshot.TopicContent.Entry;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.TableName;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** What stands in rows topics that follow a database. {@code -Dseed=N} repeats a run's crashes, {@code -Drows=10000} has larger transactions. */
@Timeout(300)
final class ChangeProducerIT {
    private static final int PARTITIONS = 3;
    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final int ROWS = Integer.getInteger("rows", 4_000);

    private final KafkaAccess kafka = LiveStack.shared().kafka();
    private final SchemaRegistry registry = LiveStack.shared().registry();
    private String pipeline = "";
    private Database database = new Database("");

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void newDatabase(TestInfo test) throws Exception {
        pipeline = test.getTestMethod().orElseThrow().getName();
        database = LiveStack.shared().newDatabase(pipeline.toLowerCase(Locale.ROOT));
        database.execute("CREATE TABLE stars (id bigint PRIMARY KEY, name text)");
    }

    @Test
    void restartsInsideLargeTransactionsLoseAndRepeatNothing() throws Exception {
        Random random = new Random(SEED);
        catchUp();
        for (int round = 0; round < 6; round++) {
            insert(10 * round * ROWS);
            copy((10 * round + 5) * ROWS);
            database.execute("UPDATE stars SET name = name || '!' WHERE id %% 7 = %d".formatted(round));
            // In turn while a transaction is staged, and while it is written.
            int change = round % 2 == 0 ? random.nextInt(2 * ROWS) : Integer.MAX_VALUE;
            int beat = round % 2 == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(4);
            ChangeProducer crashing =
                    producer(tables -> new CrashingEngine(engine(tables), change, beat), End.CAUGHT_UP);
            assertThatThrownBy(() -> crashing.run(false)).as("seed %d", SEED).hasMessageContaining("crash");
        }
        catchUp();

        TopicContent content = content(stars());
        assertThat(rows(stars()).stream().map(Entry::position)).doesNotHaveDuplicates();
        assertCutsCount(content);
        Map<String, List<String>> missing = table();
        missing.entrySet().removeAll(state(content).entrySet());
        assertThat(missing).as("seed %d", SEED).isEmpty();
        assertThat(state(content)).as("seed %d", SEED).hasSameSizeAs(table());
    }

    private void insert(int first) throws Exception {
        database.execute("INSERT INTO stars SELECT i, 'inserted ' || i FROM generate_series(%d, %d) i"
                .formatted(first + 1, first + ROWS));
    }

    private void copy(int first) throws Exception {
        String lines = IntStream.rangeClosed(first + 1, first + ROWS)
                .mapToObj(id -> "%d\tcopied %d\n".formatted(id, id))
                .collect(Collectors.joining());
        try (Connection connection = database.open()) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY stars FROM STDIN", new StringReader(lines));
        }
    }

    @Test
    void tellsOldRowsWithAFullIdentityAndKeysWithout() throws Exception {
        database.execute(
                "CREATE TABLE whole (id bigint PRIMARY KEY, name text, body text)",
                "ALTER TABLE whole ALTER body SET STORAGE external, REPLICA IDENTITY FULL",
                "INSERT INTO whole VALUES (1, 'one', repeat('x', 5000)), (2, 'two', NULL)",
                "INSERT INTO stars VALUES (1, 'one'), (2, 'two')");
        catchUp("stars", "whole");
        for (String table : List.of("stars", "whole")) {
            database.execute(
                    "UPDATE %s SET name = 'eins' WHERE id = 1".formatted(table),
                    "UPDATE %s SET id = 3 WHERE id = 2".formatted(table),
                    "DELETE FROM %s WHERE id = 3".formatted(table));
        }
        catchUp("stars", "whole");

        assertThat(changes("stars")).containsExactlyInAnyOrder("u 1 eins", "d 2", "c 3 two", "d 3");
        assertThat(changes("whole")).containsExactlyInAnyOrder("u 1 eins", "d 2", "c 3 two", "d 3");
        // The large value did not change, and the log has it in the old row only.
        assertThat(state(content(name("whole"))).get("1")).contains("x".repeat(5000));
    }

    @Test
    void stopsAtAChangeWithoutTheOldRowThatItNeeds() throws Exception {
        database.execute("ALTER TABLE stars REPLICA IDENTITY FULL", "INSERT INTO stars VALUES (1, 'one')");
        catchUp();
        database.execute(
                "ALTER TABLE stars REPLICA IDENTITY DEFAULT",
                "UPDATE stars SET name = 'two'",
                "ALTER TABLE stars REPLICA IDENTITY FULL");

        assertThatThrownBy(this::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining(
                        "public.stars: a row was changed while it, or its partition, did not have REPLICA IDENTITY FULL");
    }

    @Test
    void partitionsAreFollowedAsTheirTable() throws Exception {
        database.execute(
                "DROP TABLE stars",
                "CREATE TABLE stars (id bigint PRIMARY KEY, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE low PARTITION OF stars FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE high PARTITION OF stars FOR VALUES FROM (100) TO (200)",
                "INSERT INTO stars VALUES (1, 'one'), (101, 'other')");
        catchUp();
        database.execute(
                "UPDATE stars SET name = 'eins' WHERE id = 1",
                "UPDATE stars SET id = 150 WHERE id = 1",
                "INSERT INTO stars VALUES (2, 'two')",
                "DELETE FROM stars WHERE id = 101");
        catchUp();

        assertThat(state(content(stars()))).isEqualTo(table()).hasSize(2);

        database.execute("ALTER TABLE high REPLICA IDENTITY FULL");
        assertThatThrownBy(this::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("or its partitions have different ones");
    }

    /** The changes of a table, without the rows of its snapshot. */
    private List<String> changes(String table) throws Exception {
        return content(name(table)).entries().stream()
                .filter(entry -> !entry.op().isControl() && entry.op() != Op.SNAPSHOT)
                .map(entry -> "%s %s%s"
                        .formatted(
                                entry.op().code(),
                                entry.key().orElseThrow().get("id"),
                                entry.rows().isEmpty()
                                        ? ""
                                        : " " + entry.rows().get(0).get("name")))
                .toList();
    }

    @Test
    void stopsAtALargeValueThatIsNotInTheLogAndSaysWhatToDo() throws Exception {
        database.execute(
                "ALTER TABLE stars ALTER name SET STORAGE external", "INSERT INTO stars VALUES (1, repeat('x', 5000))");
        catchUp();
        database.execute("ALTER TABLE stars ADD mag real", "UPDATE stars SET id = 2");

        // A changed column first: the table is not what it was.
        assertThatThrownBy(this::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining(
                        "table public.stars: its columns, their types or its replica identity were changed")
                .hasMessageContaining("--resnapshot");

        database.execute("ALTER TABLE stars DROP mag");
        run(true, "stars");
        database.execute("UPDATE stars SET id = 3");
        assertThatThrownBy(this::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "table public.stars: a row was updated whose large value of column \"name\" did not change, and PostgreSQL does not send it: ALTER TABLE \"public\".\"stars\" REPLICA IDENTITY FULL; then start again with --resnapshot");
    }

    @Test
    void aTruncatedTableIsEmptyFromThereOn() throws Exception {
        database.execute("INSERT INTO stars SELECT i, 'old' FROM generate_series(1, 50) i");
        catchUp();
        database.execute("TRUNCATE stars");
        catchUp();
        assertThat(state(content(stars()))).isEmpty();

        database.execute(
                "BEGIN; INSERT INTO stars VALUES (100, 'void'); TRUNCATE stars; INSERT INTO stars VALUES (1, 'new'); COMMIT");
        catchUp();

        TopicContent content = content(stars());
        assertThat(state(content)).isEqualTo(table()).hasSize(1);
        assertCutsCount(content);
        assertThat(content.partition(0).stream()
                        .filter(entry -> entry.op().isControl())
                        .map(Entry::op))
                .containsExactly(Op.RESET, Op.CUT, Op.RESET, Op.CUT, Op.RESET, Op.CUT);
    }

    @Test
    void tablesOfOneTransactionAreCutTogether() throws Exception {
        database.execute("CREATE TABLE planets (id bigint PRIMARY KEY, name text)");
        catchUp("stars", "planets");
        database.execute("BEGIN; INSERT INTO stars VALUES (1, 'Sun'); INSERT INTO planets VALUES (1, 'Earth'); COMMIT");
        Map<TableName, Position> cuts = catchUp("stars", "planets");

        assertThat(Set.copyOf(cuts.values())).hasSize(1);
        Map<TableName, Position> again = catchUp("stars", "planets");

        // Nothing was written, so there is nothing to cut.
        assertThat(again).isEqualTo(cuts);
        assertThat(content(stars()).controls()).hasSize(PARTITIONS * 3);
    }

    @Test
    void aSlotThatIsNotWhereItWasLeftIsFoundAtTheStart() throws Exception {
        database.execute("INSERT INTO stars VALUES (1, 'one')");
        catchUp();
        String slot = slot();
        database.execute(
                "SELECT pg_drop_replication_slot('%s')".formatted(slot), "INSERT INTO stars VALUES (2, 'two')");

        assertThatThrownBy(this::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("the replication slot %s is gone, and changes since LSN".formatted(slot))
                .hasMessageContaining("start again with --resnapshot");

        database.execute("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(slot));
        assertThatThrownBy(this::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("somebody else has advanced it or made it anew");

        run(true, "stars");
        database.execute("INSERT INTO stars VALUES (3, 'three')");
        catchUp();
        assertThat(state(content(stars()))).isEqualTo(table()).hasSize(3);
    }

    @Test
    void refusesWhatCannotBeFollowedAllAtOnce() throws Exception {
        database.execute(
                "CREATE TABLE keyless (v int)",
                "CREATE VIEW bright AS SELECT * FROM stars",
                "ALTER TABLE stars REPLICA IDENTITY NOTHING");

        assertThatThrownBy(() -> catchUp("stars", "keyless", "bright"))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining(
                        "public.stars: its replica identity is neither the primary key nor the whole row, or its partitions")
                .hasMessageContaining("public.keyless: it has no primary key")
                .hasMessageContaining("public.bright: the changes of views and queries cannot be followed");
    }

    /** Each cut names the control record before it, and counts the rows between both. */
    private static void assertCutsCount(TopicContent content) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long rows = 0;
            Optional<Position> last = Optional.empty();
            for (Entry entry : content.partition(partition)) {
                if (!entry.op().isControl()) {
                    rows += entry.op() == Op.DELETE ? 1 : entry.rows().size();
                    continue;
                }
                Control control = entry.control().orElseThrow();
                if (control.kind() == Control.Kind.CUT) {
                    assertThat(control.rows()).isEqualTo(rows);
                    assertThat(control.since()).isEqualTo(last);
                }
                last = Optional.of(control.position());
                rows = 0;
            }
        }
    }

    /** What a reader has who applies each record in turn: rows by their key. */
    private static Map<String, List<String>> state(TopicContent content) {
        Map<String, List<String>> state = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Map<String, List<String>> rows = new HashMap<>();
            for (Entry entry : content.partition(partition)) {
                switch (entry.op()) {
                    case RESET -> rows.clear();
                    case CUT -> {}
                    case DELETE -> rows.remove(
                            entry.key().orElseThrow().get("id").toString());
                    default -> entry.rows()
                            .forEach(row -> rows.put(row.get("id").toString(), values(row)));
                }
            }
            state.putAll(rows);
        }
        return new TreeMap<>(state);
    }

    private static List<String> values(GenericRecord row) {
        return row.getSchema().getFields().stream()
                .map(field -> String.valueOf(row.get(field.pos())))
                .toList();
    }

    private Map<String, List<String>> table() throws Exception {
        Map<String, List<String>> rows = new TreeMap<>();
        database.query("SELECT * FROM stars").forEach(row -> rows.put(row.get(0), row));
        return rows;
    }

    private List<Entry> rows(TableName table) throws Exception {
        return content(table).entries().stream()
                .filter(entry -> !entry.op().isControl() && entry.op() != Op.SNAPSHOT)
                .toList();
    }

    private TopicContent content(TableName table) throws Exception {
        return TopicContent.read(LiveStack.shared().bootstrapServers(), registry, table.rowsTopic());
    }

    private TableName stars() {
        return name("stars");
    }

    private TableName name(String table) {
        return new TableName(pipeline, "public", table);
    }

    private String slot() {
        return "slot_" + pipeline.toLowerCase(Locale.ROOT);
    }

    private void catchUp() {
        catchUp("stars");
    }

    private Map<TableName, Position> catchUp(String... tables) {
        return run(false, tables);
    }

    private Map<TableName, Position> run(boolean resnapshot, String... tables) {
        ChangeProducer producer = producer(this::engine, End.CAUGHT_UP, tables);
        producer.run(resnapshot);
        return producer.cuts();
    }

    private ChangeEngine engine(List<SourceTable> tables) throws SQLException {
        return PgOutputEngine.open(database, slot(), "published", tables);
    }

    private ChangeProducer producer(EngineOpener engines, End end, String... tables) {
        List<TableRequest> requests = new ArrayList<>();
        for (String table : tables.length == 0 ? new String[] {"stars"} : tables) {
            requests.add(TableRequest.table(name(table)));
        }
        return new ChangeProducer(
                new ChangeSettings(slot(), "published", Duration.ofMillis(200), directory, 64 << 10, end),
                SnapshotSettings.defaults(pipeline, requests, PARTITIONS, kafka),
                database,
                registry,
                engines);
    }

    /** Fails in the middle of something: at a change that is staged, or between two Kafka transactions of one of the database's. */
    private static final class CrashingEngine implements ChangeEngine {
        private final ChangeEngine engine;
        private int changesLeft;
        private int beatsLeft;

        CrashingEngine(ChangeEngine engine, int changes, int beats) {
            this.engine = engine;
            this.changesLeft = changes;
            this.beatsLeft = beats;
        }

        @Override
        public void poll(ChangeTaker taker, Duration patience) throws SQLException {
            engine.poll(
                    new ChangeTaker() {
                        @Override
                        public void begin() {
                            taker.begin();
                        }

                        @Override
                        public void change(Change change) {
                            if (changesLeft-- == 0) {
                                throw new IllegalStateException("crash at a change");
                            }
                            taker.change(change);
                        }

                        @Override
                        public void truncate(int table) {
                            taker.truncate(table);
                        }

                        @Override
                        public void commit(long endLsn, Instant time) {
                            taker.commit(endLsn, time);
                        }
                    },
                    patience);
        }

        @Override
        public long delivered() {
            return engine.delivered();
        }

        @Override
        public void acknowledge(long lsn) throws SQLException {
            engine.acknowledge(lsn);
        }

        @Override
        public void keepAlive() throws SQLException {
            if (--beatsLeft == 0) {
                throw new IllegalStateException("crash between two Kafka transactions");
            }
            engine.keepAlive();
        }

        @Override
        public void close() throws SQLException {
            engine.close();
        }
    }
}
