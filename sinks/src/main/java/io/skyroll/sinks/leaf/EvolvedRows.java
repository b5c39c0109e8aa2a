package io.skyroll.sinks.leaf;

import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.schemas.wire.AvroBuffer;

/** Rows of an earlier form in their later one. Owned by one thread. */
public final class EvolvedRows implements RowCursor {
    private static final int INITIAL_BYTES = 1 << 10;

    private final RowCursor rows;
    private final RowEvolution evolution;
    private final AvroBuffer row = new AvroBuffer(INITIAL_BYTES);

    public EvolvedRows(RowCursor rows, RowEvolution evolution) {
        this.rows = rows;
        this.evolution = evolution;
    }

    @Override
    public boolean next() {
        if (!rows.next()) {
            return false;
        }
        row.clear();
        evolution.convert(rows.bytes(), rows.start(), row);
        return true;
    }

    @Override
    public long healpix() {
        return rows.healpix();
    }

    @Override
    public byte[] bytes() {
        return row.bytes();
    }

    @Override
    public int start() {
        return 0;
    }

    @Override
    public int end() {
        return row.size();
    }
}
