package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.streams.places.Places;
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

    /** @param tracker remembers places; empty when no changes are followed */
    RowRouter(SkyPartitions sky, RowFormats formats, SkyOutput output, Optional<Tracker> tracker) {
        this.sky = sky;
        this.formats = formats;
        this.output = output;
        this.tracker = tracker;
    }

    /** Routes a row that the producer could represent. */
    void route(Record<byte[], byte[]> source, Op op, RowFormat format) {
        byte[] value = source.value();
        byte[] key = key(source);
        long cell = cell(value, format, "row");
        String rule = format.check().rule();
        String error = format.check().error();
        output.read(1);
        if (op != Op.SNAPSHOT) {
            removeOld(source, op, cell, format.tracked());
        } else if (format.tracked() && isOvertaken(source, cell)) {
            return;
        }
        if (cell == RowCheck.REJECTED) {
            output.reject(source, format.reject(value, WireFormat.PREFIX_BYTES, value.length), rule, error);
        } else {
            output.row(source, sky.partition(cell), op, format.skyKey(cell, key), format.skyValue(value));
        }
    }

    /** Routes a deletion. */
    void delete(Record<byte[], byte[]> source) {
        output.read(1);
        removeOld(source, Op.DELETE, RowCheck.REJECTED, true);
    }

    /** Rejects a row that the producer could not represent. */
    void refuse(Record<byte[], byte[]> source, Op op, String error) {
        output.read(1);
        if (op != Op.SNAPSHOT) {
            removeOld(source, op, RowCheck.REJECTED, true);
        }
        output.reject(source, null, Rules.SOURCE_ERROR, error);
    }

    /** Notes where a row of the snapshot is, unless a change has overtaken it. */
    private boolean isOvertaken(Record<byte[], byte[]> source, long cell) {
        if (tracker.isEmpty()) {
            return false;
        }
        Bytes key = Places.key(key(source));
        Position position = RecordHeaders.position(source.headers());
        if (tracker.get().isOvertaken(key, position)) {
            return true;
        }
        tracker.get().place(key, cell, position);
        return false;
    }

    /**
     * Deletes the row at its old place, unless it is wanted there or was not there.
     *
     * @param tracked whether the place is remembered if the record does not tell it
     */
    private void removeOld(Record<byte[], byte[]> source, Op op, long newCell, boolean tracked) {
        if (formats.arePlacedByKey()) {
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
                removeFrom(source, tracker.get().move(Places.key(key), newCell, position), newCell);
            }
        } else if (newCell == RowCheck.REJECTED && op != Op.INSERT) {
            throw SkyrollException.defect(
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
