package io.skyroll.sinks.merge;

import io.skyroll.sinks.leaf.RowCursor;

/** Rows in pieces of a number of rows, the last one of what is left. Owned by one thread. */
final class RowPieces {
    private final RowCursor rows;
    private final long most;
    private boolean hasRow;

    /** @param most the most rows of a piece, from 1 */
    RowPieces(RowCursor rows, long most) {
        this.rows = rows;
        this.most = most;
        this.hasRow = rows.next();
    }

    boolean hasNext() {
        return hasRow;
    }

    /** The next piece; to be read to its end before the one after it. */
    RowCursor next() {
        return new Piece();
    }

    private final class Piece implements RowCursor {
        private long given;

        @Override
        public boolean next() {
            if (given > 0) {
                hasRow = rows.next();
            }
            return hasRow && given++ < most;
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
}
