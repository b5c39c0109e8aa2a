package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.postgres.EveryType;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.LiveStack;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.producers.snapshot.SnapshotSettings;
import io.skyroll.producers.snapshot.TopicContent;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Values of every type, as changes carry them by some engine. */
@Timeout(300)
abstract class ChangedTypesContract {
    private static final int ROWS = 60;
    private static final long SEED = Long.getLong("test.seed", 20260102);

    private final SchemaRegistry registry = LiveStack.shared().registry();
    private final TableName table = new TableName(getClass().getSimpleName(), "public", EveryType.TABLE);

    @TempDir
    private Path directory = Path.of("");

    /** Opens engines on the slot, with the publication "changed_types". */
    abstract EngineOpener engines(Database database, String slot);

    /** Leaves in the table what the engine is to carry. */
    abstract void prepare(Database database) throws Exception;

    @Test
    void aChangeCarriesEveryValueOfEveryTypeAsTheSnapshotDid() throws Exception {
        Database database =
                LiveStack.shared().newDatabase(getClass().getSimpleName().toLowerCase(Locale.ROOT));
        try (Connection connection = database.open()) {
            EveryType.create(connection).fill(ROWS, new Random(SEED));
        }
        prepare(database);
        database.execute("ALTER TABLE %s REPLICA IDENTITY FULL".formatted(EveryType.TABLE));
        catchUp(database);
        database.execute("UPDATE %s SET ra = ra".formatted(EveryType.TABLE));
        catchUp(database);

        TopicContent content = TopicContent.read(LiveStack.shared().bootstrapServers(), registry, table.rowsTopic());
        assertThat(content.errors()).isEmpty();
        Map<Long, GenericRecord> read = rows(content, Op.SNAPSHOT);
        Map<Long, GenericRecord> changed = rows(content, Op.UPDATE);

        assertThat(read).hasSize(ROWS);
        assertThat(changed.keySet()).isEqualTo(read.keySet());
        read.forEach((id, row) -> assertThat(String.valueOf(changed.get(id)))
                .as("seed %d, row %d", SEED, id)
                .isEqualTo(row.toString()));
    }

    private static Map<Long, GenericRecord> rows(TopicContent content, Op op) {
        Map<Long, GenericRecord> rows = new TreeMap<>();
        content.entries().stream()
                .filter(entry -> entry.op() == op)
                .flatMap(entry -> entry.rows().stream())
                .forEach(row -> rows.put((Long) row.get("id"), row));
        return rows;
    }

    private void catchUp(Database database) {
        new ChangeProducer(
                        new ChangeSettings(
                                slot(),
                                "changed_types",
                                Duration.ZERO,
                                directory,
                                1 << 20,
                                WalBudget.ofServer(),
                                End.CAUGHT_UP,
                                (name, rows) -> {}),
                        SnapshotSettings.defaults(
                                table.pipeline(),
                                List.of(TableRequest.table(table).follow()),
                                2,
                                LiveStack.shared().kafka()),
                        database,
                        registry,
                        engines(database, slot()))
                .run();
    }

    private String slot() {
        return table.pipeline().toLowerCase(Locale.ROOT);
    }
}
