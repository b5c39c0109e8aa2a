package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skyroll.producers.pgoutput.TableAtLsn;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.LiveStack;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.producers.snapshot.TableReading;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code -Dseed=N} repeats a run. */
@Timeout(120)
final class TableAtLsnIT {
    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final long LIMIT = 64 << 20;
    /** The last one is truncated now and then; it stands for the other tables of a pipeline. */
    private static final String[] TABLES = {"whole", "keyed", "other"};

    @Test
    void isTheTableAsItIsAtAnyPlaceInTheLogWhileChangesGoOn() throws Exception {
        Database database = LiveStack.shared().newDatabase("at_lsn");
        for (String table : TABLES) {
            database.execute(
                    "CREATE TABLE %s (id bigint PRIMARY KEY, name text, ra float8, seen timestamptz, flux numeric, image bytea)"
                            .formatted(table));
        }
        database.execute(
                "ALTER TABLE whole ALTER image SET STORAGE external, REPLICA IDENTITY FULL",
                "CREATE PUBLICATION published FOR TABLE whole, keyed, other");
        try (RandomTransactions workload = new RandomTransactions(database, TABLES, new Random(SEED))) {
            workload.run(100);
            try (TableAtLsn whole = open(database, "whole");
                    TableAtLsn keyed = open(database, "keyed");
                    TableAtLsn idle = open(database, "keyed")) {
                List<String> atStart = rows(database, "keyed");
                assertThat(rows(keyed::forEach)).isEqualTo(atStart);
                workload.run(300);
                long end = Long.parseUnsignedLong(database.value("SELECT pg_current_wal_insert_lsn() - '0/0'"));
                List<String> wholeThen = rows(database, "whole");
                List<String> keyedThen = rows(database, "keyed");

                // The server has nothing further to tell.
                idle.advanceTo(end);
                workload.run(100);
                whole.advanceTo(end);
                keyed.advanceTo(end);

                assertThat(keyedThen).as("seed %d", SEED).isNotEqualTo(atStart);
                assertThat(rows(whole::forEach)).as("seed %d", SEED).isEqualTo(wholeThen);
                assertThat(rows(keyed::forEach)).as("seed %d", SEED).isEqualTo(keyedThen);
                assertThat(rows(idle::forEach)).as("seed %d", SEED).isEqualTo(keyedThen);
                assertThat(keyed.lsn()).isEqualTo(end);
            }
        }
        // The server ends with the connection what belongs to it, in its own time.
        await().atMost(Duration.ofSeconds(30)).until(() -> database.query(
                        "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()")
                .isEmpty());
    }

    @Test
    void aTableThatIsNotPublishedIsRefusedAndLargeValuesThatDidNotChangeAreKept() throws Exception {
        Database database = LiveStack.shared().newDatabase("at_lsn_unsent");
        database.execute(
                "CREATE TABLE stars (id bigint PRIMARY KEY, name text, image bytea)",
                "ALTER TABLE stars ALTER image SET STORAGE external",
                "INSERT INTO stars VALUES (1, 'one', decode(repeat('00ff', 3000), 'hex'))");

        assertThatThrownBy(() -> open(database, "stars"))
                .asInstanceOf(InstanceOfAssertFactories.type(SkyrollException.class))
                .returns(FailureKind.CONFIGURATION, SkyrollException::kind)
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
                .contains("the publication published does not have table public.stars");

        database.execute("CREATE PUBLICATION published FOR TABLE stars");
        try (TableAtLsn stars = open(database, "stars")) {
            database.execute("UPDATE stars SET name = 'two'");
            long end = Long.parseUnsignedLong(database.value("SELECT pg_current_wal_insert_lsn() - '0/0'"));

            stars.advanceTo(end);

            assertThat(rows(stars::forEach)).isEqualTo(rows(database, "stars"));
        }
    }

    private static TableAtLsn open(Database database, String table) {
        return TableAtLsn.open(database, request(table), "published", LIMIT);
    }

    private static TableRequest request(String table) {
        return TableRequest.table(new TableName("looked_at", "public", table)).follow();
    }

    private static List<String> rows(Database database, String table) {
        try (TableReading reading = TableReading.open(database, request(table))) {
            return rows(reading::forEach);
        }
    }

    private static List<String> rows(Consumer<TableReading.Taker> source) {
        List<String> rows = new ArrayList<>();
        source.accept((bytes, start, end) -> rows.add(HexFormat.of().formatHex(Arrays.copyOfRange(bytes, start, end))));
        return rows.stream().sorted().toList();
    }
}
