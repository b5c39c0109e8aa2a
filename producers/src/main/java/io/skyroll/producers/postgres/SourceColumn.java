package io.skyroll.producers.postgres;

/**
 * A column as the database describes it.
 *
 * @param name its name
 * @param type its type's object identifier, unsigned
 * @param modifier its type modifier, -1 for none
 * @param dimensions the array dimensions it declares, 0 for unknown
 * @param notNull whether no row has a null there
 * @param number its number in the table, which no other column of it ever has; 0 in a view or query
 */
public record SourceColumn(String name, long type, int modifier, int dimensions, boolean notNull, int number) {}
