package io.skyroll.sinks.memtable;

import java.util.Set;

/** Knows how rows are ordered by the schemas that they came in. Thread-safe. */
@FunctionalInterface
public interface RowOrders {

    /**
     * The order of rows.
     *
     * @param schemaIds the registry's ids of the schemas of rows and batches; none for deletions only
     * @throws io.skyroll.schemas.failure.SkyrollException when they are not schemas of the same rows
     */
    RowOrder of(Set<Integer> schemaIds);
}
