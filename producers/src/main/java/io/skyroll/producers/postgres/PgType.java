package io.skyroll.producers.postgres;

import java.util.List;

/**
 * A type as pg_type and its kin describe it.
 *
 * @param oid its object identifier, unsigned
 * @param schema where it is
 * @param name its name
 * @param shape what its values are made of
 * @param part the type that a domain, an array, a range or a multirange is made of; else 0
 * @param modifier what a domain says of the type that it is made of, -1 for nothing
 * @param dimensions how many array dimensions a domain declares
 * @param output the function that writes its values as text, in SQL
 * @param binaryIsText whether values in binary form are their text
 * @param attributes a composite type's, in order; else none
 */
record PgType(
        long oid,
        String schema,
        String name,
        Shape shape,
        long part,
        int modifier,
        int dimensions,
        String output,
        boolean binaryIsText,
        List<Attribute> attributes) {
    /** Where PostgreSQL's own types are. */
    private static final String OWN_SCHEMA = "pg_catalog";

    /** The object identifiers of what PostgreSQL brings along are below this. */
    private static final long FIRST_FOREIGN_OID = 16_384;

    PgType {
        attributes = List.copyOf(attributes);
    }

    /** What a type's values are made of. */
    enum Shape {
        BASE,
        DOMAIN,
        ARRAY,
        ENUM,
        COMPOSITE,
        RANGE,
        MULTIRANGE
    }

    /**
     * A field of a composite type.
     *
     * @param type its type's object identifier
     * @param modifier the type modifier, -1 for none
     * @param dimensions the array dimensions it declares
     */
    record Attribute(String name, long type, int modifier, int dimensions) {}

    boolean isPostgresOwn() {
        return oid < FIRST_FOREIGN_OID;
    }

    /** The name, with its schema unless it is PostgreSQL's own. */
    String qualified() {
        return schema.equals(OWN_SCHEMA) ? name : schema + "." + name;
    }

    /** An expression that gives a column's values as text, exactly as clients get them; a cast may differ, as that of inet does. */
    String textOf(String column) {
        return "pg_catalog.textin(%s(%s))".formatted(output, column);
    }
}
