package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.topology.TaskRun.Out;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

/** Tables without coordinates: their rows are placed by a hash of the key, whatever changes tell of the old row. */
final class KeyPlacedRowsTest {
    private static final Position SNAPSHOT = new Position(1, 100, 0);
    private static final Position CUT = new Position(1, 300, 0);
    private static final int PARTITIONS = 3;
    private static final SkyPartitions SHARES = SkyPartitions.even(PARTITIONS);

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Stars stars = Stars.followed(registry);
    private final SkyStreamSettings settings = Stars.withoutSky(SHARES, 2, new FilterSettings("bright", "mag < 20"));
    private final TaskRun task = new TaskRun(settings, registry, stars);

    @Test
    void noPlacesAreRemembered() {
        task.reset(SNAPSHOT);
        task.batch(SNAPSHOT, star(7, 12f), star(8, 25f));
        task.row(Op.UPDATE, next(1), star(7, 13f));
        task.row(Op.INSERT, next(2), star(9, 13f));

        assertThat(task.remembered()).isZero();
    }

    @Test
    void aTableThatHadCoordinatesIsNotMixedWithOneThatHasNone() {
        task.batch(SNAPSHOT, star(7, 12f));

        assertThatThrownBy(() -> task.restarted(Stars.settings(new SkyPartitions(0, PARTITIONS), 2), registry))
                .hasMessage(
                        "the sky topic was begun with 3 partitions by a hash of the key, now it would have 3 partitions by cells of lowest_order 0: rows would change their partition; go back to the former, or 'skyroll replay --reset-streams'");
    }

    @Test
    void batchesAreSplitByTheHashOfTheKey() {
        GenericRecord[] rows = new GenericRecord[40];
        for (int id = 0; id < rows.length; id++) {
            rows[id] = star(id, 12f);
        }

        List<Out> out = task.batch(SNAPSHOT, rows);

        assertThat(out).hasSize(PARTITIONS);
        for (Out piece : out) {
            List<Long> places = stars.batch(piece.value).stream()
                    .map(row -> place((Long) row.get("id")))
                    .toList();
            assertThat(piece.cells()).isEqualTo(places);
            assertThat(places).allMatch(place -> SHARES.partition(place) == piece.partition);
        }
    }

    @Test
    void aChangedRowStaysWhereItsKeyIs() {
        assertThat(said(task.row(Op.INSERT, next(1), star(7, 12f)))).containsExactly("c of 7");
        assertThat(said(task.row(Op.UPDATE, next(2), star(7, 13f)))).containsExactly("u of 7");
        assertThat(said(delete(7, next(3)))).containsExactly("d of 7");
    }

    @Test
    void aRowThatFailsTheFilterLeavesAndMayReturn() {
        task.reset(SNAPSHOT);
        task.batch(SNAPSHOT, star(7, 12f));
        task.cut(CUT, Optional.of(SNAPSHOT), 1);

        assertThat(said(task.row(Op.UPDATE, next(1), star(7, 25f)))).containsExactly("d of 7", "reject");
        assertThat(said(task.row(Op.UPDATE, next(2), star(7, 12f)))).containsExactly("u of 7");
        assertThat(said(task.row(Op.INSERT, next(3), star(8, 25f)))).containsExactly("reject");
    }

    @Test
    void aRowThatCannotBeRepresentedAnyMoreLeaves() {
        Headers headers = Stars.headers(Op.UPDATE, next(1));
        RecordHeaders.put(headers, RecordHeaders.ERROR, "infinite");

        assertThat(said(task.feed(stars.keyValue(7), null, headers))).containsExactly("d of 7", "reject");
    }

    /** The old row is not asked: filters may have been others when it came. */
    @Test
    void theOldRowOfTheLogIsNotNeeded() {
        Headers headers = Stars.headers(Op.DELETE, next(1));
        headers.add(RecordHeaders.BEFORE, stars.rowValue(star(7, 25f)));

        assertThat(said(task.feed(stars.keyValue(7), null, headers))).containsExactly("d of 7");
    }

    private List<Out> delete(long id, Position position) {
        return task.feed(stars.keyValue(id), null, Stars.headers(Op.DELETE, position));
    }

    private static Position next(int step) {
        return new Position(1, 400 + step, 1);
    }

    /** Without coordinates, which nobody looks at. */
    private GenericRecord star(long id, float mag) {
        return stars.star(id, "name", null, null, mag);
    }

    private long place(long id) {
        byte[] key = stars.keyValue(id);
        return KeyPlace.ofKey(key, WireFormat.PREFIX_BYTES, key.length);
    }

    private List<String> said(List<Out> out) {
        return out.stream().map(this::said).toList();
    }

    private String said(Out out) {
        if (out.isReject()) {
            return "reject";
        }
        long place = ByteBuffer.wrap(out.key).getLong(WireFormat.PREFIX_BYTES);
        assertThat(out.partition).isEqualTo(SHARES.partition(place));
        long id = place == place(7) ? 7 : 8;
        assertThat(place).isEqualTo(place(id));
        return "%s of %d".formatted(RecordHeaders.op(out.headers).code(), id);
    }
}
