package io.skyroll.schemas.sky;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyPlaceTest {
    private static final long CELLS = 12L << 58;
    private static final List<Column> COLUMNS = List.of(
            new Column("note", ColumnType.STRING, true),
            new Column("id", ColumnType.INT64, false),
            new Column("name", ColumnType.STRING, false));

    /** Topics and files rest on these: they were worked out by another implementation of XXH64, and stay for ever. */
    @Test
    void placesStayForEver() {
        assertThat(place("")).isEqualTo(3_232_820_485_139_508_172L);
        assertThat(place("a")).isEqualTo(2_841_424_938_442_314_928L);
        assertThat(place("a key of more than thirty-two bytes, as designations are"))
                .isEqualTo(1_627_601_784_389_583_208L);
    }

    @Test
    void aRowIsWhereItsKeyIsWhateverElseItHolds() {
        KeyPlace places = new KeyPlace(new RowSchema("t", COLUMNS, List.of("name", "id")));
        AvroBuffer key = new AvroBuffer(16);
        key.writeWithLength("K20A01A".getBytes(StandardCharsets.UTF_8), 0, 7);
        key.writeLong(7);
        long expected = KeyPlace.ofKey(key.bytes(), 0, key.size());

        AvroBuffer rows = new AvroBuffer(64);
        write(rows, "one");
        int second = rows.size();
        write(rows, "another");

        assertThat(places.of(rows.bytes(), 0)).isEqualTo(expected);
        assertThat(places.of(rows.bytes(), second)).isEqualTo(expected);
    }

    @Test
    void aRowWithoutAKeyIsWhereItsBytesSay() {
        KeyPlace places = new KeyPlace(new RowSchema("t", COLUMNS, List.of()));
        AvroBuffer rows = new AvroBuffer(64);
        write(rows, "one");
        int second = rows.size();
        write(rows, "another");

        assertThat(places.of(rows.bytes(), 0)).isEqualTo(KeyPlace.ofKey(rows.bytes(), 0, second));
        assertThat(places.of(rows.bytes(), second)).isEqualTo(KeyPlace.ofKey(rows.bytes(), second, rows.size()));
    }

    /** Whatever the number of partitions, also one by which the sky's cells cannot be divided. */
    @Test
    void bucketsAreOfOneSize() {
        int keys = 50_000;
        for (int partitions : new int[] {1, 2, 7, 8, 16}) {
            SkyPartitions shares = SkyPartitions.even(partitions);
            int[] counts = new int[partitions];
            AvroBuffer key = new AvroBuffer(16);
            for (int id = 0; id < keys; id++) {
                key.clear();
                key.writeLong(id);
                long place = KeyPlace.ofKey(key.bytes(), 0, key.size());
                assertThat(place).isBetween(0L, CELLS - 1);
                counts[shares.partition(place)]++;
            }
            double mean = (double) keys / partitions;
            // Six standard deviations.
            double slack = 6 * Math.sqrt(mean);
            for (int count : counts) {
                assertThat((double) count).isBetween(mean - slack, mean + slack);
            }
        }
    }

    private static long place(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return KeyPlace.ofKey(bytes, 0, bytes.length);
    }

    private static void write(AvroBuffer row, String note) {
        row.writeByte(2);
        byte[] text = note.getBytes(StandardCharsets.UTF_8);
        row.writeWithLength(text, 0, text.length);
        row.writeLong(7);
        row.writeWithLength("K20A01A".getBytes(StandardCharsets.UTF_8), 0, 7);
    }
}
