package io.skyroll.app.scenario;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of a workload's table, as it is at the moment. The number stays when the column is altered, and tells what is in it.
 *
 * @param number of the column in its table, from 1; 1 to 5 are the key, the place, what is filtered and what is moved about
 * @param name quoted
 * @param type as PostgreSQL writes it, with its length
 */
record WorkloadColumn(int number, String name, String type, boolean isRequired) {
    static final int MAG = 4;
    static final int AMOUNT = 5;
    static final int NAME = 6;
    static final int PAYLOAD = 7;
    /** The last of those that the table was made with. */
    static final int KIND = 12;

    /** What the table's columns are, in their order; they stay while the caller holds a lock on it. */
    static List<WorkloadColumn> of(Connection connection, String table) throws SQLException {
        List<WorkloadColumn> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        """
                        SELECT attnum, quote_ident(attname), format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
                        WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
                                .formatted(table))) {
            while (rows.next()) {
                columns.add(
                        new WorkloadColumn(rows.getInt(1), rows.getString(2), rows.getString(3), rows.getBoolean(4)));
            }
        }
        return columns;
    }

    /** Makes what is needed for tables of a workload. */
    static void createTypes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TYPE public.kind AS ENUM ('star', 'galaxy', 'it''s')");
        }
    }

    /** The columns that a table is made with, as {@code CREATE TABLE} has them. */
    static String definitions() {
        return """
            id bigint PRIMARY KEY, ra float8, dec float8, mag real, amount int NOT NULL, name varchar(40),
            payload text, flux numeric, seen timestamptz, night date, host inet, kind public.kind""";
    }

    boolean isAdded() {
        return number > KIND;
    }

    /** What a new row has in it, from its key, {@code i}. */
    String inserted(int payloadUnits) {
        return switch (number) {
            case 1 -> "i";
            case 2 -> "(i * 137.50776405003785)::numeric % 360";
            case 3 -> "degrees(asin(2 * random() - 1))";
            case MAG -> "10 + random() * 10";
            case AMOUNT -> "0";
            case NAME -> "CASE WHEN i % 7 > 0 THEN 'row ' || i END";
            case PAYLOAD -> "CASE i %% 3 WHEN 0 THEN NULL ELSE (SELECT string_agg(md5((i * 1000 + k)::text), '') FROM generate_series(1, %d) k) END"
                    .formatted(payloadUnits);
            case 8 -> "random()::numeric * i";
            case 9 -> "timestamptz '2026-01-01Z' + i * interval '1 s'";
            case 10 -> "date '2026-01-01' + (i % 1000)::int";
            case 11 -> "('10.0.' || i % 256 || '.1/24')::inet";
            case KIND -> "(enum_range(NULL::public.kind))[1 + i % 3]";
            default -> isRequired ? constant() : "CASE WHEN i %% 5 > 0 THEN %s END".formatted(constant());
        };
    }

    /** A value of an added column's type, as a default may have it. */
    String constant() {
        return switch (base()) {
            case "integer", "bigint" -> "7";
            case "real", "double precision" -> "0.1";
            case "numeric" -> "-1.25";
            case "date" -> "date '2026-02-28'";
            case "boolean" -> "true";
            case "public.kind", "kind" -> "'it''s'::public.kind";
            default -> "'it''s'";
        };
    }

    /** Another value than the one that is there; the largest that the type has room for are among them. */
    String changed() {
        if (number == PAYLOAD) {
            return name + " || id";
        }
        return switch (base()) {
            case "integer" -> "coalesce(%s, 0) + 1".formatted(name);
            case "bigint" -> "coalesce(%s, 0) + 5000000000".formatted(name);
            case "real", "double precision" -> "random() * 100";
            case "numeric" -> "coalesce(%s, 0) + 1".formatted(name);
            case "date" -> "coalesce(%s, date '2026-01-01') + 1".formatted(name);
            case "timestamp with time zone" -> name + " + interval '1 us'";
            case "inet" -> name + " + 1";
            case "boolean" -> "NOT coalesce(%s, false)".formatted(name);
            case "public.kind",
                    "kind" -> "(enum_range(NULL::public.kind))[1 + (random() * 100)::int % cardinality(enum_range(NULL::public.kind))]";
            case "character varying" -> "rpad('seen ' || id, %d, 'x')".formatted(modifier());
            default -> "'seen ' || id";
        };
    }

    /** How a query in the database says what DuckDB says of the published column by its name. */
    String comparable() {
        return switch (type) {
            case "numeric" -> name + "::text";
            case "timestamp with time zone" -> "(extract(epoch FROM %s) * 1000000)::bigint".formatted(name);
            case "inet" -> "textin(inet_out(%s))".formatted(name);
            case "public.kind", "kind" -> name + "::text";
            default -> name;
        };
    }

    /** How a query of the published rows says it. */
    String published() {
        return type.equals("timestamp with time zone") ? "epoch_us(%s)".formatted(name) : name;
    }

    /** The type without its length. */
    String base() {
        return type.replaceFirst("\\(.*", "");
    }

    /** The type's length, or the first of two numbers. */
    int modifier() {
        return Integer.parseInt(type.replaceAll("^[^(]*\\(|[,)].*", ""));
    }
}
