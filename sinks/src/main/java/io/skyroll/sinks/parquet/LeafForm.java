package io.skyroll.sinks.parquet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * In what the files of datasets differ from leaves.
 *
 * @param hasSky whether there is a column of places on the sky; else a row's place is told from its key
 * @param constants what all rows have in the columns that are left out: Avro binary, by the column's name
 * @param isSorted whether the row groups are in leaf order, and not only the rows of each
 */
record LeafForm(boolean hasSky, Map<String, byte[]> constants, boolean isSorted) {
    /** A leaf. */
    static final LeafForm LEAF = new LeafForm(true, Map.of(), true);

    static LeafForm ofDataset(boolean hasSky, Map<String, byte[]> constants) {
        return new LeafForm(hasSky, new LinkedHashMap<>(constants), false);
    }

    boolean isConstant(String column) {
        return constants.containsKey(column);
    }

    byte[] constant(String column) {
        return Objects.requireNonNull(constants.get(column));
    }
}
