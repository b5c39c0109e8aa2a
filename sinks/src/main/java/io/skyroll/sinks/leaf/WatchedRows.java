package io.skyroll.sinks.leaf;

import java.util.function.Consumer;

/** Rows, each shown to someone else as the cursor comes to it. Owned by one thread. */
public final class WatchedRows implements RowCursor {
    private final RowCursor rows;
    private final Consumer<RowCursor> watcher;

    public WatchedRows(RowCursor rows, Consumer<RowCursor> watcher) {
        this.rows = rows;
        this.watcher = watcher;
    }

    @Override
    public boolean next() {
        if (!rows.next()) {
            return false;
        }
        watcher.accept(rows);
        return true;
    }

    @Override
    public long healpix() {
        return rows.healpix();
    }

    @Override
    public byte[] bytes() {
        return rows.bytes();
    }

    @Override
    public int start() {
        return rows.start();
    }

    @Override
    public int end() {
        return rows.end();
    }
}
