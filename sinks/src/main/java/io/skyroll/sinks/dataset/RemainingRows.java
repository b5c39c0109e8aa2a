package io.skyroll.sinks.dataset;

import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.PendingCursor;
import io.skyroll.sinks.memtable.RowOrder;

/** Published rows without those of whose key there is an unpublished row or deletion. Counts what goes. Owned by one thread. */
final class RemainingRows implements RowCursor {
    private final RowCursor published;
    private final PendingCursor pending;
    private final RowOrder order;
    private boolean hasPending;
    private long goneRows;
    private long goneBytes;

    /**
     * @param published rows of one row group
     * @param pending of the same range of the sky
     */
    RemainingRows(RowCursor published, PendingCursor pending, RowOrder order) {
        this.published = published;
        this.pending = pending;
        this.order = order;
        this.hasPending = pending.next();
    }

    /** Rows that were passed over so far. */
    long goneRows() {
        return goneRows;
    }

    /** Their size as Avro. */
    long goneBytes() {
        return goneBytes;
    }

    @Override
    public boolean next() {
        while (published.next()) {
            if (!isGone()) {
                return true;
            }
            goneRows++;
            goneBytes += published.end() - published.start();
        }
        return false;
    }

    private boolean isGone() {
        while (hasPending) {
            int comparison = compare();
            if (comparison <= 0) {
                return comparison == 0;
            }
            hasPending = pending.next();
        }
        return false;
    }

    /** Compares the published row with the unpublished one. */
    private int compare() {
        int byPlace = Long.compare(published.healpix(), pending.healpix());
        return byPlace != 0 ? byPlace : -order.compare(pending, published.bytes(), published.start());
    }

    @Override
    public long healpix() {
        return published.healpix();
    }

    @Override
    public byte[] bytes() {
        return published.bytes();
    }

    @Override
    public int start() {
        return published.start();
    }

    @Override
    public int end() {
        return published.end();
    }
}
