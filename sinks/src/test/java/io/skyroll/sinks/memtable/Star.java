package io.skyroll.sinks.memtable;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import io.skyroll.schemas.wire.BatchWriter;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.sinks.leaf.RowCursor;
import java.nio.ByteBuffer;
import java.util.List;

/** A row of a small table, and its forms in a sky topic. */
public record Star(long healpix, long id, long value) {
    public static final int ROW_ID = 2;
    public static final int BATCH_ID = 3;
    public static final int KEY_ID = 4;

    private static final List<Column> COLUMNS =
            List.of(new Column("id", ColumnType.INT64, false), new Column("value", ColumnType.INT64, false));

    public static final RowSchema KEYED = new RowSchema("sim.stars", COLUMNS, List.of("id"));
    public static final RowSchema KEYLESS = new RowSchema("sim.stars", COLUMNS, List.of());

    /** The row that a cursor stands at. */
    public static Star at(RowCursor rows) {
        return at(rows.healpix(), rows.bytes(), rows.start());
    }

    static Star at(long healpix, byte[] bytes, int start) {
        AvroCursor cursor = new AvroCursor().at(bytes, start);
        long id = cursor.readLong();
        return new Star(healpix, id, cursor.readLong());
    }

    /** The key in the sky topic. */
    public byte[] key() {
        AvroBuffer buffer = new AvroBuffer(32);
        WireFormat.writePrefix(buffer, KEY_ID);
        buffer.write(ByteBuffer.allocate(Long.BYTES).putLong(healpix).array(), 0, Long.BYTES);
        buffer.writeLong(id);
        return buffer.toBytes();
    }

    /** The value in the sky topic. */
    public byte[] row() {
        AvroBuffer buffer = new AvroBuffer(32);
        WireFormat.writePrefix(buffer, ROW_ID);
        writeTo(buffer);
        return buffer.toBytes();
    }

    /** The value of a batch in the sky topic. */
    public static byte[] batch(List<Star> stars) {
        BatchWriter writer = new BatchWriter(BATCH_ID, 64);
        for (Star star : stars) {
            star.writeTo(writer.rows());
            writer.endRow();
        }
        return writer.take();
    }

    /** The header of a batch in the sky topic. */
    public static byte[] packedHealpix(List<Star> stars) {
        ByteBuffer packed = ByteBuffer.allocate(stars.size() * Long.BYTES);
        stars.forEach(star -> packed.putLong(star.healpix()));
        return packed.array();
    }

    public void addTo(Segment segment, Position position) {
        segment.addRow(position, key(), row());
    }

    private void writeTo(AvroBuffer target) {
        target.writeLong(id);
        target.writeLong(value);
    }
}
