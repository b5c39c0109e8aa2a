package io.skyroll.sinks.dataset;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.Segment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** A row with columns that folders are named by. */
record Sighting(long healpix, long id, Optional<String> band, Optional<Instant> seen, long value) {
    static final int ROW_ID = 2;
    private static final int KEY_ID = 4;
    private static final List<Column> COLUMNS = List.of(
            new Column("id", ColumnType.INT64, false),
            new Column("band", ColumnType.STRING, true),
            new Column("seen", ColumnType.TIMESTAMP_UTC, true),
            new Column("value", ColumnType.INT64, false));

    static final RowSchema KEYED = new RowSchema("sim.sightings", COLUMNS, List.of("id"));
    static final RowSchema KEYLESS = new RowSchema("sim.sightings", COLUMNS, List.of());

    /** The row that a cursor stands at. */
    static Sighting at(RowCursor rows) {
        AvroCursor cursor = new AvroCursor().at(rows.bytes(), rows.start());
        long id = cursor.readLong();
        Optional<String> band = Optional.empty();
        if (cursor.readPresent()) {
            int length = cursor.readLength();
            band = Optional.of(new String(rows.bytes(), cursor.position(), length, StandardCharsets.UTF_8));
            cursor.position(cursor.position() + length);
        }
        Optional<Instant> seen = cursor.readPresent() ? Optional.of(instant(cursor.readLong())) : Optional.empty();
        long value = cursor.readLong();
        if (cursor.position() != rows.end()) {
            throw new AssertionError("a row ends at %d instead of %d".formatted(cursor.position(), rows.end()));
        }
        return new Sighting(rows.healpix(), id, band, seen, value);
    }

    /** The folder that it belongs in, worked out in another way than by the code under test. */
    String folder(List<String> rules) {
        return String.join("/", rules.stream().map(this::level).toList());
    }

    private String level(String rule) {
        if (rule.equals("band")) {
            return "band="
                    + band.map(text -> text.replace("%", "%25").replace("/", "%2F"))
                            .orElse("__HIVE_DEFAULT_PARTITION__");
        }
        String part = rule.substring(0, rule.indexOf('('));
        Optional<String> text = seen.map(time -> time.atOffset(ZoneOffset.UTC).toString())
                .map(iso -> part.equals("year") ? iso.substring(0, 4) : iso.substring(5, 7));
        return part + "=" + text.orElse("__HIVE_DEFAULT_PARTITION__");
    }

    /** The same, where its key says. */
    Sighting placedBy(KeyPlace places) {
        return new Sighting(places.of(avro(), 0), id, band, seen, value);
    }

    byte[] avro() {
        AvroBuffer buffer = new AvroBuffer(32);
        writeTo(buffer);
        return buffer.toBytes();
    }

    byte[] key() {
        AvroBuffer buffer = new AvroBuffer(32);
        WireFormat.writePrefix(buffer, KEY_ID);
        buffer.write(ByteBuffer.allocate(Long.BYTES).putLong(healpix).array(), 0, Long.BYTES);
        buffer.writeLong(id);
        return buffer.toBytes();
    }

    void addTo(Segment segment, Position position) {
        AvroBuffer buffer = new AvroBuffer(32);
        WireFormat.writePrefix(buffer, ROW_ID);
        writeTo(buffer);
        segment.addRow(position, key(), buffer.toBytes());
    }

    private void writeTo(AvroBuffer target) {
        target.writeLong(id);
        target.writeByte(band.isPresent() ? 2 : 0);
        band.ifPresent(text -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            target.writeWithLength(bytes, 0, bytes.length);
        });
        target.writeByte(seen.isPresent() ? 2 : 0);
        seen.ifPresent(time -> target.writeLong(time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000));
        target.writeLong(value);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    }
}
