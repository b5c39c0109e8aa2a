package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Healpix;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.topic.Subjects;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.row.Rules;
import io.skyroll.streams.topology.TaskRun.Out;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

/** Three sky partitions of four base cells each: partition 0 is the north, 1 the equator, 2 the south. */
class SkyProcessorTest {
    private static final Position P1 = Stars.P1;
    private static final Position P2 = Stars.P2;
    private static final Position P3 = Stars.P3;
    private static final FilterSettings BRIGHT = new FilterSettings("bright", "mag < 20");
    private static final String PLACE = "topic sky.public.stars.rows partition 1 offset ";

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Stars stars = new Stars(registry);
    private final TaskRun task = new TaskRun(Stars.settings(BRIGHT), registry, stars);

    private final GenericRecord north = stars.star(1, 10, 80);
    private final GenericRecord equator = stars.star(2, 20, 0);
    private final GenericRecord south = stars.star(3, 30, -80);

    @Test
    void splitsABatchBySkyPartitionAndKeepsTheOrderOfRows() {
        GenericRecord north2 = stars.star(4, 200, 85);
        GenericRecord south2 = stars.star(5, 300, -85);

        List<Out> out = task.batch(P1, south, north, equator, north2, south2);

        assertThat(out).extracting(o -> o.sink).containsOnly(SkyTopology.SKY);
        assertThat(out).extracting(o -> o.partition).containsExactly(0, 1, 2);
        assertThat(stars.batch(out.get(0).value)).containsExactly(north, north2);
        assertThat(stars.batch(out.get(1).value)).containsExactly(equator);
        assertThat(stars.batch(out.get(2).value)).containsExactly(south, south2);
        assertThat(out.get(0).cells()).containsExactly(Healpix.pixel(29, 10, 80), Healpix.pixel(29, 200, 85));
        assertThat(task.meter.rowsIn()).isEqualTo(5);
        assertThat(task.meter.rowsOut()).isEqualTo(5);
        assertThat(task.meter.bytesOut())
                .isEqualTo(out.stream().mapToLong(o -> o.value.length).sum());
    }

    @Test
    void copiesTheBytesOfRowsUntouched() {
        byte[] row = stars.rowValue(south);

        Out out = task.batch(P1, south).get(0);

        int payload = row.length - 5;
        assertThat(Arrays.copyOfRange(out.value, out.value.length - 1 - payload, out.value.length - 1))
                .isEqualTo(Arrays.copyOfRange(row, 5, row.length));
        assertThat(Arrays.copyOf(out.value, 5)).containsExactly(0, 0, 0, 0, stars.batchId);
    }

    @Test
    void twoThousandColumnsAreRouted() {
        List<Column> columns = new ArrayList<>(Stars.SCHEMA.columns());
        while (columns.size() < 2000) {
            columns.add(new Column("c" + columns.size(), ColumnType.STRING, true));
        }
        Stars wide = new Stars(registry, new RowSchema(Stars.SCHEMA.name(), columns, Stars.SCHEMA.keyColumns()));
        GenericRecord star = wide.star(1, 10, 80);
        GenericRecord faint = wide.star(2, "faint", 10.0, 80.0, 22f);
        for (int i = Stars.SCHEMA.columns().size(); i < columns.size(); i += 2) {
            star.put(i, new Utf8("value " + i));
        }
        FilterSettings last = new FilterSettings("last", "c1999 = 'value 1999'");
        TaskRun run = new TaskRun(Stars.settings(last), registry, wide);

        List<Out> out = run.batch(P1, star, faint);

        assertThat(out).extracting(Out::isReject).containsExactly(true, false);
        GenericRecord passed = wide.batch(out.get(1).value).get(0);
        for (int i = Stars.SCHEMA.columns().size(); i < columns.size(); i++) {
            assertThat(passed.get(i)).isEqualTo(star.get(i));
        }
    }

    @Test
    void givesABatchItsInputsHeadersAndTheCells() {
        Out out = task.batch(P1, north).get(0);

        assertThat(out.key).isNull();
        assertThat(out.headers).extracting(header -> header.key()).containsExactly("op", "pos", "ts", "healpix");
        assertThat(RecordHeaders.op(out.headers)).isEqualTo(Op.SNAPSHOT);
        assertThat(RecordHeaders.position(out.headers)).isEqualTo(P1);
        assertThat(RecordHeaders.commitTime(out.headers)).isEqualTo(Stars.TIME);
    }

    @Test
    void keepsNothingFromOneBatchForTheNext() {
        task.batch(P1, north, south);

        List<Out> out = task.batch(P1, north);

        assertThat(out).hasSize(1);
        assertThat(stars.batch(out.get(0).value)).containsExactly(north);
    }

    @Test
    void registersSchemasForTheTopicsBehind() {
        task.batch(P1, north);

        String sky = Stars.TABLE.skyTopic();
        String rejects = Stars.TABLE.rejectsTopic();
        assertThat(registry.has(Subjects.batch(sky), stars.batchId)).isTrue();
        assertThat(registry.has(Subjects.value(sky), stars.rowId)).isTrue();
        assertThat(registry.has(Subjects.control(sky), stars.controlId)).isTrue();
        assertThat(registry.has(Subjects.value(rejects), stars.rowId)).isTrue();
        assertThat(registry.has(Subjects.key(rejects), stars.keyId)).isTrue();
    }

    @Test
    void forwardsACutToEverySkyPartitionWithItsCounts() {
        task.batch(P1, north, north, equator, stars.star(6, null, null, 1.0, 1f));
        task.batch(P1, south, stars.star(7, "faint", 1.0, 1.0, 21f));

        List<Out> out = task.cut(P1, 6);

        assertThat(out).extracting(o -> o.partition).containsExactly(0, 1, 2);
        assertThat(out).allSatisfy(o -> {
            assertThat(o.key).isNull();
            assertThat(RecordHeaders.op(o.headers)).isEqualTo(Op.CUT);
            assertThat(RecordHeaders.position(o.headers)).isEqualTo(P1);
            assertThat(RecordHeaders.commitTime(o.headers)).isEqualTo(Stars.TIME);
        });
        Map<String, Long> rejects = Map.of(Rules.SKY_NULL, 1L, "bright", 1L);
        Control cut = Control.cut(P1, Optional.empty(), 6, stars.rowId, "system", Stars.TIME);
        assertThat(out)
                .extracting(o -> stars.control(o.value))
                .containsExactly(
                        cut.forwarded(1, 2, 6, 2, rejects),
                        cut.forwarded(1, 2, 6, 1, rejects),
                        cut.forwarded(1, 2, 6, 1, rejects));
    }

    @Test
    void countsAnewAfterACut() {
        task.batch(P1, north, stars.star(7, "faint", 1.0, 1.0, 21f));
        task.cut(P1, 2);
        task.batch(P2, south);

        Control copy = stars.control(task.cut(P2, Optional.of(P1), 1).get(2).value);

        assertThat(copy.rowsIn()).isEqualTo(1);
        assertThat(copy.rows()).isEqualTo(1);
        assertThat(copy.rejects()).isEmpty();
    }

    @Test
    void setsTheCountsToZeroAtAReset() {
        task.batch(P1, north, stars.star(7, "faint", 1.0, 1.0, 21f));

        List<Out> reset = task.reset(P2);
        task.batch(P2, south);
        List<Out> cut = task.cut(P2, 1);

        Control expected = Control.reset(P2, stars.rowId, "system", Stars.TIME);
        assertThat(reset)
                .extracting(o -> stars.control(o.value))
                .containsOnly(expected.forwarded(1, 2, 0, 0, Map.of()))
                .hasSize(3);
        assertThat(reset).extracting(o -> RecordHeaders.op(o.headers)).containsOnly(Op.RESET);
        assertThat(stars.control(cut.get(0).value).rows()).isZero();
        assertThat(stars.control(cut.get(2).value).rows()).isEqualTo(1);
    }

    @Test
    void dropsWhatComesLateFromBeforeTheNewestReset() {
        task.reset(P2);

        assertThat(task.batch(P1, north)).isEmpty();
        assertThat(task.row(Op.INSERT, P1, north)).isEmpty();
        assertThat(task.cut(P1, 17)).isEmpty();
        assertThat(task.reset(P1)).isEmpty();
        assertThat(task.batch(P2, north)).hasSize(1);
        assertThat(task.cut(P2, 1)).hasSize(3);
    }

    @Test
    void stopsWhenACutSaysThatRowsAreLost() {
        task.batch(P1, north, south);

        assertThatThrownBy(() -> task.cut(P1, 5))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        PLACE
                                + "41: the cut at 1:0/64:0 says that 5 rows were written since the last control record, but 2 were read: 3 rows are lost; take a new snapshot")
                .extracting(failure -> ((SkyrollException) failure).kind())
                .isEqualTo(FailureKind.DEFECT);
    }

    @Test
    void stopsWhenACutSaysThatThereAreTooManyRows() {
        task.batch(P1, north, south);

        assertThatThrownBy(() -> task.cut(P1, 1)).hasMessageContaining("1 rows are too many");
    }

    @Test
    void stopsWhenACutIsMissing() {
        task.cut(P1, 0);

        assertThatThrownBy(() -> task.cut(P3, Optional.of(P2), 0))
                .hasMessage(
                        PLACE
                                + "41: the cut at 1:0/12C:0 follows the one at 1:0/C8:0, but the last that was read is at 1:0/64:0: control records are lost; take a new snapshot");
    }

    @Test
    void sendsRejectedRowsToTheRejectsTopicWithReasonAndPlace() {
        GenericRecord faint = stars.star(7, "faint", 1.0, 1.0, 21f);

        List<Out> out = task.batch(P1, north, faint);

        assertThat(out).extracting(o -> o.sink).containsExactly(SkyTopology.REJECTS, SkyTopology.SKY);
        Out reject = out.get(0);
        assertThat(reject.partition).isEqualTo(TaskRun.PARTITION);
        assertThat(reject.key).isNull();
        assertThat(reject.value).isEqualTo(stars.rowValue(faint));
        assertThat(RecordHeaders.op(reject.headers)).isEqualTo(Op.SNAPSHOT);
        assertThat(RecordHeaders.position(reject.headers)).isEqualTo(P1);
        assertThat(RecordHeaders.commitTime(reject.headers)).isEqualTo(Stars.TIME);
        assertThat(reject.rejectHeaders())
                .isEqualTo(Map.of(
                        "rule", "bright",
                        "stage", "streams",
                        "topic", "sky.public.stars.rows",
                        "partition", "1",
                        "offset", "40"));
    }

    @Test
    void namesTheFirstFilterThatFails() {
        TaskRun two =
                new TaskRun(Stars.settings(new FilterSettings("placed", "ra IS NOT NULL"), BRIGHT), registry, stars);

        assertThat(two.batch(P1, stars.star(1, null, null, 1.0, 30f)).get(0).text("rule"))
                .isEqualTo("placed");
        assertThat(two.batch(P1, stars.star(1, null, 1.0, null, 30f)).get(0).text("rule"))
                .isEqualTo("bright");
        assertThat(two.batch(P1, stars.star(1, null, 1.0, null, 3f)).get(0).text("rule"))
                .isEqualTo(Rules.SKY_NULL);
    }

    @Test
    void rejectsARowThatAFilterHasNoValueFor() {
        TaskRun dividing = new TaskRun(Stars.settings(new FilterSettings("ratio", "10 / id > 1")), registry, stars);

        Map<String, String> headers =
                dividing.batch(P1, stars.star(0, 1, 1)).get(0).rejectHeaders();

        assertThat(headers).containsEntry("rule", "ratio");
        assertThat(headers.get("error")).contains("division by zero");
        assertThat(dividing.batch(P1, stars.star(20, 1, 1)).get(0).rejectHeaders())
                .containsEntry("rule", "ratio")
                .doesNotContainKey("error");
    }

    @Test
    void routesASingleRowByItsPlace() {
        List<Out> out = task.row(Op.SNAPSHOT, P1, south);

        assertThat(out).hasSize(1);
        assertThat(out.get(0).partition).isEqualTo(2);
        assertThat(out.get(0).value).isEqualTo(stars.rowValue(south));
        assertThat(out.get(0).headers).extracting(header -> header.key()).containsExactly("op", "pos", "ts");
        GenericRecord key = (GenericRecord) stars.decode(out.get(0).key);
        assertThat(((GenericData.Fixed) key.get("healpix_29")).bytes())
                .isEqualTo(ByteBuffer.allocate(8)
                        .putLong(Healpix.pixel(29, 30, -80))
                        .array());
        assertThat(((GenericRecord) key.get("key")).get("id")).isEqualTo(3L);
        assertThat(registry.has(
                        Subjects.key(Stars.TABLE.skyTopic()),
                        ByteBuffer.wrap(out.get(0).key, 1, 4).getInt()))
                .isTrue();
        assertThat(stars.control(task.cut(P1, 1).get(2).value).rows()).isEqualTo(1);
    }

    @Test
    void rejectsASingleRowWithItsKey() {
        GenericRecord nowhere = stars.star(9, null, Double.NaN, 0.0, 1f);

        Out out = task.row(Op.INSERT, P1, nowhere).get(0);

        assertThat(out.isReject()).isTrue();
        assertThat(out.key).isEqualTo(stars.keyValue(9));
        assertThat(out.value).isEqualTo(stars.rowValue(nowhere));
        assertThat(out.text("rule")).isEqualTo(Rules.SKY_NOT_FINITE);
    }

    @Test
    void rejectsWhatTheProducerCouldNotRepresent() {
        var headers = Stars.headers(Op.SNAPSHOT, P1);
        RecordHeaders.put(headers, RecordHeaders.ERROR, "year 5874898 does not fit");

        List<Out> out = task.feed(stars.keyValue(9), null, headers);

        assertThat(out).hasSize(1);
        assertThat(out.get(0).isReject()).isTrue();
        assertThat(out.get(0).key).isEqualTo(stars.keyValue(9));
        assertThat(out.get(0).value).isNull();
        assertThat(out.get(0).rejectHeaders())
                .containsEntry("rule", Rules.SOURCE_ERROR)
                .containsEntry("error", "year 5874898 does not fit");
        Control cut = stars.control(task.cut(P1, 1).get(0).value);
        assertThat(cut.rejects()).isEqualTo(Map.of(Rules.SOURCE_ERROR, 1L));
    }

    @Test
    void deletesARowAtThePlaceOfItsBeforeImage() {
        var headers = Stars.headers(Op.DELETE, P1).add(RecordHeaders.BEFORE, stars.rowValue(south));

        List<Out> out = task.feed(stars.keyValue(3), null, headers);

        assertThat(out).hasSize(1);
        assertThat(out.get(0).partition).isEqualTo(2);
        assertThat(out.get(0).value).isNull();
        assertThat(out.get(0).key).isEqualTo(task.row(Op.INSERT, P1, south).get(0).key);
        assertThat(RecordHeaders.op(out.get(0).headers)).isEqualTo(Op.DELETE);
    }

    @Test
    void movesARowByDeletingItAtItsOldPlace() {
        var headers = Stars.headers(Op.UPDATE, P1).add(RecordHeaders.BEFORE, stars.rowValue(stars.star(1, 30, -80)));

        List<Out> out = task.feed(stars.keyValue(1), stars.rowValue(north), headers);

        assertThat(out).extracting(o -> o.partition).containsExactly(2, 0);
        assertThat(out).extracting(o -> RecordHeaders.op(o.headers)).containsExactly(Op.DELETE, Op.UPDATE);
        assertThat(out.get(0).value).isNull();
        assertThat(out.get(1).value).isEqualTo(stars.rowValue(north));
    }

    @Test
    void removesARowThatFailsFromNowOn() {
        var headers = Stars.headers(Op.UPDATE, P1).add(RecordHeaders.BEFORE, stars.rowValue(north));

        List<Out> out = task.feed(stars.keyValue(1), stars.rowValue(stars.star(1, "faded", 10.0, 80.0, 25f)), headers);

        assertThat(out).extracting(o -> o.sink).containsExactly(SkyTopology.SKY, SkyTopology.REJECTS);
        assertThat(RecordHeaders.op(out.get(0).headers)).isEqualTo(Op.DELETE);
        assertThat(out.get(1).text("rule")).isEqualTo("bright");
    }

    @Test
    void updatesARowInPlaceWithoutADeletion() {
        var headers = Stars.headers(Op.UPDATE, P1).add(RecordHeaders.BEFORE, stars.rowValue(north));

        List<Out> out = task.feed(stars.keyValue(1), stars.rowValue(stars.star(1, "new", 10.0, 80.0, 2f)), headers);

        assertThat(out).hasSize(1);
        assertThat(RecordHeaders.op(out.get(0).headers)).isEqualTo(Op.UPDATE);
    }

    @Test
    void stopsAtADeletionWhosePlaceIsUnknown() {
        String message = PLACE
                + "%d: a row must leave the catalog, but the record has no header 'before' that says where it is, and the pipeline does not follow changes: set source.mode to snapshot_and_changes";

        assertThatThrownBy(() -> task.feed(stars.keyValue(1), null, Stars.headers(Op.DELETE, P1)))
                .hasMessage(message, 40);
        assertThatThrownBy(() -> task.row(Op.UPDATE, P1, stars.star(1, "faded", 10.0, 80.0, 25f)))
                .hasMessage(message, 41);
    }

    @Test
    void stopsAtRecordsThatSayNothingOrTooMuch() {
        assertThatThrownBy(() -> task.feed(stars.keyValue(1), null, Stars.headers(Op.INSERT, P1)))
                .hasMessage(PLACE + "40: op c needs a value or an error");
        assertThatThrownBy(() -> task.feed(null, stars.batchValue(List.of(north)), Stars.headers(Op.INSERT, P1)))
                .hasMessage(PLACE + "41: op c cannot have a batch as value");
        assertThatThrownBy(() -> task.feed(null, stars.rowValue(north), Stars.headers(Op.INSERT, P1)))
                .hasMessage(PLACE + "42: a single row has no key");
        var headers = Stars.headers(Op.INSERT, P1);
        RecordHeaders.put(headers, RecordHeaders.ERROR, "odd");
        assertThatThrownBy(() -> task.feed(stars.keyValue(1), stars.rowValue(north), headers))
                .hasMessage(PLACE + "43: the record has both a value and an error");
    }

    @Test
    void stopsAtATornRecord() {
        byte[] batch = stars.batchValue(List.of(north, south));
        byte[] row = stars.rowValue(north);

        for (int length = 5; length < batch.length; length++) {
            byte[] torn = Arrays.copyOf(batch, length);
            assertThatThrownBy(() -> task.feed(null, torn, Stars.headers(Op.SNAPSHOT, P1)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(
                        () -> task.feed(null, Arrays.copyOf(batch, batch.length + 1), Stars.headers(Op.SNAPSHOT, P1)))
                .hasMessageContaining("the batch ends at byte");
        assertThatThrownBy(() -> task.feed(
                        stars.keyValue(1), Arrays.copyOf(row, row.length + 1), Stars.headers(Op.SNAPSHOT, P1)))
                .hasMessageContaining("the row ends at byte");
    }

    @Test
    void keepsItsCountsOverARestart() {
        task.reset(P1);
        task.batch(P1, north, south, stars.star(7, "faint", 1.0, 1.0, 21f));

        TaskRun next = task.restarted(Stars.settings(BRIGHT), registry);
        next.batch(P1, south);
        List<Out> out = next.cut(P1, Optional.of(P1), 4);

        assertThat(out).extracting(o -> stars.control(o.value).rows()).containsExactly(1L, 0L, 2L);
        assertThat(stars.control(out.get(0).value).rejects()).isEqualTo(Map.of("bright", 1L));
        assertThat(next.batch(new Position(1, 99, 0), north)).isEmpty();
    }

    @Test
    void refusesARestartWithAnotherDivisionOfTheSky() {
        task.batch(P1, north);

        assertThatThrownBy(() -> task.restarted(Stars.settings(new SkyPartitions(1, 3), 2), registry))
                .hasMessage(
                        "the sky topic was begun with 3 partitions by cells of lowest_order 0, now it would have 3 partitions by cells of lowest_order 1: rows would change their partition; go back to the former, or 'skyroll replay --reset-streams'");
    }

    @Test
    void refusesAPartitionThatThePipelineDoesNotKnow() {
        assertThatThrownBy(() -> new TaskRun(Stars.settings(new SkyPartitions(0, 3), 1), registry, stars))
                .hasMessage("topic sky.public.stars.rows has a partition 1, the pipeline expects 1 partitions");
    }

    @Test
    void followsASchemaChange() {
        Stars wider = new Stars(registry, Stars.wider());
        task.batch(P1, north);

        List<Out> out = task.feed(null, wider.batchValue(List.of(wider.star(8, 1, 0))), Stars.headers(Op.SNAPSHOT, P1));

        assertThat(wider.batchId).isNotEqualTo(stars.batchId);
        assertThat(Arrays.copyOf(out.get(0).value, 5)).containsExactly(0, 0, 0, 0, wider.batchId);
        assertThat(stars.batch(out.get(0).value)).containsExactly(wider.star(8, 1, 0));
        assertThat(task.batch(P1, north)).hasSize(1);
        assertThat(task.cut(P1, 3)).hasSize(3);
    }

    @Test
    void stopsAtASchemaWithoutCoordinates() {
        RowSchema flat =
                new RowSchema("public.flat", List.of(new Column("id", ColumnType.INT64, false)), List.of("id"));
        int id = registry.register("x", flat.toAvro());

        assertThatThrownBy(() -> task.feed(
                        stars.keyValue(1), new byte[] {0, 0, 0, 0, (byte) id, 2}, Stars.headers(Op.SNAPSHOT, P1)))
                .hasMessage("public.flat has no column 'ra' for right ascension; it has [id]")
                .extracting(failure -> ((SkyrollException) failure).kind())
                .isEqualTo(FailureKind.CONFIGURATION);
    }
}
