package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.pgoutput.PgOutputEngine;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.producers.snapshot.LiveStack;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the catalog says of altered tables beside what the log says of them. */
@Timeout(300)
final class AlterationWatchIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void whatTheCatalogSaidBeforeAnAlterationDoesNotUndoIt() throws Exception {
        FollowedDatabase followed = new FollowedDatabase(
                "said_before",
                directory,
                (database, slot) -> tables -> PgOutputEngine.open(database, slot, "published", tables));
        followed.catchUp();
        EngineOpener engines = tables -> CrashingEngine.atSecondPoll(
                followed.engines().open(tables),
                () -> execute(
                        followed,
                        "BEGIN; ALTER TABLE stars ADD mag int; INSERT INTO stars VALUES (1, 'one', 2); COMMIT"));

        followed.producer(engines, "stars").run();

        int form = ProducerProgress.read(
                        LiveStack.shared().kafka(),
                        LiveStack.shared().registry(),
                        followed.stars().pipeline())
                .changes()
                .flatMap(changes -> changes.of(followed.stars()))
                .orElseThrow()
                .schemaId();
        assertThat(LiveStack.shared().registry().schema(form).getField("mag")).isNotNull();
        assertThat(FollowedDatabase.state(followed.content(followed.stars()))).isEqualTo(followed.table());
    }

    private static void execute(FollowedDatabase followed, String sql) {
        try {
            followed.execute(sql);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
