package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.debezium.DebeziumReader;
import io.skyroll.producers.pgoutput.PgOutputEngine;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.producers.snapshot.TopicContent;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.Op;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both engines on one database. {@code -Dseed=N} repeats a run. */
@Timeout(300)
final class EnginesAgreeIT {
    private static final long SEED = Long.getLong("seed", new Random().nextLong());
    private static final int STEPS = 300;
    private static final String[] TABLES = {"stars", "keyed"};

    @TempDir
    private Path directory = Path.of("");

    @Test
    void whateverIsCommittedBothWriteTheSameRecords() throws Exception {
        FollowedDatabase debezium = followed("agreed", EnginesAgreeIT::debezium);
        FollowedDatabase pgoutput = debezium.as("agreeing", EnginesAgreeIT::pgoutput);
        debezium.execute(
                "ALTER TABLE stars ADD ra float8, ADD seen timestamptz, ADD flux numeric, ADD image bytea",
                "ALTER TABLE stars ALTER name SET STORAGE external, ALTER image SET STORAGE external, REPLICA IDENTITY FULL",
                "CREATE TABLE keyed (id bigint PRIMARY KEY, name text, ra float8, seen timestamptz, flux numeric, image bytea)");
        try (RandomTransactions workload = new RandomTransactions(debezium.database(), TABLES, new Random(SEED))) {
            workload.run(30);
            debezium.catchUp(TABLES);
            pgoutput.catchUp(TABLES);
            workload.run(STEPS);
            debezium.catchUp(TABLES);
            workload.run(STEPS);
            pgoutput.catchUp(TABLES);
            debezium.catchUp(TABLES);
        }
        for (String table : TABLES) {
            assertThat(changes(debezium, table))
                    .as("seed %d, table %s", SEED, table)
                    .hasSizeGreaterThan(STEPS / 2)
                    .isEqualTo(changes(pgoutput, table));
        }
        assertThat(FollowedDatabase.state(debezium.content(debezium.stars())).keySet())
                .as("seed %d", SEED)
                .isEqualTo(debezium.table().keySet());
    }

    @Test
    void oneGoesOnWhereTheOtherCannot() throws Exception {
        FollowedDatabase debezium = followed("handed", EnginesAgreeIT::debezium);
        FollowedDatabase pgoutput = debezium.with(EnginesAgreeIT::pgoutput);
        debezium.execute("ALTER TABLE stars ADD until timestamp", "INSERT INTO stars VALUES (1, 'one', 'infinity')");
        debezium.catchUp();
        debezium.execute("UPDATE stars SET name = 'eins'", "INSERT INTO stars VALUES (2, 'two', '2000-01-01')");

        assertThatThrownBy(debezium::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("table public.stars: a change has in column \"until\" an infinite time")
                .hasMessageContaining("set source.change_engine: pgoutput, which can follow it from here");
        pgoutput.catchUp();
        debezium.execute("UPDATE stars SET until = '2001-01-01'", "UPDATE stars SET name = 'zwei' WHERE id = 2");
        debezium.catchUp();

        assertThat(FollowedDatabase.state(debezium.content(debezium.stars())).values())
                .extracting(row -> row.get(1))
                .containsExactlyInAnyOrder("eins", "zwei");
    }

    @Test
    void columnsThatDebeziumDoesNotCarryAreRefusedBeforeAnythingHappens() throws Exception {
        FollowedDatabase debezium = followed("refused", EnginesAgreeIT::debezium);
        debezium.execute("ALTER TABLE stars ADD spectrum float4[], ADD exposure interval, ADD flux numeric");

        assertThatThrownBy(debezium::catchUp)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining(
                        "public.stars: Debezium does not carry every value of column \"spectrum\" (float4[]) exactly; set source.change_engine: pgoutput")
                .hasMessageContaining("column \"exposure\" (interval)")
                .hasMessageNotContaining("flux");
        assertThat(debezium.database().query("SELECT slot_name FROM pg_replication_slots WHERE database = 'refused'"))
                .isEmpty();
    }

    private static List<String> changes(FollowedDatabase followed, String table) throws Exception {
        TopicContent content = followed.content(followed.name(table));
        return content.entries().stream()
                .filter(entry -> !entry.op().isControl() && entry.op() != Op.SNAPSHOT)
                .map(entry -> "%d %s %X %d key %s row %s before %s unsent %s error %s"
                        .formatted(
                                entry.partition(),
                                entry.op().code(),
                                entry.position().lsn(),
                                entry.position().sequence(),
                                entry.key(),
                                entry.rows(),
                                entry.before(),
                                entry.unsent(),
                                entry.error()))
                .toList();
    }

    private FollowedDatabase followed(String pipeline, BiFunction<Database, String, EngineOpener> engines)
            throws Exception {
        return new FollowedDatabase(pipeline, directory, engines);
    }

    private static EngineOpener debezium(Database database, String slot) {
        return DebeziumReader.opener(database, slot, "published");
    }

    private static EngineOpener pgoutput(Database database, String slot) {
        return tables -> PgOutputEngine.open(database, slot, "published", tables);
    }
}
