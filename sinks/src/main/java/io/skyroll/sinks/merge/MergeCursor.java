package io.skyroll.sinks.merge;

import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.SortedRows;

/**
 * Published rows of a range of the sky with unpublished ones merged in: an unpublished row replaces the published one of the same key, a
 * deletion removes it. Owned by one thread.
 */
final class MergeCursor implements RowCursor {
    /** In place of the current row's end when it is found only if asked for. */
    private static final int UNKNOWN = -1;

    private final RowCursor published;
    private final SortedRows pending;
    private final PendingCursor next;
    private final RowOrder order;
    private boolean hasPublished;
    private long healpix;
    private byte[] bytes = new byte[0];
    private int start;
    private int end;
    private boolean advancePublished;

    MergeCursor(RowCursor published, SortedRows pending, PendingCursor next, RowOrder order) {
        this.published = published;
        this.pending = pending;
        this.next = next;
        this.order = order;
        this.hasPublished = published.next();
    }

    @Override
    public boolean next() {
        if (advancePublished) {
            hasPublished = published.next();
            advancePublished = false;
        }
        while (hasPublished || !next.isAtEnd()) {
            int comparison = compare();
            if (comparison < 0) {
                takePublished();
                return true;
            }
            if (comparison == 0 && order.isIdentity()) {
                hasPublished = published.next();
            }
            int index = next.index();
            next.advance();
            if (!pending.isDelete(index)) {
                takePending(index);
                return true;
            }
        }
        return false;
    }

    @Override
    public long healpix() {
        return healpix;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start() {
        return start;
    }

    @Override
    public int end() {
        if (end == UNKNOWN) {
            end = order.end(bytes, start);
        }
        return end;
    }

    private int compare() {
        if (!hasPublished) {
            return 1;
        }
        if (next.isAtEnd()) {
            return -1;
        }
        int byPlace = Long.compare(published.healpix(), next.healpix());
        return byPlace != 0 ? byPlace : -order.compare(pending, next.index(), published.bytes(), published.start());
    }

    private void takePublished() {
        healpix = published.healpix();
        bytes = published.bytes();
        start = published.start();
        end = published.end();
        advancePublished = true;
    }

    private void takePending(int index) {
        healpix = pending.healpix(index);
        bytes = pending.bytes(index);
        start = pending.start(index);
        end = UNKNOWN;
    }
}
