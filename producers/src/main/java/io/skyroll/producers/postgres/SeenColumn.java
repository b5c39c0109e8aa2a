package io.skyroll.producers.postgres;

import java.util.List;
import java.util.Optional;

/** A column as changes in the log show it, which may be older than what the database's catalog says now. */
public interface SeenColumn {

    /** What it was called. */
    String name();

    /** Whether all is seen that it takes to read its values. */
    boolean isExact();

    /** Whether it can be a column that the catalog describes. */
    boolean is(Described column);

    /**
     * The column as the catalog described it then.
     *
     * @param number its number
     * @param known what the catalog says now, and has said before, of the column of that number
     * @return empty when that does not tell
     */
    Optional<SourceColumn> describe(int number, List<Described> known);

    /** A column in the catalog, and what its values are. */
    record Described(SourceColumn column, ValueType type) {}
}
