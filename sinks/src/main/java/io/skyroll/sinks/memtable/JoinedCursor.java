package io.skyroll.sinks.memtable;

import io.skyroll.schemas.position.Position;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Several cursors as one: of several rows or deletions with one key, that with the newest position. Owned by one thread. */
final class JoinedCursor implements PendingCursor {
    private final RowOrder order;
    private final PriorityQueue<PendingCursor> heads;
    private @Nullable PendingCursor current;

    /** @param parts of which each gives one row or deletion for a key */
    JoinedCursor(List<PendingCursor> parts, RowOrder order) {
        this.order = order;
        Comparator<PendingCursor> newestLast = Comparator.comparing(PendingCursor::position);
        heads = new PriorityQueue<>(
                Math.max(1, parts.size()),
                Comparator.comparingLong(PendingCursor::healpix)
                        .thenComparing(order::compare)
                        .thenComparing(newestLast.reversed()));
        parts.forEach(this::advance);
    }

    @Override
    public boolean next() {
        if (current != null) {
            advance(current);
        }
        current = heads.poll();
        if (current == null) {
            return false;
        }
        while (order.isIdentity() && !heads.isEmpty() && isSameKey(current, heads.peek())) {
            advance(heads.remove());
        }
        return true;
    }

    @Override
    public long healpix() {
        return head().healpix();
    }

    @Override
    public boolean isDelete() {
        return head().isDelete();
    }

    @Override
    public Position position() {
        return head().position();
    }

    @Override
    public byte[] bytes() {
        return head().bytes();
    }

    @Override
    public int start() {
        return head().start();
    }

    @Override
    public int end() {
        return head().end();
    }

    private void advance(PendingCursor part) {
        if (part.next()) {
            heads.add(part);
        }
    }

    private boolean isSameKey(PendingCursor one, PendingCursor other) {
        return one.healpix() == other.healpix() && order.compare(one, other) == 0;
    }

    private PendingCursor head() {
        if (current == null) {
            throw new IllegalStateException("call next() first");
        }
        return current;
    }
}
