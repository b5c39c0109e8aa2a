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
 * Rows as they came, between two cuts: the record values themselves, and per row its place on the sky and where it starts.
 * Filled by one thread; once its cut is aligned nothing is added, and any thread may read.
 */
public final class Segment {
    /** Where the row's own key starts in a sky key: behind the wire format's prefix and the HEALPix value. */
    static final int KEY_START = WireFormat.PREFIX_BYTES + Long.BYTES;

    private static final int INITIAL_ROWS = 1 << 8;
    /** What a source takes beside the record's bytes: itself, its position, the array's header, a place in the list. */
    private static final int SOURCE_BYTES = 96;

    private final BatchReader reader = new BatchReader();
    private final List<Source> sources = new ArrayList<>();
    private long[] healpix = new long[INITIAL_ROWS];
    private long[] places = new long[INITIAL_ROWS];
    private int rows;
    private long bytes;

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
        Set<Integer> ids = new TreeSet<>();
        for (Source source : sources) {
            if (!source.isDelete()) {
                ids.add(WireFormat.schemaId(source.bytes()));
            }
        }
        return ids;
    }

    public int rows() {
        return rows;
    }

    /** Memory that the segment holds, in bytes, near enough for a budget. */
    public long sizeBytes() {
        return bytes + (long) sources.size() * SOURCE_BYTES + (long) healpix.length * 2 * Long.BYTES;
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

    private static long healpixOf(byte[] skyKey) {
        return ByteBuffer.wrap(skyKey).getLong(WireFormat.PREFIX_BYTES);
    }

    private int addSource(Source source) {
        sources.add(source);
        bytes += source.bytes().length;
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
