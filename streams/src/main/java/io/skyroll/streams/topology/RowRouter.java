package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.UnsentValues;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.streams.places.Places;
import io.skyroll.streams.places.Places.Place;
import io.skyroll.streams.row.RowCheck;
import io.skyroll.streams.row.Rules;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Routes single rows. A row that moves, is deleted or fails from now on is first removed from its old place, which the header {@code
 * before} tells, or else what is remembered; without coordinates, its key. Owned by the task's thread.
 */
final class RowRouter {
    private final SkyPartitions sky;
    private final RowFormats formats;
    private final SkyOutput output;
    private final Optional<Tracker> tracker;
    private final LargeRows large;

    /** @param tracker remembers places; empty when no changes are followed */
    RowRouter(SkyPartitions sky, RowFormats formats, SkyOutput output, Optional<Tracker> tracker, LargeRows large) {
        this.sky = sky;
        this.formats = formats;
        this.output = output;
        this.tracker = tracker;
        this.large = large;
    }

    /** Routes a row that the producer could represent. */
    void route(Record<byte[], byte[]> source, Op op, RowFormat format) {
        output.read(1);
        Optional<byte[]> unsent = RecordHeaders.bytes(source.headers(), RecordHeaders.UNSENT);
        if (op == Op.SNAPSHOT) {
            snapshot(source, format);
        } else if (unsent.isEmpty()) {
            change(source, op, format);
        } else {
            large.complete(source, format, UnsentValues.unpack(unsent.get())).ifPresent(this::changeWhole);
        }
    }

    /** Routes an update whose unsent values were found. */
    void changeWhole(Record<byte[], byte[]> source) {
        change(source, Op.UPDATE, formats.of(WireFormat.schemaId(source.value())));
    }

    private void snapshot(Record<byte[], byte[]> source, RowFormat format) {
        Checked checked = check(source, format);
        Optional<Record<byte[], byte[]>> change = Optional.empty();
        if (format.tracked() && tracker.isPresent()) {
            Bytes key = Places.key(key(source));
            Position position = RecordHeaders.position(source.headers());
            Optional<Place> known = tracker.get().of(key);
            if (known.isPresent() && known.get().isHeld()) {
                change = large.release(source, key, known.get(), format, WireFormat.PREFIX_BYTES);
            } else if (known.isPresent() && known.get().position().isAfter(position)) {
                return;
            }
            tracker.get().place(key, checked.cell(), position, large.kept(source, format));
        }
        put(source, Op.SNAPSHOT, format, checked);
        change.ifPresent(this::changeWhole);
    }

    private void change(Record<byte[], byte[]> source, Op op, RowFormat format) {
        Checked checked = check(source, format);
        byte[] kept = format.tracked() && tracker.isPresent() ? large.kept(source, format) : Places.NOTHING;
        removeOld(source, op, checked.cell(), format.tracked(), kept);
        put(source, op, format, checked);
    }

    /** What the checks say of a row: where it is, or why it is rejected. */
    private record Checked(long cell, String rule, @Nullable String error) {}

    private Checked check(Record<byte[], byte[]> source, RowFormat format) {
        long cell = cell(source.value(), format, "row");
        return new Checked(cell, format.check().rule(), format.check().error());
    }

    private void put(Record<byte[], byte[]> source, Op op, RowFormat format, Checked checked) {
        byte[] value = source.value();
        long cell = checked.cell();
        if (cell == RowCheck.REJECTED) {
            byte[] row = format.reject(value, WireFormat.PREFIX_BYTES, value.length);
            output.reject(source, row, checked.rule(), checked.error());
        } else {
            output.row(source, sky.partition(cell), op, format.skyKey(cell, key(source)), format.skyValue(value));
        }
    }

    /** Routes a deletion. */
    void delete(Record<byte[], byte[]> source) {
        output.read(1);
        removeOld(source, Op.DELETE, RowCheck.REJECTED, true, Places.NOTHING);
    }

    /** Rejects a row that the producer could not represent. */
    void refuse(Record<byte[], byte[]> source, Op op, String error) {
        output.read(1);
        if (op != Op.SNAPSHOT) {
            removeOld(source, op, RowCheck.REJECTED, true, Places.NOTHING);
        }
        output.reject(source, null, Rules.SOURCE_ERROR, error);
    }

    /**
     * Deletes the row at its old place, unless it is wanted there or was not there.
     *
     * @param tracked whether the place is remembered if the record does not tell it
     * @param kept what is kept of the row's large values
     */
    private void removeOld(Record<byte[], byte[]> source, Op op, long newCell, boolean tracked, byte[] kept) {
        if (formats.arePlacedByKey()) {
            if (tracked && tracker.isPresent() && source.key() != null) {
                Position position = RecordHeaders.position(source.headers());
                long unused = tracker.get().move(Places.key(source.key()), newCell, position, kept);
            }
            // A row that fails from now on: whether it was there is known to the sink.
            if (newCell == RowCheck.REJECTED && op != Op.INSERT && source.key() != null) {
                removeFrom(source, place(source.key()), newCell);
            }
            return;
        }
        Optional<byte[]> before = RecordHeaders.bytes(source.headers(), RecordHeaders.BEFORE);
        if (before.isPresent()) {
            RowFormat format = formats.of(WireFormat.schemaId(before.get()));
            long oldCell = cell(before.get(), format, "old row");
            removeFrom(source, oldCell, newCell);
        } else if (tracker.isPresent()) {
            byte @Nullable [] key = source.key();
            if (tracked && key != null) {
                Position position = RecordHeaders.position(source.headers());
                removeFrom(source, tracker.get().move(Places.key(key), newCell, position, kept), newCell);
            }
        } else if (newCell == RowCheck.REJECTED && op != Op.INSERT) {
            throw SkyrollException.configuration(
                    "%s: a row must leave the catalog, but the record has no header 'before' that says where it is, and the pipeline does not follow changes: set source.mode to snapshot_and_changes"
                            .formatted(output.place()));
        }
    }

    private void removeFrom(Record<byte[], byte[]> source, long oldCell, long newCell) {
        if (oldCell != RowCheck.REJECTED && oldCell != newCell) {
            byte[] key = key(source);
            byte[] skyKey = RowFormat.skyKey(formats.skyKeyId(WireFormat.schemaId(key)), oldCell, key);
            output.row(source, sky.partition(oldCell), Op.DELETE, skyKey, null);
        }
    }

    private static long place(byte[] wireKey) {
        return KeyPlace.ofKey(wireKey, WireFormat.PREFIX_BYTES, wireKey.length);
    }

    private long cell(byte[] value, RowFormat format, String what) {
        if (format.batch()) {
            throw SkyrollException.defect("%s: the %s is a batch".formatted(output.place(), what));
        }
        long cell = format.check().cell(value, WireFormat.PREFIX_BYTES);
        if (format.check().end() != value.length) {
            throw SkyrollException.defect("%s: the %s ends at byte %d, its value at %d"
                    .formatted(output.place(), what, format.check().end(), value.length));
        }
        return cell;
    }

    private byte[] key(Record<byte[], byte[]> source) {
        byte @Nullable [] key = source.key();
        if (key == null) {
            throw SkyrollException.defect("%s: a single row has no key".formatted(output.place()));
        }
        return key;
    }
}
