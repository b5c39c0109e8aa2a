package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.streams.row.RowCheck;
import io.skyroll.streams.row.Rules;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Routes single rows. A row that moves, is deleted or fails from now on is first removed from its old place, which the header {@code
 * before} tells. Owned by the task's thread.
 */
final class RowRouter {
    private final SkyPartitions sky;
    private final RowFormats formats;
    private final SkyOutput output;

    RowRouter(SkyPartitions sky, RowFormats formats, SkyOutput output) {
        this.sky = sky;
        this.formats = formats;
        this.output = output;
    }

    /** Routes a row that the producer could represent. */
    void route(Record<byte[], byte[]> source, Op op, RowFormat format) {
        byte[] value = source.value();
        byte[] key = key(source);
        long cell = cell(value, format, "row");
        String rule = format.check().rule();
        String error = format.check().error();
        output.read(1);
        if (op == Op.UPDATE) {
            removeOld(source, cell);
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
        removeOld(source, RowCheck.REJECTED);
    }

    /** Rejects a row that the producer could not represent. */
    void refuse(Record<byte[], byte[]> source, Op op, String error) {
        output.read(1);
        if (op == Op.UPDATE || op == Op.DELETE) {
            removeOld(source, RowCheck.REJECTED);
        }
        output.reject(source, null, Rules.SOURCE_ERROR, error);
    }

    /** Deletes the row at its old place, unless it is wanted there or was not there. */
    private void removeOld(Record<byte[], byte[]> source, long newCell) {
        Optional<byte[]> before = RecordHeaders.bytes(source.headers(), RecordHeaders.BEFORE);
        if (before.isEmpty()) {
            if (newCell == RowCheck.REJECTED) {
                throw SkyrollException.defect(
                        "%s: a row must leave the catalog, but the record has no header 'before' that says where it is: this version of Skyroll follows changes only for tables with REPLICA IDENTITY FULL"
                                .formatted(output.place()));
            }
            // Producers send the old row whenever the row has moved.
            return;
        }
        RowFormat format = formats.of(WireFormat.schemaId(before.get()));
        long oldCell = cell(before.get(), format, "old row");
        if (oldCell != RowCheck.REJECTED && oldCell != newCell) {
            output.row(source, sky.partition(oldCell), Op.DELETE, format.skyKey(oldCell, key(source)), null);
        }
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
