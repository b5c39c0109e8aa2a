package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Healpix;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.topology.TaskRun.Out;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Tables whose changes tell nothing of the old row but its key. */
final class FollowedRowsTest {
    private static final Position SNAPSHOT = new Position(1, 100, 0);
    private static final Position CHANGE = new Position(1, 200, 1);
    private static final Position CUT = new Position(1, 300, 0);
    private static final Position LATER = new Position(1, 400, 1);

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Stars stars = Stars.followed(registry);
    private final TaskRun task = new TaskRun(
            Stars.settings(new SkyPartitions(0, 3), 2, true, new FilterSettings("bright", "mag < 20")),
            registry,
            stars);
    private final GenericRecord before = star(10, 12f);
    private final GenericRecord after = star(200, 12f);

    @Test
    void aRowOfTheSnapshotThatComesAfterItsChangeIsDropped() {
        task.reset(SNAPSHOT);

        assertThat(said(task.row(Op.UPDATE, CHANGE, after))).containsExactly("u at 200");
        assertThat(task.batch(SNAPSHOT, before)).isEmpty();
        assertThat(task.row(Op.SNAPSHOT, SNAPSHOT, before)).isEmpty();
        // What was dropped was read all the same.
        assertThat(task.cut(CUT, Optional.of(SNAPSHOT), 3)).isNotEmpty();
    }

    @Test
    void aRowThatWasDeletedOrRejectedMeanwhileDoesNotComeBack() {
        task.reset(SNAPSHOT);

        assertThat(delete(CHANGE)).isEmpty();
        assertThat(task.batch(SNAPSHOT, before)).isEmpty();

        task.reset(new Position(1, 250, 0));
        Position again = new Position(1, 250, 0);
        assertThat(said(task.row(Op.UPDATE, new Position(1, 260, 1), star(10, 25f))))
                .containsExactly("reject");
        assertThat(task.batch(again, before)).isEmpty();
    }

    @Test
    void aRowThatMovesIsTakenFromWhereItWas() {
        snapshot();

        assertThat(said(task.row(Op.UPDATE, LATER, after))).containsExactly("d at 10", "u at 200");
        assertThat(said(task.row(Op.UPDATE, next(1), after))).containsExactly("u at 200");
        assertThat(said(task.row(Op.UPDATE, next(2), before))).containsExactly("d at 200", "u at 10");
    }

    @Test
    void aRowThatFailsTheFilterLeavesAndMayReturn() {
        snapshot();

        assertThat(said(task.row(Op.UPDATE, LATER, star(10, 25f)))).containsExactly("d at 10", "reject");
        assertThat(said(task.row(Op.UPDATE, next(1), star(10, 26f)))).containsExactly("reject");
        assertThat(said(task.row(Op.UPDATE, next(2), after))).containsExactly("u at 200");
    }

    @Test
    void aDeletedRowIsTakenFromWhereItWasAndForgotten() {
        snapshot();

        assertThat(said(delete(LATER))).containsExactly("d at 10");
        assertThat(delete(next(1))).isEmpty();
        assertThat(said(task.row(Op.INSERT, next(2), after))).containsExactly("c at 200");
        assertThat(said(delete(next(3)))).containsExactly("d at 200");
    }

    @Test
    void aResetMakesOldPlacesVoid() {
        snapshot();
        task.reset(LATER);

        assertThat(said(task.row(Op.UPDATE, next(1), after))).containsExactly("u at 200");
    }

    private void snapshot() {
        task.reset(SNAPSHOT);
        task.batch(SNAPSHOT, before);
        task.cut(CUT, Optional.of(SNAPSHOT), 1);
    }

    private List<Out> delete(Position position) {
        return task.feed(stars.keyValue(1), null, Stars.headers(Op.DELETE, position));
    }

    private static Position next(int step) {
        return new Position(1, 400 + step, 1);
    }

    private GenericRecord star(double ra, float mag) {
        return stars.star(1, "name", ra, 80.0, mag);
    }

    /** What was sent, and for which right ascension. */
    private static List<String> said(List<Out> out) {
        return out.stream().map(FollowedRowsTest::said).toList();
    }

    private static String said(Out out) {
        if (out.isReject()) {
            return "reject";
        }
        // Behind the schema's id.
        long cell = ByteBuffer.wrap(out.key).getLong(5);
        int ra = cell == Healpix.pixel(29, 10, 80) ? 10 : 200;
        assertThat(cell).isEqualTo(Healpix.pixel(29, ra, 80));
        return "%s at %d".formatted(RecordHeaders.op(out.headers).code(), ra);
    }
}
