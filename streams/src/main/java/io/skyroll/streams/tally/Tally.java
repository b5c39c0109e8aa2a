package io.skyroll.streams.tally;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a task has counted since the last control record: rows read, rows put into each sky partition, rejects by rule; and the
 * positions of the newest reset and the last control record; how many changes are held, and why the table stands still, if it does. Owned by the task's thread.
 */
public final class Tally {
    /** Of the binary form; a new one when the form changes. */
    private static final int FORM = 2;
    /** Had neither changes held nor a reason to stand still. */
    private static final int FORMER = 1;

    private static final int TYPICAL_BYTES = 256;

    private final SkyPartitions sky;
    private final long[] rows;
    private final Map<String, Long> rejects = new TreeMap<>();
    private final AvroBuffer buffer = new AvroBuffer(TYPICAL_BYTES);
    private long rowsIn;
    private Position voidBefore = Position.ORIGIN;
    private Optional<Position> last = Optional.empty();
    private long held;
    private Optional<String> stopped = Optional.empty();

    /** A tally of nothing. */
    public Tally(SkyPartitions sky) {
        this.sky = sky;
        this.rows = new long[sky.partitions()];
    }

    public void addRowsIn(long count) {
        rowsIn += count;
    }

    public void addRows(int skyPartition, long count) {
        rows[skyPartition] += count;
    }

    public void addReject(String rule) {
        rejects.merge(rule, 1L, Long::sum);
    }

    /** Counts anew from a control record on. */
    public void startAfter(Control control) {
        rowsIn = 0;
        Arrays.fill(rows, 0);
        rejects.clear();
        last = Optional.of(control.position());
        if (control.kind() == Control.Kind.RESET) {
            voidBefore = control.position();
            held = 0;
            stopped = Optional.empty();
        }
    }

    /** Counts a change that is held until its row comes, or with -1 one that is not any more. */
    public void addHeld(int change) {
        held += change;
    }

    /** How many changes are held since the newest reset. */
    public long held() {
        return held;
    }

    /** Has the table stand still until the next reset. */
    public void stop(String why) {
        stopped = Optional.of(why);
    }

    /** Why the table stands still; empty while it does not. */
    public Optional<String> stopped() {
        return stopped;
    }

    /** Whether the newest reset has made void what stands at a position. */
    public boolean isVoid(Position position) {
        return voidBefore.isAfter(position);
    }

    /** Whether the last control record was a reset: a snapshot is under way, unless the table was emptied. */
    public boolean isAfterReset() {
        return last.isPresent() && last.get().equals(voidBefore);
    }

    /** Rows read since the last control record. */
    public long rowsIn() {
        return rowsIn;
    }

    /** Rows put into a sky partition since the last control record. */
    public long rows(int skyPartition) {
        return rows[skyPartition];
    }

    /** Rejects since the last control record, by rule. */
    public Map<String, Long> rejects() {
        return Map.copyOf(rejects);
    }

    /** Position of the last control record; empty before the first. */
    public Optional<Position> last() {
        return last;
    }

    /** The binary form: the form's number, then all components in Avro's binary encoding. */
    public byte[] encode() {
        buffer.clear();
        buffer.writeByte(FORM);
        buffer.writeLong(sky.lowestOrder());
        buffer.writeLong(rows.length);
        for (long count : rows) {
            buffer.writeLong(count);
        }
        buffer.writeLong(rowsIn);
        write(voidBefore);
        buffer.writeByte(last.isPresent() ? 1 : 0);
        last.ifPresent(this::write);
        buffer.writeLong(rejects.size());
        rejects.forEach((rule, count) -> {
            write(rule);
            buffer.writeLong(count);
        });
        buffer.writeLong(held);
        buffer.writeByte(stopped.isPresent() ? 1 : 0);
        stopped.ifPresent(this::write);
        return buffer.toBytes();
    }

    private static String words(SkyPartitions sky) {
        return sky.equals(SkyPartitions.even(sky.partitions()))
                ? "%d partitions by a hash of the key".formatted(sky.partitions())
                : "%d partitions by cells of lowest_order %d".formatted(sky.partitions(), sky.lowestOrder());
    }

    /**
     * Reads the binary form.
     *
     * @throws SkyrollException when it was made by another version of Skyroll, or for another division of the sky
     */
    public static Tally decode(byte[] bytes, SkyPartitions sky) {
        if (bytes[0] != FORM && bytes[0] != FORMER) {
            throw SkyrollException.configuration(
                    "stored counts have the form %d, this version of Skyroll knows %d: use the version that wrote them, or replay"
                            .formatted(bytes[0], FORM));
        }
        AvroCursor cursor = new AvroCursor().at(bytes, 1);
        SkyPartitions stored = new SkyPartitions(cursor.readInt(), cursor.readInt());
        if (!stored.equals(sky)) {
            throw SkyrollException.configuration(
                    "the sky topic was begun with %s, now it would have %s: rows would change their partition; go back to the former, or 'skyroll replay --reset-streams'"
                            .formatted(words(stored), words(sky)));
        }
        Tally tally = new Tally(sky);
        for (int partition = 0; partition < sky.partitions(); partition++) {
            tally.rows[partition] = cursor.readLong();
        }
        tally.rowsIn = cursor.readLong();
        tally.voidBefore = readPosition(cursor);
        if (cursor.readPresent()) {
            tally.last = Optional.of(readPosition(cursor));
        }
        for (long left = cursor.readLong(); left > 0; left--) {
            String rule = readText(cursor);
            tally.rejects.put(rule, cursor.readLong());
        }
        if (bytes[0] == FORM) {
            tally.held = cursor.readLong();
            tally.stopped = cursor.readPresent() ? Optional.of(readText(cursor)) : Optional.empty();
        }
        return tally;
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.writeWithLength(bytes, 0, bytes.length);
    }

    private static String readText(AvroCursor cursor) {
        int length = cursor.readLength();
        String text = new String(cursor.bytes(), cursor.position(), length, StandardCharsets.UTF_8);
        cursor.position(cursor.position() + length);
        return text;
    }

    private void write(Position position) {
        byte[] bytes = position.toBytes();
        buffer.write(bytes, 0, bytes.length);
    }

    private static Position readPosition(AvroCursor cursor) {
        int start = cursor.position();
        cursor.position(start + Position.BYTES);
        return Position.of(Arrays.copyOfRange(cursor.bytes(), start, start + Position.BYTES));
    }
}
