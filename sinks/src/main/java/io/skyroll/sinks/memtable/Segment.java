package io.skyroll.sinks.memtable;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.wire.BatchReader;
import io.skyroll.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rows between two cuts. In memory they are as they came: the record values themselves, and per row its place on the sky and where it
 * starts; what was spilled is in runs on disk. Owned by one thread at a time; once frozen it does not change, and any may read.
 */
public final class Segment {
    /** Where the row's own key starts in a sky key: behind the wire format's prefix and the HEALPix value. */
    static final int KEY_START = WireFormat.PREFIX_BYTES + Long.BYTES;

    private static final int INITIAL_ROWS = 1 << 8;
    /** What a row takes beside its source's bytes: its place twice, as it came and sorted, and once more while it is sorted. */
    private static final int ROW_BYTES = 3 * 2 * Long.BYTES;
    /** What a source takes beside the record's bytes: itself, its position, the array's header, a place in the list. */
    private static final int SOURCE_BYTES = 96;

    private final BatchReader reader = new BatchReader();
    private final List<Run> runs = new ArrayList<>();
    private final Set<Integer> spilledSchemaIds = new TreeSet<>();
    private List<Source> sources = new ArrayList<>();
    private long[] healpix = new long[INITIAL_ROWS];
    private long[] places = new long[INITIAL_ROWS];
    private int rows;
    private long bytes;
    private long spilledRows;
    private long cameBytes;
    private boolean isFrozen;

    /**
     * Adds a batch.
     *
     * @param value the record value: an array of rows in the wire format
     * @param packedHealpix the header with a HEALPix-29 value per row
     * @return the number of rows
     * @throws IllegalStateException when header and array differ in length
     */
    public int addBatch(Position position, byte[] value, byte[] packedHealpix, RowPlan plan) {
        LongBuffer cells = ByteBuffer.wrap(packedHealpix).asLongBuffer();
        int source = addSource(new Source(value, position, false));
        int before = rows;
        reader.open(value);
        while (reader.hasRow()) {
            if (!cells.hasRemaining()) {
                throw new IllegalStateException(
                        "a batch has more rows than its header's %d HEALPix values".formatted(rows - before));
            }
            add(cells.get(), source, reader.start());
            reader.advance(plan.end(value, reader.start()));
        }
        if (cells.hasRemaining()) {
            throw new IllegalStateException(
                    "a batch has %d rows and %d HEALPix values more".formatted(rows - before, cells.remaining()));
        }
        return rows - before;
    }

    /** Adds a single row, new or changed. */
    public void addRow(Position position, byte[] skyKey, byte[] value) {
        add(healpixOf(skyKey), addSource(new Source(value, position, false)), WireFormat.PREFIX_BYTES);
    }

    /** Adds the deletion of the row with a key. */
    public void addDelete(Position position, byte[] skyKey) {
        add(healpixOf(skyKey), addSource(new Source(skyKey, position, true)), KEY_START);
    }

    /** The registry's ids of the schemas that rows and batches came in. */
    public Set<Integer> schemaIds() {
        Set<Integer> ids = new TreeSet<>(spilledSchemaIds);
        for (Source source : sources) {
            if (!source.isDelete()) {
                ids.add(WireFormat.schemaId(source.bytes()));
            }
        }
        return ids;
    }

    /** Number of rows and deletions that came. */
    public long rows() {
        return spilledRows + rows;
    }

    /** Size of the records that these came in, without headers. */
    public long cameBytes() {
        return cameBytes;
    }

    /** Memory that the segment holds, in bytes, near enough for a budget. */
    public long sizeBytes() {
        return rows == 0 ? 0 : bytes + (long) sources.size() * SOURCE_BYTES + (long) healpix.length * ROW_BYTES;
    }

    /** Promises that nothing is added or spilled any more. */
    public void freeze() {
        isFrozen = true;
    }

    public boolean isFrozen() {
        return isFrozen;
    }

    /**
     * Sorts what is in memory and writes it to disk. When that fails the segment stays as it is.
     *
     * @throws IllegalStateException when the segment is frozen
     */
    public void spill(RowOrders orders, SpillDirectory directory) {
        if (isFrozen) {
            throw new IllegalStateException("a frozen segment cannot be spilled");
        }
        if (rows == 0) {
            return;
        }
        Set<Integer> ids = schemaIds();
        RowOrder order = orders.of(ids);
        runs.add(directory.write(SortedRows.of(List.of(this), order).in(0, Long.MAX_VALUE, order)));
        spilledSchemaIds.addAll(ids);
        spilledRows += rows;
        dropMemory();
    }

    /** Gives everything up. */
    public void discard() {
        runs.forEach(Run::delete);
        runs.clear();
        spilledSchemaIds.clear();
        spilledRows = 0;
        cameBytes = 0;
        dropMemory();
    }

    List<Run> runs() {
        return runs;
    }

    /** Number of rows and deletions that are in memory. */
    int rowsInMemory() {
        return rows;
    }

    long healpix(int row) {
        return healpix[row];
    }

    /** The row's source in the upper half, where it starts in the lower. */
    long place(int row) {
        return places[row];
    }

    List<Source> sources() {
        return sources;
    }

    private void dropMemory() {
        sources = new ArrayList<>();
        healpix = new long[INITIAL_ROWS];
        places = new long[INITIAL_ROWS];
        rows = 0;
        bytes = 0;
    }

    private static long healpixOf(byte[] skyKey) {
        return ByteBuffer.wrap(skyKey).getLong(WireFormat.PREFIX_BYTES);
    }

    private int addSource(Source source) {
        sources.add(source);
        bytes += source.bytes().length;
        cameBytes += source.bytes().length;
        return sources.size() - 1;
    }

    private void add(long cell, int source, int start) {
        if (rows == healpix.length) {
            healpix = Arrays.copyOf(healpix, rows * 2);
            places = Arrays.copyOf(places, rows * 2);
        }
        healpix[rows] = cell;
        places[rows++] = (long) source << 32 | start;
    }

    /** A record's value, or the key of a deletion. */
    @SuppressWarnings("ArrayRecordComponent") // The array is Kafka's own; sources are never compared.
    record Source(byte[] bytes, Position position, boolean isDelete) {}
}
