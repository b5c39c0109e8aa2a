package io.skyroll.streams.topology;

import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.BatchWriter;
import java.util.Arrays;

/**
 * Takes a batch apart: collects the rows of one batch by sky partition, with their HEALPix-29 values. Its buffers are used again for
 * the next batch. Owned by one thread.
 */
final class BatchPieces {
    private static final int INITIAL_BYTES = 16 << 10;
    private static final int INITIAL_ROWS = 64;

    private final BatchWriter[] rows;
    private final long[][] cells;

    /** @param schemaId the registry's id of the schema of batches in the sky topic */
    BatchPieces(int schemaId, int partitions) {
        rows = new BatchWriter[partitions];
        cells = new long[partitions][INITIAL_ROWS];
        Arrays.setAll(rows, partition -> new BatchWriter(schemaId, INITIAL_BYTES));
    }

    void add(int partition, long cell, byte[] bytes, int start, int end) {
        BatchWriter piece = rows[partition];
        int index = piece.count();
        long[] pieceCells = cells[partition];
        if (index == pieceCells.length) {
            pieceCells = Arrays.copyOf(pieceCells, index * 2);
            cells[partition] = pieceCells;
        }
        pieceCells[index] = cell;
        piece.addRow(bytes, start, end);
    }

    int rowCount(int partition) {
        return rows[partition].count();
    }

    /** The HEALPix-29 values of a partition's rows, as the header carries them. */
    byte[] packedCells(int partition) {
        return RecordHeaders.pack(cells[partition], rows[partition].count());
    }

    /** A partition's rows as a record value; there are none afterwards. */
    byte[] take(int partition) {
        return rows[partition].take();
    }
}
