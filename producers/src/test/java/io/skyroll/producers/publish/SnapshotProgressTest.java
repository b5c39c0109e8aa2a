package io.skyroll.producers.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotProgressTest {
    private static final Position POSITION = new Position(1, 0x16B3748, 0);
    private static final Instant TIME = Instant.ofEpochSecond(1);
    private static final TableName STARS = new TableName("sky", "public", "stars");
    private static final TableName GALAXIES = new TableName("sky", "public", "galaxies");

    @Test
    void keysKeepTheirBytes() {
        assertThat(HexFormat.of().formatHex(SnapshotProgress.encodeKey(7, "public", "stars", 3)))
                .isEqualTo("0000000007" + "0c7075626c6963" + "0a7374617273" + "06");
        assertThat(HexFormat.of()
                        .formatHex(SnapshotProgress.encodeKey(7, "public", "stars", SnapshotProgress.WHOLE_TABLE)))
                .isEqualTo("0000000007" + "0c7075626c6963" + "0a7374617273" + "01");
    }

    @Test
    void valuesKeepTheirBytes() {
        SnapshotProgress done = SnapshotProgress.started(POSITION, "42", 2, 5, TIME)
                .chunkDone("\"public\".\"stars\"", 4, Chunks.OPEN, List.of(1L, 2L));

        assertThat(HexFormat.of().formatHex(done.encode(7)))
                .isEqualTo("0000000007"
                        + "02" // stage
                        + "00000001" + "00000000016b3748" + "0000000000000000" // position
                        + "043432" // system
                        + "04" + "0a" // workers, chunks
                        + "20"
                        + HexFormat.of()
                                .formatHex("\"public\".\"stars\"".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        + "08" + "01" // first and end block
                        + "04" + "02" + "04" + "00" // rows
                        + "80897a"); // time
    }

    @Test
    void decodesWhatItEncoded() {
        SnapshotProgress started = SnapshotProgress.started(POSITION, "42", 2, 5, TIME);
        for (SnapshotProgress progress :
                List.of(started, started.chunkDone("t", 4, 8, List.of(1L)), started.cutWritten(List.of(3L, 4L)))) {
            assertThat(SnapshotProgress.decode(progress.encode(7), SnapshotProgress.SCHEMA))
                    .isEqualTo(progress);
        }
    }

    @Test
    void onlyACutCompletesASnapshot() {
        SnapshotProgress started = SnapshotProgress.started(POSITION, "42", 2, 5, TIME);
        ProducerProgress progress = progress(Map.of(STARS, started, GALAXIES, started.cutWritten(List.of())));

        assertThat(progress.completed(STARS)).isEmpty();
        assertThat(progress.completed(GALAXIES)).isEqualTo(Optional.of(POSITION));
        assertThat(progress.completed(new TableName("sky", "public", "other"))).isEmpty();
    }

    @Test
    void a19TheEpochGrowsWithTheSystemAndOnlyThen() {
        SnapshotProgress first = SnapshotProgress.started(POSITION, "42", 2, 5, TIME);
        SnapshotProgress second = SnapshotProgress.started(new Position(2, 5, 0), "43", 2, 5, TIME);
        ProducerProgress progress = progress(Map.of(STARS, first, GALAXIES, second));

        assertThat(progress(Map.of()).epoch("42")).isEqualTo(1);
        assertThat(progress.epoch("43")).isEqualTo(2);
        assertThat(progress.epoch("42")).isEqualTo(3);
    }

    @Test
    void a19RefusesALogThatWentBackwardsInTheSameSystem() {
        ProducerProgress progress = progress(Map.of(STARS, SnapshotProgress.started(POSITION, "42", 2, 5, TIME)));

        assertThatThrownBy(() -> progress.requireAfter(STARS, POSITION))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "table public.stars: the database is at 1:0/16B3748:0, but its last snapshot was taken at 1:0/16B3748:0, and the system "
                                + "identifier 42 is the same: its log went backwards, as after a restore; use another pipeline name");
        progress.requireAfter(STARS, new Position(1, 0x16B3749, 0));
        progress.requireAfter(STARS, new Position(2, 1, 0));
        progress.requireAfter(GALAXIES, POSITION);
    }

    @Test
    void fencesAsManyWorkersAsAnyEarlierRunHad() {
        ProducerProgress progress = progress(Map.of(
                STARS, SnapshotProgress.started(POSITION, "42", 5, 5, TIME),
                GALAXIES, SnapshotProgress.started(POSITION, "42", 2, 5, TIME)));

        assertThat(progress.workers()).isEqualTo(5);
        assertThat(progress(Map.of()).workers()).isZero();
    }

    @Test
    void transactionalIdsOfPipelinesNeverCoincide() {
        assertThat(TransactionalIds.control("my sky")).isEqualTo("my-20sky.control");
        assertThat(TransactionalIds.worker("a.snapshot", 1)).isEqualTo("a-2esnapshot.snapshot.1");
    }

    @Test
    void refusesClientPropertiesThatBreakGuarantees() {
        assertThatThrownBy(() -> new KafkaAccess(
                        "localhost:9092",
                        Map.of("acks", "1", "client.rack", "a", "isolation.level", "read_uncommitted")))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("kafka.properties may not set [acks, isolation.level]: Skyroll's guarantees rest on them");
    }

    /** Chunk ends as the snapshot package writes them. */
    private static final class Chunks {
        static final long OPEN = -1;
    }

    private static ProducerProgress progress(Map<TableName, SnapshotProgress> tables) {
        return new ProducerProgress(tables, Optional.empty());
    }
}
