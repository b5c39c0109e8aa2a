package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Relation;

/**
 * A stretch of a table's storage that is read, and published, in one go.
 *
 * @param table index of the table
 * @param number number within the table, from 0
 * @param relation what holds the rows
 * @param firstBlock its first block
 * @param endBlock the block behind its last one, or {@link #OPEN}
 */
record Chunk(int table, int number, Relation relation, long firstBlock, long endBlock) {
    /** The chunk goes up to wherever the relation ends. */
    static final long OPEN = -1;

    /** The condition that selects the chunk's rows, in SQL. */
    String condition() {
        String from = "ctid >= '(%d,0)'".formatted(firstBlock);
        return endBlock == OPEN ? from : from + " AND ctid < '(%d,0)'".formatted(endBlock);
    }
}
