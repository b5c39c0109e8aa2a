package io.skyroll.sinks.leaf;

import io.skyroll.schemas.row.RowEvolution;

/**
 * Writes one leaf file, group by group in leaf order. The file's bytes are a function of the row schema and of the groups' rows
 * alone: a copied group gives the same bytes as an encoded one.
 */
public interface LeafWriter extends AutoCloseable {

    /** Encodes all rows of the cursor (at least one) as one row group. */
    void encode(RowCursor rows);

    /** Copies a row group as bytes, without decoding it. */
    void copy(LeafReader source, int group);

    /** Writes a row group in a later form of its rows, that of this file. The bytes are those that the converted rows give. */
    default void evolve(LeafReader source, int group, RowEvolution evolution) {
        encode(new EvolvedRows(source.rows(group), evolution));
    }

    /** Size of what was written so far. */
    long bytes();

    /** Writes the footer and commits the output. */
    LeafFile finish();

    @Override
    void close();
}
