package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.wire.BatchReader;
import io.skyroll.streams.row.RowCheck;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Splits batches by sky partition. The pieces are sent before the next record is read: rows kept longer would not be covered by the
 * transaction that commits their offset. Owned by the task's thread.
 */
final class BatchRouter {
    private final SkyPartitions sky;
    private final SkyOutput output;
    private final BatchReader reader = new BatchReader();

    BatchRouter(SkyPartitions sky, SkyOutput output) {
        this.sky = sky;
        this.output = output;
    }

    void route(Record<byte[], byte[]> source, RowFormat format) {
        long rows = split(source, format);
        if (reader.start() != source.value().length) {
            throw SkyrollException.defect("%s: the batch ends at byte %d, the record's value at %d"
                    .formatted(output.place(), reader.start(), source.value().length));
        }
        output.read(rows);
        BatchPieces pieces = format.pieces();
        for (int partition = 0; partition < sky.partitions(); partition++) {
            if (pieces.rowCount(partition) > 0) {
                output.batch(source, partition, pieces);
            }
        }
    }

    private long split(Record<byte[], byte[]> source, RowFormat format) {
        byte[] value = source.value();
        RowCheck check = format.check();
        BatchPieces pieces = format.pieces();
        long rows = 0;
        for (reader.open(value); reader.hasRow(); reader.advance(check.end())) {
            int start = reader.start();
            long cell = check.cell(value, start);
            if (cell == RowCheck.REJECTED) {
                output.reject(source, format.reject(value, start, check.end()), check.rule(), check.error());
            } else {
                pieces.add(sky.partition(cell), cell, value, start, check.end());
            }
            rows++;
        }
        return rows;
    }
}
