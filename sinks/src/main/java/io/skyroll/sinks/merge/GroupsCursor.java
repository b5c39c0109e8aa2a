package io.skyroll.sinks.merge;

import io.skyroll.sinks.leaf.RowCursor;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of row groups that follow each other, as far as they lie in a range of the sky. Owned by one thread. */
final class GroupsCursor implements RowCursor {
    private final Iterator<Supplier<RowCursor>> groups;
    private final long first;
    private final long afterLast;
    private @Nullable RowCursor current;

    /**
     * @param groups opened one after another
     * @param first the first HEALPix-29 value of the range
     * @param afterLast the end of the range (exclusive)
     */
    GroupsCursor(Stream<Supplier<RowCursor>> groups, long first, long afterLast) {
        this.groups = groups.iterator();
        this.first = first;
        this.afterLast = afterLast;
    }

    @Override
    public boolean next() {
        while (true) {
            RowCursor rows = current;
            while (rows != null && rows.next()) {
                if (rows.healpix() >= afterLast) {
                    break;
                }
                if (rows.healpix() >= first) {
                    return true;
                }
            }
            if (!groups.hasNext()) {
                return false;
            }
            current = groups.next().get();
        }
    }

    @Override
    public long healpix() {
        return row().healpix();
    }

    @Override
    public byte[] bytes() {
        return row().bytes();
    }

    @Override
    public int start() {
        return row().start();
    }

    @Override
    public int end() {
        return row().end();
    }

    private RowCursor row() {
        if (current == null) {
            throw new IllegalStateException("call next() first");
        }
        return current;
    }
}
