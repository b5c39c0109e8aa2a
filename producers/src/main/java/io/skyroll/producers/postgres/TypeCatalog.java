package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.PgType.Attribute;
import io.skyroll.producers.postgres.PgType.Shape;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what the database's catalog says about types, with plain queries only; see {@link TableCatalog}. */
final class TypeCatalog {
    private static final long MONEY = 790;

    /** The types asked for, and all that they are made of. */
    private static final String NEEDED =
            """
            WITH RECURSIVE needed(oid) AS (
                SELECT unnest(?::text::int8[])::oid
                UNION
                SELECT part.oid FROM needed n JOIN pg_catalog.pg_type t ON t.oid = n.oid CROSS JOIN LATERAL (
                    SELECT t.typbasetype
                    UNION ALL SELECT t.typelem
                    UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
                    UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid
                    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                        WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                ) AS part(oid) WHERE part.oid <> 0)
            """;

    private TypeCatalog() {}

    /**
     * Describes types, and those that they are made of.
     *
     * @param types object identifiers
     */
    static Map<Long, PgType> load(Session session, Collection<Long> types) throws SQLException {
        String wanted = types.toString().replace('[', '{').replace(']', '}');
        Map<Long, List<Attribute>> attributes = new HashMap<>();
        session.rows(
                NEEDED
                        + """
                SELECT t.oid::int8, a.attname, a.atttypid::int8, a.atttypmod, a.attndims
                FROM needed JOIN pg_catalog.pg_type t ON t.oid = needed.oid AND t.typtype = 'c'
                JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                ORDER BY t.oid, a.attnum""",
                row -> attributes
                        .computeIfAbsent(row.getLong(1), oid -> new ArrayList<>())
                        .add(new Attribute(row.getString(2), row.getLong(3), row.getInt(4), row.getInt(5))),
                wanted);
        Map<Long, PgType> found = new HashMap<>();
        session.rows(
                NEEDED
                        + """
                SELECT t.oid::int8, n.nspname, t.typname, t.typtype::text, element.oid IS NOT NULL,
                    coalesce(nullif(t.typbasetype, 0), element.oid, r.rngsubtype, m.rngtypid, 0)::int8, t.typtypmod, t.typndims,
                    pg_catalog.quote_ident(outputs.nspname) || '.' || pg_catalog.quote_ident(output.proname),
                    coalesce(output.prosrc = 'textout' AND send.prosrc = 'textsend', false)
                FROM needed JOIN pg_catalog.pg_type t ON t.oid = needed.oid
                JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                JOIN pg_catalog.pg_proc output ON output.oid = t.typoutput
                JOIN pg_catalog.pg_namespace outputs ON outputs.oid = output.pronamespace
                LEFT JOIN pg_catalog.pg_proc send ON send.oid = t.typsend
                LEFT JOIN pg_catalog.pg_type element ON element.oid = t.typelem AND element.typarray = t.oid
                LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
                LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid""",
                row -> found.put(row.getLong(1), type(row, attributes.getOrDefault(row.getLong(1), List.of()))),
                wanted);
        return found;
    }

    private static PgType type(ResultSet row, List<Attribute> attributes) throws SQLException {
        return new PgType(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(5) ? Shape.ARRAY : shape(row.getString(4)),
                row.getLong(6),
                row.getInt(7),
                row.getInt(8),
                row.getString(9),
                row.getBoolean(10),
                attributes);
    }

    private static Shape shape(String typtype) {
        return switch (typtype) {
            case "d" -> Shape.DOMAIN;
            case "e" -> Shape.ENUM;
            case "c" -> Shape.COMPOSITE;
            case "r" -> Shape.RANGE;
            case "m" -> Shape.MULTIRANGE;
            default -> Shape.BASE;
        };
    }

    /** How many digits behind the point the session's money has; 0 when none of the types is money. */
    static int moneyScale(Session session, Map<Long, PgType> types) throws SQLException {
        return types.containsKey(MONEY) ? Integer.parseInt(session.text("SELECT scale(0::money::numeric)")) : 0;
    }
}
