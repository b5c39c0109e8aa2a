package io.skyroll.sinks.merge;

import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.PendingCursor;
import io.skyroll.sinks.memtable.RowOrder;

/**
 * Published rows of a range of the sky with unpublished ones merged in: an unpublished row replaces the published one of the same key, a
 * deletion removes it. Owned by one thread.
 */
final class MergeCursor implements RowCursor {
    /** In place of the current row's end when it is found only if asked for. */
    private static final int UNKNOWN = -1;

    private final RowCursor published;
    private final PendingCursor pending;
    private final RowOrder order;
    private boolean hasPublished;
    private boolean hasPending;
    private boolean isPublishedTaken;
    private boolean isPendingTaken;
    private long healpix;
    private byte[] bytes = new byte[0];
    private int start;
    private int end;

    MergeCursor(RowCursor published, PendingCursor pending, RowOrder order) {
        this.published = published;
        this.pending = pending;
        this.order = order;
        this.hasPublished = published.next();
        this.hasPending = pending.next();
    }

    @Override
    public boolean next() {
        leaveTaken();
        while (hasPublished || hasPending) {
            int comparison = compare();
            if (comparison < 0) {
                takePublished();
                return true;
            }
            if (comparison == 0 && order.isIdentity()) {
                hasPublished = published.next();
            }
            if (!pending.isDelete()) {
                takePending();
                return true;
            }
            hasPending = pending.next();
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
            end = pending.end();
        }
        return end;
    }

    /** What was given is valid until now. */
    private void leaveTaken() {
        if (isPublishedTaken) {
            hasPublished = published.next();
            isPublishedTaken = false;
        }
        if (isPendingTaken) {
            hasPending = pending.next();
            isPendingTaken = false;
        }
    }

    private int compare() {
        if (!hasPublished) {
            return 1;
        }
        if (!hasPending) {
            return -1;
        }
        int byPlace = Long.compare(published.healpix(), pending.healpix());
        return byPlace != 0 ? byPlace : -order.compare(pending, published.bytes(), published.start());
    }

    private void takePublished() {
        healpix = published.healpix();
        bytes = published.bytes();
        start = published.start();
        end = published.end();
        isPublishedTaken = true;
    }

    private void takePending() {
        healpix = pending.healpix();
        bytes = pending.bytes();
        start = pending.start();
        end = UNKNOWN;
        isPendingTaken = true;
    }
}
