package io.skyroll.producers.postgres;

/**
 * A relation that holds rows itself: an ordinary table, or a leaf of a partitioned one.
 *
 * @param oid its object identifier, unsigned
 * @param schema its schema, as the database spells it
 * @param name its name, as the database spells it
 * @param estimatedRows the planner's estimate; 0 when the relation was never analysed
 * @param storage what its rows are stored as, unsigned; another number when they were all written anew
 */
public record Relation(long oid, String schema, String name, long estimatedRows, long storage) {

    /** The relation's name in SQL. */
    public String sql() {
        return quote(schema) + "." + quote(name);
    }

    /** An identifier in SQL, in double quotes whatever it contains. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
