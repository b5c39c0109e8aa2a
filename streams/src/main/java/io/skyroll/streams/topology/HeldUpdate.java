package io.skyroll.streams.topology;

import io.skyroll.schemas.row.UnsentValues;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * An update that waits for values that were not sent, until a snapshot's row has them.
 *
 * @param key in the wire format
 * @param time when it was committed, in microseconds
 * @param unsent the numbers of the columns whose values are missing
 * @param row in the wire format, null in these columns
 */
// Nobody compares it.
@SuppressWarnings("ArrayRecordComponent")
record HeldUpdate(byte[] key, Instant time, List<Integer> unsent, byte[] row) {

    /** The binary form: commit time, key and columns each behind their length in bytes, row. */
    byte[] encode() {
        byte[] columns = UnsentValues.pack(unsent);
        return ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + key.length + columns.length + row.length)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, time))
                .putInt(key.length)
                .put(key)
                .putInt(columns.length)
                .put(columns)
                .put(row)
                .array();
    }

    static HeldUpdate decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Instant time = Instant.EPOCH.plus(buffer.getLong(), ChronoUnit.MICROS);
        byte[] key = take(buffer, buffer.getInt());
        byte[] columns = take(buffer, buffer.getInt());
        return new HeldUpdate(key, time, UnsentValues.unpack(columns), take(buffer, buffer.remaining()));
    }

    private static byte[] take(ByteBuffer buffer, int length) {
        byte[] taken = new byte[length];
        buffer.get(taken);
        return taken;
    }
}
