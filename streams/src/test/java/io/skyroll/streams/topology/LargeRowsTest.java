package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.row.UnsentValues;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.topology.TaskRun.Out;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates of rows with large values that did not change, which PostgreSQL does not send with a key alone as replica identity. */
final class LargeRowsTest {
    private static final Position SNAPSHOT = new Position(1, 100, 0);
    private static final Position CUT = new Position(1, 300, 0);
    private static final String LARGE = "x".repeat(3000);
    private static final String OTHER = "y".repeat(3000);
    /** The source's number of the column {@code name}. */
    private static final int NAME = 2;

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Stars stars = Stars.followed(registry);
    private final SkyStreamSettings settings =
            Stars.settings(new SkyPartitions(0, 3), 2, true, new FilterSettings("bright", "mag < 20"));
    private final TaskRun task = new TaskRun(settings, registry, stars);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aValueThatWasNotSentIsThatOfTheSnapshotAlsoWhenTheRowMoves(boolean isBatch) {
        task.reset(SNAPSHOT);
        if (isBatch) {
            task.batch(SNAPSHOT, star(1, LARGE, 10, 12f), star(2, OTHER, 10, 12f));
        } else {
            task.row(Op.SNAPSHOT, SNAPSHOT, star(1, LARGE, 10, 12f));
            task.row(Op.SNAPSHOT, SNAPSHOT, star(2, OTHER, 10, 12f));
        }
        task.cut(CUT, Optional.of(SNAPSHOT), 2);

        assertThat(said(unsent(next(1), star(1, null, 200, 13f)))).containsExactly("d", "u xxx 200.0 13.0");
        assertThat(said(unsent(next(2), star(1, null, 200, 14f)))).containsExactly("u xxx 200.0 14.0");
        assertThat(said(unsent(next(3), star(2, null, 10, 13f)))).containsExactly("u yyy 10.0 13.0");
    }

    @Test
    void aValueThatWasSentTakesThePlaceOfTheFormerOne() {
        snapshot();
        task.row(Op.UPDATE, next(1), star(1, OTHER, 10, 12f));
        assertThat(said(unsent(next(2), star(1, null, 10, 13f)))).containsExactly("u yyy 10.0 13.0");

        task.feed(stars.keyValue(1), null, Stars.headers(Op.DELETE, next(3)));
        task.row(Op.INSERT, next(4), star(1, LARGE, 10, 12f));
        assertThat(said(unsent(next(5), star(1, null, 10, 13f)))).containsExactly("u xxx 10.0 13.0");
    }

    @Test
    void aRowThatFailsTheFilterKeepsItsValueUntilItPassesAgain() {
        task.reset(SNAPSHOT);
        task.batch(SNAPSHOT, star(1, LARGE, 10, 25f));
        task.cut(CUT, Optional.of(SNAPSHOT), 1);

        assertThat(said(unsent(next(1), star(1, null, 10, 26f)))).containsExactly("reject xxx 10.0 26.0");
        assertThat(said(unsent(next(2), star(1, null, 10, 12f)))).containsExactly("u xxx 10.0 12.0");
        assertThat(said(unsent(next(3), star(1, null, 10, 26f)))).containsExactly("d", "reject xxx 10.0 26.0");
        assertThat(said(unsent(next(4), star(1, null, 10, 12f)))).containsExactly("u xxx 10.0 12.0");
    }

    @Test
    void anUpdateThatOvertakesItsRowWaitsForIt() {
        task.reset(SNAPSHOT);

        assertThat(unsent(next(1), star(1, null, 200, 13f))).isEmpty();
        assertThat(unsent(next(2), star(1, null, 200, 14f))).isEmpty();
        assertThat(unsent(next(3), star(2, null, 200, 14f))).isEmpty();
        List<Out> out = task.batch(SNAPSHOT, star(1, LARGE, 10, 12f), star(3, OTHER, 10, 12f));

        assertThat(said(out.subList(1, 3))).containsExactly("d", "u xxx 200.0 14.0");
        assertThat(RecordHeaders.position(out.get(2).headers)).isEqualTo(next(2));
        assertThat(out.get(2).headers.lastHeader(RecordHeaders.UNSENT)).isNull();
        assertThat(said(task.row(Op.SNAPSHOT, SNAPSHOT, star(2, OTHER, 10, 25f))))
                .containsExactly("reject yyy 10.0 25.0", "u yyy 200.0 14.0");
        assertThat(task.cut(next(4), Optional.of(SNAPSHOT), 6)).isNotEmpty();
        assertThat(said(unsent(next(5), star(1, null, 10, 13f)))).containsExactly("d", "u xxx 10.0 13.0");
    }

    @Test
    void anUpdateThatWaitsGivesWayToOneThatTellsTheValueAndToADeletion() {
        task.reset(SNAPSHOT);

        unsent(next(1), star(1, null, 200, 13f));
        assertThat(said(task.row(Op.UPDATE, next(2), star(1, OTHER, 200, 14f)))).containsExactly("u yyy 200.0 14.0");
        unsent(next(3), star(2, null, 200, 13f));
        assertThat(task.feed(stars.keyValue(2), null, Stars.headers(Op.DELETE, next(4))))
                .isEmpty();

        assertThat(task.batch(SNAPSHOT, star(1, LARGE, 10, 12f), star(2, LARGE, 10, 12f)))
                .isEmpty();
        assertThat(task.cut(next(5), Optional.of(SNAPSHOT), 6)).isNotEmpty();
        assertThat(said(unsent(next(6), star(1, null, 200, 15f)))).containsExactly("u yyy 200.0 15.0");
    }

    @Test
    void aTableStandsStillAtACutIfARowThatUpdatesWaitForDidNotCome() {
        task.reset(SNAPSHOT);
        unsent(next(1), star(1, null, 200, 13f));

        assertThat(task.cut(next(2), Optional.of(SNAPSHOT), 1)).isEmpty();
        assertThat(task.stopped())
                .contains(
                        "table public.stars: large values did not change in updates of 1 rows: PostgreSQL does not send them, and these rows were not read: ALTER TABLE \"public\".\"stars\" REPLICA IDENTITY FULL; then start again with --resync public.stars");
    }

    @Test
    void aTableStandsStillAtAValueThatNobodyKnowsUntilItIsReadAnew() {
        task.reset(SNAPSHOT);
        task.batch(SNAPSHOT, star(1, "small", 10, 12f));
        task.cut(CUT, Optional.of(SNAPSHOT), 1);

        assertThat(unsent(next(1), star(1, null, 200, 13f))).isEmpty();
        String why =
                "table public.stars: a row was updated whose large value of column \"name\" did not change: PostgreSQL does not send it, and it was not told before: ALTER TABLE \"public\".\"stars\" REPLICA IDENTITY FULL; then start again with --resync public.stars";
        assertThat(task.stopped()).contains(why);
        assertThat(task.row(Op.UPDATE, next(2), star(1, LARGE, 200, 13f))).isEmpty();
        assertThat(task.cut(next(3), Optional.of(CUT), 2)).isEmpty();

        TaskRun next = task.restarted(settings, registry);
        assertThat(next.stopped()).contains(why);
        assertThat(next.row(Op.INSERT, next(4), star(2, LARGE, 10, 13f))).isEmpty();
        assertThat(next.reset(next(5))).isNotEmpty();
        assertThat(next.stopped()).isEmpty();
        assertThat(next.batch(next(5), star(1, LARGE, 10, 12f))).isNotEmpty();
        assertThat(next.cut(next(6), Optional.of(next(5)), 1)).isNotEmpty();
    }

    @Test
    void ofSmallRowsOnlyPlacesAreRemembered() {
        task.reset(SNAPSHOT);
        task.batch(SNAPSHOT, star(1, "small", 10, 12f));
        task.row(Op.INSERT, next(1), star(2, "small", 10, 12f));
        task.row(Op.INSERT, next(2), star(3, LARGE, 10, 12f));

        int place = Long.BYTES + Position.BYTES;
        assertThat(task.rememberedBytes()).isEqualTo(3 * place + stars.rowValue(star(3, LARGE, 10, 12f)).length - 20);
    }

    @Test
    void aValueStaysWithItsColumnWhenTheTableIsAltered() {
        snapshot();
        RowSchema altered = new RowSchema(
                "public.stars",
                List.of(
                        new Column("id", ColumnType.INT64, false),
                        new Column("extra", ColumnType.BOOLEAN, true),
                        new Column("ra", ColumnType.FLOAT64, true),
                        new Column("dec", ColumnType.FLOAT64, true),
                        new Column("mag", ColumnType.FLOAT64, true),
                        new Column("label", ColumnType.STRING, true)),
                List.of("id"));
        Stars then = Stars.followed(registry, altered, List.of(1, 6, 3, 4, 5, NAME));
        GenericRecord row = then.row(altered, 1L, true, 10.0, 80.0, 13.0, null);

        List<Out> out = task.feed(stars.keyValue(1), then.rowValue(row), unsentHeaders(next(1)));

        GenericRecord whole = (GenericRecord) then.decode(out.get(0).value);
        assertThat(whole.get("label")).hasToString(LARGE);
        assertThat(whole.get("extra")).isEqualTo(true);
        assertThat(whole.get("mag")).isEqualTo(13.0);
    }

    @Test
    void ofTablesWithoutASkyLargeValuesAloneAreRemembered() {
        TaskRun byKey = new TaskRun(
                Stars.withoutSky(SkyPartitions.even(3), 2, new FilterSettings("bright", "mag < 20")), registry, stars);
        byKey.reset(SNAPSHOT);
        byKey.batch(SNAPSHOT, star(1, LARGE, 10, 12f), star(2, "small", 10, 12f));
        byKey.feed(stars.keyValue(4), stars.rowValue(star(4, null, 10, 13f)), unsentHeaders(next(1)));
        assertThat(said(byKey.row(Op.SNAPSHOT, SNAPSHOT, star(4, OTHER, 10, 12f))))
                .containsExactly("r yyy 10.0 12.0", "u yyy 10.0 13.0");
        byKey.cut(CUT, Optional.of(SNAPSHOT), 4);

        assertThat(said(byKey.feed(stars.keyValue(1), stars.rowValue(star(1, null, 10, 13f)), unsentHeaders(next(2)))))
                .containsExactly("u xxx 10.0 13.0");
        assertThat(byKey.remembered()).isEqualTo(2);
        byKey.row(Op.UPDATE, next(3), star(1, "small", 10, 13f));
        byKey.feed(stars.keyValue(4), null, Stars.headers(Op.DELETE, next(4)));
        assertThat(byKey.remembered()).isZero();
    }

    @Test
    void aTableWhoseChangesTellWholeRowsHasNoUnsentValues() {
        TaskRun whole = new TaskRun(settings, registry, new Stars(registry));

        assertThatThrownBy(() -> whole.feed(
                        stars.keyValue(1),
                        new Stars(registry).rowValue(new Stars(registry).star(1, null, 10.0, 80.0, 12f)),
                        unsentHeaders(next(1))))
                .hasMessageContaining("the record has the header 'unsent', but changes of the table tell whole rows");
    }

    private void snapshot() {
        task.reset(SNAPSHOT);
        task.batch(SNAPSHOT, star(1, LARGE, 10, 12f));
        task.cut(CUT, Optional.of(SNAPSHOT), 1);
    }

    private List<Out> unsent(Position position, GenericRecord row) {
        return task.feed(stars.keyValue((Long) row.get("id")), stars.rowValue(row), unsentHeaders(position));
    }

    private static Headers unsentHeaders(Position position) {
        return Stars.headers(Op.UPDATE, position).add(RecordHeaders.UNSENT, UnsentValues.pack(List.of(NAME)));
    }

    private static Position next(int step) {
        return new Position(1, 400 + step, 1);
    }

    private GenericRecord star(long id, @Nullable String name, double ra, float mag) {
        return stars.star(id, name, ra, 80.0, mag);
    }

    /** What was sent: the start of the name, the right ascension, the magnitude. */
    private List<String> said(List<Out> out) {
        return out.stream().map(this::said).toList();
    }

    private String said(Out out) {
        String what = out.isReject() ? "reject" : RecordHeaders.op(out.headers).code();
        if (out.value == null) {
            return what;
        }
        GenericRecord row = (GenericRecord) stars.decode(out.value);
        String name = row.get("name").toString();
        assertThat(name).hasSize(LARGE.length());
        return "%s %s %s %s".formatted(what, name.substring(0, 3), row.get("ra"), row.get("mag"));
    }
}
