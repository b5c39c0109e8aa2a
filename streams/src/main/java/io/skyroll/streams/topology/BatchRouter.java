package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.BatchReader;
import io.skyroll.streams.places.Places.Place;
import io.skyroll.streams.row.RowCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Splits batches by sky partition. The pieces are sent before the next record is read: rows kept longer would not be covered by the
 * transaction that commits their offset. Owned by the task's thread.
 */
final class BatchRouter {
    private static final int INITIAL_KEY_BYTES = 64;

    private final SkyPartitions sky;
    private final SkyOutput output;
    private final RowRouter rows;
    private final Optional<Tracker> tracker;
    private final LargeRows large;
    private final List<Record<byte[], byte[]>> released = new ArrayList<>();
    private final BatchReader reader = new BatchReader();
    private final AvroBuffer key = new AvroBuffer(INITIAL_KEY_BYTES);

    /** @param rows takes changes that waited for rows of a batch */
    BatchRouter(SkyPartitions sky, SkyOutput output, RowRouter rows, Optional<Tracker> tracker, LargeRows large) {
        this.sky = sky;
        this.output = output;
        this.rows = rows;
        this.tracker = tracker;
        this.large = large;
    }

    void route(Record<byte[], byte[]> source, RowFormat format) {
        released.clear();
        long count = split(source, format);
        if (reader.start() != source.value().length) {
            throw SkyrollException.defect("%s: the batch ends at byte %d, the record's value at %d"
                    .formatted(output.place(), reader.start(), source.value().length));
        }
        output.read(count);
        BatchPieces pieces = format.pieces();
        for (int partition = 0; partition < sky.partitions(); partition++) {
            if (pieces.rowCount(partition) > 0) {
                output.batch(source, partition, pieces);
            }
        }
        released.forEach(rows::changeWhole);
    }

    private long split(Record<byte[], byte[]> source, RowFormat format) {
        byte[] value = source.value();
        RowCheck check = format.check();
        BatchPieces pieces = format.pieces();
        @Nullable Tracker tracking = format.tracked() ? tracker.orElse(null) : null;
        Position position = RecordHeaders.position(source.headers());
        long rows = 0;
        for (reader.open(value); reader.hasRow(); reader.advance(check.end())) {
            int start = reader.start();
            long cell = check.cell(value, start);
            rows++;
            if (tracking != null && !isCurrent(tracking, source, format, cell, position)) {
                continue;
            }
            if (cell == RowCheck.REJECTED) {
                output.reject(source, format.reject(value, start, check.end()), check.rule(), check.error());
            } else {
                pieces.add(sky.partition(cell), cell, value, start, check.end());
            }
        }
        return rows;
    }

    /** Notes where a row is, unless a change has overtaken it. */
    private boolean isCurrent(
            Tracker tracking, Record<byte[], byte[]> source, RowFormat format, long cell, Position position) {
        byte[] value = source.value();
        key.clear();
        format.check().writeKey(value, key);
        Bytes row = Bytes.wrap(key.toBytes());
        int start = reader.start();
        int end = format.check().end();
        Optional<Place> known = tracking.of(row);
        if (known.isPresent() && known.get().isHeld()) {
            large.release(source, row, known.get(), format, start).ifPresent(released::add);
        } else if (known.isPresent() && known.get().position().isAfter(position)) {
            return false;
        }
        tracking.place(row, cell, position, large.kept(format, value, start, end));
        return true;
    }
}
