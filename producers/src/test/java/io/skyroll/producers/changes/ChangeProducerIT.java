package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.pgoutput.PgOutputEngine;
import io.skyroll.producers.snapshot.SnapshotSettings.Content;
import io.skyroll.producers.snapshot.TopicContent;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run that follows a database sees to by itself, whatever engine reads the changes. */
@Order(1)
@Timeout(300)
final class ChangeProducerIT {
    @SuppressWarnings("NullAway.Init")
    private FollowedDatabase followed;

    @BeforeEach
    void newDatabase(TestInfo test, @TempDir Path directory) throws Exception {
        followed = new FollowedDatabase(
                test.getTestMethod().orElseThrow().getName(),
                directory,
                (database, slot) -> tables -> PgOutputEngine.open(database, slot, "published", tables));
    }

    @Test
    void tellsOldRowsWithAFullIdentityAndKeysWithout() throws Exception {
        followed.execute(
                "CREATE TABLE whole (id bigint PRIMARY KEY, name text, body text)",
                "ALTER TABLE whole ALTER body SET STORAGE external, REPLICA IDENTITY FULL",
                "INSERT INTO whole VALUES (1, 'one', repeat('x', 5000)), (2, 'two', NULL)",
                "INSERT INTO stars VALUES (1, 'one'), (2, 'two')");
        followed.catchUp("stars", "whole");
        for (String table : List.of("stars", "whole")) {
            followed.execute(
                    "UPDATE %s SET name = 'eins' WHERE id = 1".formatted(table),
                    "UPDATE %s SET id = 3 WHERE id = 2".formatted(table),
                    "DELETE FROM %s WHERE id = 3".formatted(table));
        }
        followed.catchUp("stars", "whole");

        assertThat(changes("stars")).containsExactlyInAnyOrder("u 1 eins", "d 2", "c 3 two", "d 3");
        assertThat(changes("whole")).containsExactlyInAnyOrder("u 1 eins", "d 2", "c 3 two", "d 3");
        // The large value did not change, and the log has it in the old row only.
        assertThat(FollowedDatabase.state(followed.content(followed.name("whole")))
                        .get("1"))
                .contains("x".repeat(5000));
    }

    /** The changes of a table, without the rows of its snapshot. */
    private List<String> changes(String table) throws Exception {
        return followed.content(followed.name(table)).entries().stream()
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
    void aSnapshotWithoutRowsIsFollowedFromThereOn() throws Exception {
        followed.execute("INSERT INTO stars VALUES (1, 'one'), (2, 'two')");
        run(Content.NOTHING, false);
        assertThat(followed.content(followed.stars()).entries().stream().map(TopicContent.Entry::op))
                .containsOnly(Op.RESET, Op.CUT);

        followed.execute("UPDATE stars SET name = 'eins' WHERE id = 1", "DELETE FROM stars WHERE id = 2");
        run(Content.NOTHING, false);
        assertThat(changes("stars")).containsExactlyInAnyOrder("u 1 eins", "d 2");
        followed.execute("INSERT INTO stars VALUES (3, 'three')");

        assertThatThrownBy(() -> run(Content.ROWS, false))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "table public.stars: only its changes were followed until now (mode: changes), its rows were not read: start again with --resnapshot, which reads them; or leave the mode as it was");

        run(Content.ROWS, true);
        assertThat(FollowedDatabase.state(followed.content(followed.stars())))
                .isEqualTo(followed.table())
                .hasSize(2);
        // What was read stays when no more is to be, unless the beginning is to be a new one.
        run(Content.NOTHING, false);
        assertThat(FollowedDatabase.state(followed.content(followed.stars()))).hasSize(2);
        run(Content.NOTHING, true);
        assertThat(FollowedDatabase.state(followed.content(followed.stars()))).isEmpty();
        FollowedDatabase.assertCutsCount(followed.content(followed.stars()));
    }

    private void run(Content content, boolean resnapshot) {
        followed.producer(content, followed.engines(), "stars").run(resnapshot ? Set.of(followed.stars()) : Set.of());
    }

    @Test
    void aTruncatedTableIsEmptyFromThereOn() throws Exception {
        followed.execute("INSERT INTO stars SELECT i, 'old' FROM generate_series(1, 50) i");
        followed.catchUp();
        followed.execute("TRUNCATE stars");
        followed.catchUp();
        assertThat(FollowedDatabase.state(followed.content(followed.stars()))).isEmpty();

        followed.execute(
                "BEGIN; INSERT INTO stars VALUES (100, 'void'); TRUNCATE stars; INSERT INTO stars VALUES (1, 'new'); COMMIT");
        followed.catchUp();

        TopicContent content = followed.content(followed.stars());
        assertThat(FollowedDatabase.state(content)).isEqualTo(followed.table()).hasSize(1);
        FollowedDatabase.assertCutsCount(content);
        assertThat(content.partition(0).stream()
                        .filter(entry -> entry.op().isControl())
                        .map(TopicContent.Entry::op))
                .containsExactly(Op.RESET, Op.CUT, Op.RESET, Op.CUT, Op.RESET, Op.CUT);
    }

    @Test
    void tablesOfOneTransactionAreCutTogether() throws Exception {
        followed.execute("CREATE TABLE planets (id bigint PRIMARY KEY, name text)");
        followed.catchUp("stars", "planets");
        followed.execute("BEGIN; INSERT INTO stars VALUES (1, 'Sun'); INSERT INTO planets VALUES (1, 'Earth'); COMMIT");
        Map<TableName, Position> cuts = followed.catchUp("stars", "planets");

        assertThat(Set.copyOf(cuts.values())).hasSize(1);
        Map<TableName, Position> again = followed.catchUp("stars", "planets");

        // Nothing was written, so there is nothing to cut.
        assertThat(again).isEqualTo(cuts);
        assertThat(followed.content(followed.stars()).controls()).hasSize(FollowedDatabase.PARTITIONS * 3);
    }

    @Test
    void oneTablesTroubleDoesNotStopTheOthersAndItIsReadAnewAlone() throws Exception {
        String[] both = {"stars", "planets"};
        followed.execute(
                "ALTER TABLE stars ALTER name SET STORAGE external",
                "CREATE TABLE planets (id bigint PRIMARY KEY, name text)",
                "INSERT INTO stars VALUES (1, repeat('x', 5000)), (2, 'two')");
        followed.catchUp(both);
        followed.execute(
                "BEGIN; INSERT INTO planets VALUES (1, 'one'); UPDATE stars SET name = 'zwei' WHERE id = 2; UPDATE stars SET id = 3 WHERE id = 1; COMMIT",
                "INSERT INTO planets VALUES (2, 'two')",
                "INSERT INTO stars VALUES (4, 'four')");
        ChangeProducer stopping = followed.producer(followed.engines(), both);
        stopping.run();

        assertThat(stopping.stopped()).containsOnlyKeys(followed.stars());
        assertThat(stopping.stopped().get(followed.stars())).contains("REPLICA IDENTITY FULL");
        assertThat(changes("planets")).containsExactlyInAnyOrder("c 1 one", "c 2 two");
        assertThat(changes("stars")).isEmpty();

        followed.execute(
                "ALTER TABLE stars REPLICA IDENTITY FULL",
                "ALTER TABLE stars ADD mag int",
                "INSERT INTO planets VALUES (3, 'three')");
        ChangeProducer still = followed.producer(followed.engines(), both);
        still.run();
        assertThat(still.stopped()).isEqualTo(stopping.stopped());
        assertThat(still.cuts()).containsOnlyKeys(followed.stars(), followed.name("planets"));
        assertThat(changes("planets")).hasSize(3);

        followed.execute("UPDATE stars SET mag = 1", "INSERT INTO planets VALUES (4, 'four')");
        ChangeProducer again = followed.readAnew("stars", both);
        followed.execute("UPDATE stars SET mag = 2, id = id + 10 WHERE id = 3", "DELETE FROM planets WHERE id = 1");
        followed.catchUp(both);

        assertThat(again.stopped()).isEmpty();
        assertThat(FollowedDatabase.state(followed.content(followed.stars())))
                .isEqualTo(followed.table())
                .hasSize(3);
        assertThat(changes("planets")).hasSize(5).contains("d 1");
        FollowedDatabase.assertCutsCount(followed.content(followed.stars()));
        FollowedDatabase.assertCutsCount(followed.content(followed.name("planets")));
    }

    @Test
    void aTableThatIsAddedLaterIsReadBesideTheOthers() throws Exception {
        followed.execute("INSERT INTO stars VALUES (1, 'one')");
        followed.catchUp();
        long snapshots = snapshotRows("stars");
        followed.execute(
                "CREATE TABLE planets (id bigint PRIMARY KEY, name text)", "INSERT INTO planets VALUES (1, 'a')");
        followed.catchUp("stars", "planets");
        followed.execute("UPDATE planets SET name = 'b'", "UPDATE stars SET name = 'eins'");
        followed.catchUp("stars", "planets");

        assertThat(snapshotRows("stars")).isEqualTo(snapshots).isEqualTo(1);
        assertThat(changes("stars")).containsExactly("u 1 eins");
        assertThat(changes("planets")).containsExactly("u 1 b");
    }

    private long snapshotRows(String table) throws Exception {
        return followed.content(followed.name(table)).entries().stream()
                .filter(entry -> entry.op() == Op.SNAPSHOT)
                .mapToLong(entry -> entry.rows().size())
                .sum();
    }

    @Test
    void alterationsThatRowsCannotFollowAreRefusedWithWhatToDo() throws Exception {
        followed.execute("INSERT INTO stars VALUES (1, 'one')");
        followed.catchUp();
        followed.execute("ALTER TABLE stars DROP name, ADD name text DEFAULT '5'", "UPDATE stars SET id = 2");
        assertThatThrownBy(followed::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("it was altered several times since a change had the columns [id, name]");

        followed.run(true, "stars");
        assertThat(FollowedDatabase.state(followed.content(followed.stars()))).isEqualTo(followed.table());
        followed.execute(
                "ALTER TABLE stars ALTER name DROP DEFAULT, ALTER name TYPE int USING name::int",
                "UPDATE stars SET name = 2");
        assertThatThrownBy(followed::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("column \"name\" was string and is int32 now")
                .hasMessageContaining("--resnapshot");
    }

    @Test
    void aSlotThatIsNotWhereItWasLeftIsFoundAtTheStart() throws Exception {
        followed.execute("INSERT INTO stars VALUES (1, 'one')");
        followed.catchUp();
        String slot = followed.slot();
        followed.execute(
                "SELECT pg_drop_replication_slot('%s')".formatted(slot), "INSERT INTO stars VALUES (2, 'two')");

        assertThatThrownBy(followed::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("the replication slot %s is gone, and changes since LSN".formatted(slot))
                .hasMessageContaining("start again with --resnapshot");

        followed.execute("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(slot));
        assertThatThrownBy(followed::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("somebody else has advanced it or made it anew");

        followed.run(true, "stars");
        followed.execute("INSERT INTO stars VALUES (3, 'three')");
        followed.catchUp();
        assertThat(FollowedDatabase.state(followed.content(followed.stars())))
                .isEqualTo(followed.table())
                .hasSize(3);
    }

    @Test
    void aSlotOverItsBudgetIsWarnedOfThenDroppedWithAPlan() throws Exception {
        followed.catchUp();
        // Nothing of the log is let go while this is open.
        try (Connection writer = followed.database().open()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("INSERT INTO stars VALUES (0, 'open')");
            followed.execute("INSERT INTO stars SELECT i, repeat('x', 1000) FROM generate_series(1, 5000) i");
            ChangeProducer warned = limited(8, Duration.ofMinutes(1));
            warned.run();

            assertThat(warned.news())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("warning: the server keeps ")
                    .contains(
                            " MB are left of what source.max_slot_wal_bytes allows. 5 MB of it are not written to Kafka yet");
            assertThat(warned.slot().orElseThrow().retainedBytes()).isBetween(5L << 20, 8L << 20);
            assertThat(FollowedDatabase.state(followed.content(followed.stars())))
                    .isEqualTo(followed.table());

            assertThatThrownBy(() -> limited(4, Duration.ZERO).run())
                    .isInstanceOf(SkyrollException.class)
                    .hasMessageStartingWith("the server keeps ")
                    .hasMessageContaining("a transaction that has been open for long holds the log back")
                    .hasMessageContaining("the slot was given up: it was dropped, so that the server lets its log go")
                    .hasMessageContaining("start again with --resnapshot");
            writer.commit();
        }

        assertThat(followed.database()
                        .query("SELECT 1 FROM pg_replication_slots WHERE slot_name = '%s'".formatted(followed.slot())))
                .isEmpty();
        assertThatThrownBy(followed::catchUp).hasMessageContaining("is gone, and changes since LSN");
        followed.run(true, "stars");
        assertThat(FollowedDatabase.state(followed.content(followed.stars()))).isEqualTo(followed.table());
    }

    private ChangeProducer limited(long megabytes, Duration patience) {
        return followed.producer(
                followed.engines(), new WalBudget(OptionalLong.of(megabytes << 20), patience), "stars");
    }

    @Test
    void refusesWhatCannotBeFollowedAllAtOnce() throws Exception {
        followed.execute(
                "CREATE TABLE keyless (v int)",
                "CREATE VIEW bright AS SELECT * FROM stars",
                "ALTER TABLE stars REPLICA IDENTITY NOTHING");

        assertThatThrownBy(() -> followed.catchUp("stars", "keyless", "bright"))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining(
                        "public.stars: its replica identity is neither the primary key nor the whole row, or its partitions")
                .hasMessageContaining("public.keyless: it has no primary key")
                .hasMessageContaining("public.bright: the changes of views and queries cannot be followed");
    }
}
