package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.schemas.row.UnsentValues;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.streams.places.Places;
import io.skyroll.streams.places.Places.Place;
import io.skyroll.streams.tally.Tally;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Completes updates whose large values PostgreSQL did not send, since they did not change: from what was kept of the row, or, while a
 * snapshot is read, from the row that comes with it. Until then such an update is held. Owned by the task's thread.
 */
final class LargeRows {
    private static final int INITIAL_BYTES = 4 << 10;

    private final TableName table;
    private final RowFormats formats;
    private final Tally tally;
    private final SkyOutput output;
    private final Optional<Tracker> tracker;
    private final Map<Integer, UnsentValues> values = new HashMap<>();
    private final Map<List<Integer>, Optional<RowEvolution>> evolutions = new HashMap<>();
    private final AvroBuffer buffer = new AvroBuffer(INITIAL_BYTES);
    private final AvroBuffer earlier = new AvroBuffer(INITIAL_BYTES);

    LargeRows(TableName table, RowFormats formats, Tally tally, SkyOutput output, Optional<Tracker> tracker) {
        this.table = table;
        this.formats = formats;
        this.tally = tally;
        this.output = output;
        this.tracker = tracker;
    }

    /** What is to be kept of a row, which starts and ends (exclusive) at places: {@link Places#NOTHING} when it has no large values. */
    byte[] kept(RowFormat format, byte[] bytes, int start, int end) {
        return format.large().mayBeIn(bytes, start, end) ? large(format, bytes, start) : Places.NOTHING;
    }

    /** What is to be kept of a single row: large values that were not sent are there, however small the row is by now. */
    byte[] kept(Record<byte[], byte[]> row, RowFormat format) {
        byte[] value = row.value();
        return RecordHeaders.bytes(row.headers(), RecordHeaders.UNSENT).isPresent()
                ? large(format, value, WireFormat.PREFIX_BYTES)
                : kept(format, value, WireFormat.PREFIX_BYTES, value.length);
    }

    private byte[] large(RowFormat format, byte[] bytes, int start) {
        buffer.clear();
        WireFormat.writePrefix(buffer, format.id());
        format.large().write(bytes, start, buffer);
        return buffer.toBytes();
    }

    /**
     * Completes an update.
     *
     * @param unsent the numbers of the columns whose values were not sent
     * @return empty when the update is held, or the table stands still from here on, since nobody knows the values
     */
    Optional<Record<byte[], byte[]>> complete(Record<byte[], byte[]> update, RowFormat format, List<Integer> unsent) {
        Bytes key = Places.key(update.key());
        Optional<Place> known = tracker(format).of(key);
        boolean isHeld = known.filter(Place::isHeld).isPresent();
        byte[] value = update.value();
        List<Integer> unknown = unsent;
        if (known.isPresent() && known.get().kept().length > 0) {
            byte[] kept = known.get().kept();
            byte[] row = isHeld ? HeldUpdate.decode(kept).row() : kept;
            unknown = fill(value, format, unsent, row, WireFormat.PREFIX_BYTES, formats.of(WireFormat.schemaId(row)));
            value = filled(format);
        }
        if (unknown.isEmpty()) {
            return Optional.of(update.withValue(value));
        }
        if (isHeld || (known.isEmpty() && tally.isAfterReset())) {
            Headers headers = update.headers();
            byte[] held = new HeldUpdate(update.key(), RecordHeaders.commitTime(headers), unknown, value).encode();
            tracker(format).hold(key, RecordHeaders.position(headers), held);
        } else {
            stop(format, unknown);
        }
        return Optional.empty();
    }

    /**
     * Gives the update that was held until this row of the snapshot came, with the row's values.
     *
     * @param snapshot has the row, in the record's value from a start on
     * @param key of the row, without its schema's id
     * @param held what is known of it
     */
    Optional<Record<byte[], byte[]>> release(
            Record<byte[], byte[]> snapshot, Bytes key, Place held, RowFormat format, int start) {
        tracker(format).letGo(key);
        HeldUpdate update = HeldUpdate.decode(held.kept());
        RowFormat target = formats.of(WireFormat.schemaId(update.row()));
        List<Integer> unknown = fill(update.row(), target, update.unsent(), snapshot.value(), start, format);
        if (!unknown.isEmpty()) {
            stop(target, unknown);
            return Optional.empty();
        }
        Headers headers = RecordHeaders.put(
                        new org.apache.kafka.common.header.internals.RecordHeaders(),
                        Op.UPDATE,
                        held.position(),
                        update.time())
                .add(RecordHeaders.UNSENT, UnsentValues.pack(update.unsent()));
        return Optional.of(new Record<>(update.key(), filled(target), snapshot.timestamp(), headers));
    }

    private Tracker tracker(RowFormat format) {
        return tracker.filter(there -> format.tracked())
                .orElseThrow(() -> SkyrollException.defect(
                        "%s: the record has the header '%s', but changes of the table tell whole rows, or are not followed"
                                .formatted(output.place(), RecordHeaders.UNSENT)));
    }

    /**
     * Writes a row into the buffer, with the values that another state of it has.
     *
     * @return the numbers of columns that stay unknown
     */
    private List<Integer> fill(
            byte[] row, RowFormat format, List<Integer> unsent, byte[] known, int start, RowFormat knownFormat) {
        Optional<RowEvolution> evolution = evolutions.computeIfAbsent(
                List.of(knownFormat.id(), format.id()),
                ids -> knownFormat.rows().equals(format.rows())
                        ? Optional.empty()
                        : Optional.of(RowEvolution.between(knownFormat.rows(), format.rows())));
        earlier.clear();
        evolution.ifPresent(there -> {
            int unusedEnd = there.convert(known, start, earlier);
        });
        buffer.clear();
        return values(format)
                .fill(
                        row,
                        WireFormat.PREFIX_BYTES,
                        unsent,
                        evolution.isPresent() ? earlier.bytes() : known,
                        evolution.isPresent() ? 0 : start,
                        buffer);
    }

    private byte[] filled(RowFormat format) {
        return WireFormat.wrap(format.id(), buffer.bytes(), 0, buffer.size());
    }

    private UnsentValues values(RowFormat format) {
        return values.computeIfAbsent(format.id(), id -> new UnsentValues(format.rows()));
    }

    private void stop(RowFormat format, List<Integer> unknown) {
        output.stop(
                "table %s: a row was updated whose large value of column \"%s\" did not change: PostgreSQL does not send it, and it was not told before: %s"
                        .formatted(
                                table.qualified(),
                                String.join("\", \"", values(format).names(unknown)),
                                wayOn()));
    }

    /** Has the table stand still if updates are held at a cut, where all their rows should have come. */
    boolean isAnyMissing() {
        if (tally.held() == 0) {
            return false;
        }
        output.stop(
                "table %s: large values did not change in updates of %d rows: PostgreSQL does not send them, and these rows were not read: %s"
                        .formatted(table.qualified(), tally.held(), wayOn()));
        return true;
    }

    private String wayOn() {
        return "ALTER TABLE %s REPLICA IDENTITY FULL; then start again with --resync %s"
                .formatted(table.sql(), table.qualified());
    }
}
