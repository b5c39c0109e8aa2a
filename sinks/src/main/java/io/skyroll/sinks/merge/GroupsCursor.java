package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.leaf.RowCursor;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The published rows of a cell, from the groups that it intersects. Owned by one thread. */
final class GroupsCursor implements RowCursor {
    private final Iterator<PublishedGroup> groups;
    private final Pixel cell;
    private @Nullable RowCursor current;

    GroupsCursor(List<PublishedGroup> groups, Pixel cell) {
        this.groups = groups.iterator();
        this.cell = cell;
    }

    @Override
    public boolean next() {
        while (true) {
            RowCursor rows = current;
            while (rows != null && rows.next()) {
                if (rows.healpix() >= cell.end29()) {
                    break;
                }
                if (rows.healpix() >= cell.first29()) {
                    return true;
                }
            }
            if (!groups.hasNext()) {
                return false;
            }
            current = groups.next().rows();
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
