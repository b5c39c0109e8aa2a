package io.skyroll.sinks.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.memtable.Segment;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartitionIntakeTest {
    private static final byte[] KEY = new byte[14];
    private static final Instant TIME = Instant.EPOCH;

    private final PartitionIntake intake = new PartitionIntake("t.sky-0", Position.ORIGIN, 0);
    private long offset;

    @Test
    void cutIsAlignedWhenEveryUpstreamsCopyHasCome() {
        row(5);
        cut(10, 0, 2, 1, Optional.empty());
        assertThat(intake.newestAligned()).isEmpty();

        cut(10, 1, 2, 0, Optional.empty());

        assertThat(intake.newestAligned()).contains(at(10));
        assertThat(rows(intake.freeze(at(10)))).isEqualTo(1);
    }

    @Test
    void rowsBeyondACutWaitForTheNextOne() {
        row(5);
        cut(10, 0, 2, 1, Optional.empty());
        row(12);
        row(7);
        cut(10, 1, 2, 1, Optional.empty());

        assertThat(rows(intake.freeze(at(10)))).isEqualTo(2);
        intake.release(at(10));
        cut(20, 0, 2, 1, Optional.of(at(10)));
        cut(20, 1, 2, 0, Optional.of(at(10)));
        assertThat(rows(intake.freeze(at(20)))).isEqualTo(1);
    }

    @Test
    void a7RestartOffsetIsThatOfTheEarliestRecordRowOrControlThatBelongsAfterTheCut() {
        row(5);
        cut(10, 0, 2, 1, Optional.empty());
        long controlBeyond = offset;
        cut(20, 0, 2, 0, Optional.of(at(10)));
        long rowBeyond = offset;
        row(22);
        cut(10, 1, 2, 0, Optional.empty());

        assertThat(intake.freeze(at(10)).restartOffset())
                .isEqualTo(controlBeyond)
                .isLessThan(rowBeyond);
    }

    @Test
    void restartOffsetIsTheNextOneWhenNothingBelongsAfterTheCut() {
        row(5);
        cut(10, 0, 1, 1, Optional.empty());

        assertThat(intake.freeze(at(10)).restartOffset()).isEqualTo(offset);
    }

    @Test
    void whatIsPublishedIsPassedOverWhenItComesAgain() {
        PartitionIntake restarted = new PartitionIntake("t.sky-0", at(10), 3);
        restarted.addRow(at(9), 3, KEY, new byte[0]);
        restarted.addControl(control(Control.Kind.CUT, 10, 0, 1, 1, Optional.empty()), 4);
        restarted.addRow(at(11), 5, KEY, new byte[0]);
        restarted.addControl(control(Control.Kind.CUT, 20, 0, 1, 1, Optional.of(at(10))), 6);

        assertThat(rows(restarted.freeze(at(20)))).isEqualTo(1);
    }

    @Test
    void resetVoidsWhatCameBeforeAndLateRowsToo() {
        row(5);
        reset(10, 0, 2);
        row(10);
        row(6);
        reset(10, 1, 2);
        cut(10, 0, 2, 1, Optional.empty());
        cut(10, 1, 2, 0, Optional.empty());

        Frozen frozen = intake.freeze(at(10));

        assertThat(rows(frozen)).isEqualTo(1);
        assertThat(frozen.reset()).contains(at(10));
    }

    @Test
    void lostRowIsNoticedAndNothingCanBePublished() {
        row(5);
        cut(10, 0, 1, 2, Optional.empty());

        assertThatThrownBy(() -> intake.freeze(at(10)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "t.sky-0: the cut at 1:0/A:0 promises 2 rows, 1 came: rows were lost or doubled between streams and sink; nothing was published");
    }

    @Test
    void missingCutIsNoticed() {
        cut(10, 0, 1, 0, Optional.empty());

        assertThatThrownBy(() -> cut(30, 0, 1, 0, Optional.of(at(20))))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "t.sky-0@1: the cut at 1:0/1E:0 continues from 1:0/14:0, the last one seen is 1:0/A:0: one is missing");
    }

    @Test
    void rowBeforeTheFirstCopyOfAControlRecordThatItIsBeyondIsNoticed() {
        row(12);

        assertThatThrownBy(() -> cut(10, 0, 2, 1, Optional.empty()))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "t.sky-0@1: a row at 1:0/C:0 came before the first copy of the control record at 1:0/A:0: whether that covers it cannot be told");
    }

    @Test
    void copyThatComesTwiceCountsOnce() {
        row(5);
        cut(10, 0, 2, 1, Optional.empty());
        cut(10, 0, 2, 1, Optional.empty());
        assertThat(intake.isAligned(at(10))).isFalse();

        cut(10, 1, 2, 0, Optional.empty());

        assertThat(rows(intake.freeze(at(10)))).isEqualTo(1);
    }

    @Test
    void rejectsOfAllUpstreamsAreAddedUpOverSkippedCuts() {
        cut(10, 0, 2, 0, Optional.empty());
        cut(10, 1, 2, 0, Optional.empty());
        cut(20, 0, 2, 0, Optional.of(at(10)));
        cut(20, 1, 2, 0, Optional.of(at(10)));

        assertThat(intake.freeze(at(20)).rejects()).isEqualTo(Map.of("faint", 12L));
    }

    @Test
    void cutThatIsNotAlignedCannotBeReleased() {
        cut(10, 0, 2, 0, Optional.empty());

        assertThatThrownBy(() -> intake.release(at(10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("t.sky-0: the cut at 1:0/A:0 is not aligned");
    }

    @Test
    void rowsOfTwoSchemasAreNeverInOneVersion() {
        cutWithSchema(10, 1);
        cutWithSchema(20, 1);
        cutWithSchema(30, 2);
        cutWithSchema(40, 3);

        assertThat(intake.newestAligned()).contains(at(20));
        assertThat(intake.isAnotherFormBehind(at(10))).isFalse();
        assertThat(intake.isAnotherFormBehind(at(20))).isTrue();
        intake.release(at(20));
        assertThat(intake.newestAligned()).contains(at(30));
        reset(50, 0, 1);
        assertThat(intake.isAnotherFormBehind(at(40))).isFalse();
        cutWithSchema(50, 4);
        assertThat(intake.newestAligned()).contains(at(50));
    }

    private void cutWithSchema(long lsn, int schemaId) {
        Map<String, Long> none = Map.of();
        intake.addControl(
                new Control(Control.Kind.CUT, at(lsn), Optional.empty(), 0, 1, 0, 0, none, schemaId, "s", TIME),
                offset++);
    }

    private void row(long lsn) {
        intake.addRow(at(lsn), offset++, KEY, new byte[0]);
    }

    private void cut(long lsn, int upstream, int upstreams, long rows, Optional<Position> since) {
        intake.addControl(control(Control.Kind.CUT, lsn, upstream, upstreams, rows, since), offset++);
    }

    private void reset(long lsn, int upstream, int upstreams) {
        intake.addControl(control(Control.Kind.RESET, lsn, upstream, upstreams, 0, Optional.empty()), offset++);
    }

    private static Control control(
            Control.Kind kind, long lsn, int upstream, int upstreams, long rows, Optional<Position> since) {
        return new Control(kind, at(lsn), since, upstream, upstreams, rows, rows, Map.of("faint", 3L), 1, "s", TIME);
    }

    private static long rows(Frozen frozen) {
        return frozen.segments().stream().mapToLong(Segment::rows).sum();
    }

    private static Position at(long lsn) {
        return new Position(1, lsn, 0);
    }
}
