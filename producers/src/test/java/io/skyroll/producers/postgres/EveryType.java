package io.skyroll.producers.postgres;

import io.skyroll.schemas.row.ColumnType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A table with a column of every type, and in it values at the edges and random ones; the server judges whether what came back from
 * somewhere is the same. Owned by one thread.
 */
public final class EveryType {
    /** The table, in the schema {@code public}: the columns {@code id}, {@code ra} and {@code dec}, then one for each type. */
    public static final String TABLE = "everything";

    /** The index of the first type's column. */
    public static final int FIRST_COLUMN = 3;

    /** Column types, with values in SQL: those at the edges, and what to choose random ones by. */
    private static final Map<String, List<String>> TYPES = new LinkedHashMap<>();

    static {
        type("bool", "true", "false");
        type("int2", "-32768", "32767", "?i % 32768");
        type("int4", "-2147483648", "2147483647", "?i");
        type("int8", "-9223372036854775808", "9223372036854775807", "?l");
        type("oid", "0", "2147483648", "4294967295");
        type("xid", "'0'", "'2147483648'", "'4294967295'");
        type("cid", "'7'", "'4294967295'");
        type("xid8", "'0'", "'9223372036854775807'", "'4294967296'");
        type("float4", "'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "'1e-45'", "'3.4028235e38'", "?f");
        type("float8", "'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "'5e-324'", "'1.7976931348623157e308'", "?f");
        type("text", "''", "'NULL'", "'null'", "'ä€😀\"\\{},'", "E'a\\tb\\nc'", "?t");
        type("varchar(20)", "''", "' x '", "'äöü'");
        type("bpchar(5)", "''", "'a'", "'ab  '", "'äöüßa'");
        type("name", "''", "'pg_class'", "'ä \"x\"'");
        type("\"char\"", "''", "'x'", "'\"'", "'\\200'", "'\\377'");
        type("bytea", "''", "'\\x00ff'", "decode(md5(?i::text), 'hex')");
        type(
                "date",
                "'0044-03-15 BC'",
                "'4713-01-01 BC'",
                "'5874897-12-31'",
                "'1970-01-01'",
                "date '2000-01-01' + ?i % 700000");
        type(
                "timestamp",
                "'4713-01-01 00:00:00.000001 BC'",
                "'294247-01-10 04:00:54.775807'",
                "'1969-12-31 23:59:59.999999'");
        type(
                "timestamptz",
                "'0001-12-31 23:59:59.5 BC'",
                "'294247-01-10 04:00:54.775807Z'",
                "'2025-10-28 00:15:23+07'");
        type("time", "'00:00'", "'23:59:59.999999'", "'12:00:00.1'");
        type("timetz", "'00:00+15:59:59'", "'24:00-03:30'", "'12:34:56.7+07'");
        type(
                "interval",
                "'1 year -2 mons 3 days -04:05:06.789'",
                "'178000000 years'",
                "'-1 day'",
                "'0'",
                "'9223372036854775807 microseconds'",
                "make_interval(secs => ?i)");
        type("uuid", "'00000000-0000-0000-0000-000000000000'", "md5(?i::text)::uuid");
        type("json", "'null'", "'{\"a\": [1, 2.50, \"ä\"],  \"a\":1}'", "'\"\"'", "'[]'");
        type("jsonb", "'null'", "'{\"a\": [1, 2.50, \"ä\"]}'", "'1e400'", "to_jsonb(?i)");
        type("jsonpath", "'$.a[*] ? (@ > 1)'");
        type("money", "'-92233720368547758.08'", "'92233720368547758.07'", "?i::money");
        type("inet", "'192.168.1.5'", "'192.168.1.5/24'", "'::1'", "'2001:db8::/32'");
        type("cidr", "'10.0.0.0/8'", "'10.1.2.3/32'", "'::/0'");
        type("macaddr", "'08:00:2b:01:02:03'");
        type("macaddr8", "'08:00:2b:01:02:03:04:05'");
        type("bit(5)", "B'10101'");
        type("varbit", "B''", "B'1'", "B'101010101'");
        type("pg_lsn", "'16/B374D848'");
        type("regclass", "'pg_class'::regclass", "0::regclass");
        type("regtype", "'int4[]'::regtype");
        type("tsvector", "'a:1A b:2'", "''");
        type("tsquery", "'a & (b | !c)'");
        type("tid", "'(1,2)'");
        type("point", "'(1,2)'", "'(-0,NaN)'", "'(Infinity,-Infinity)'");
        type("lseg", "'[(1,2),(3.5,4)]'");
        type("box", "'(3,4),(1,2)'");
        type("line", "'{1,-1,0}'");
        type("circle", "'<(1,2),3>'");
        type("path", "'[(1,2),(3,4)]'", "'((1,2),(3,4))'");
        type("polygon", "'((0,0),(1,1),(2,0))'");
        type("numeric(10,2)", "-99999999.99", "0", "?i / 100.0");
        type("numeric(38,38)", "'0.99999999999999999999999999999999999999'", "'-1e-38'");
        type("numeric(5,-2)", "-9999900", "100", "0");
        type("numeric(3,5)", "0.00999", "-0.00001");
        type("numeric(50,2)", "'-999999999999999999999999999999999999999999999999.99'", "'NaN'", "1.1");
        type(
                "numeric",
                "'NaN'",
                "'Infinity'",
                "'-Infinity'",
                "1.10",
                "0.0000",
                "1e500",
                "-1e-500",
                "123456789012345678901234567890.5",
                "?i * 1e-20");
        type("mood", "'happy'", "'a \"b\", (c)\\'", "''", "'NULL'");
        type("small", "7", "-1");
        type("prices", "'{1.5,NULL,-2.25}'");
        type("int4[]", "'{}'", "'{1,NULL,3}'", "'{NULL}'", "array[?i, ?i]");
        type("int2[][]", "'{}'", "'{{1,2},{3,NULL}}'", "'{{1}}'");
        type("int8[][][]", "'{{{1,2},{3,4}},{{5,6},{NULL,8}}}'");
        type("text[]", "array['a', 'b,c', '', 'NULL', NULL, '\"\\{}', ' ']", "'{}'", "array[?t]");
        type("bool[]", "'{t,f,NULL}'");
        type("numeric[]", "'{1.10,NaN,NULL,Infinity}'");
        type("numeric(6,3)[]", "'{1.1,-999.999,NULL}'");
        type("money[]", "'{1.25,NULL}'");
        type("uuid[]", "array[md5(?i::text)::uuid]");
        type("jsonb[]", "array['{\"a\": \"b,\\\"c\"}'::jsonb, NULL]");
        type("bytea[]", "array['\\x00'::bytea, '']");
        type("date[]", "'{0044-03-15 BC,2000-01-01}'");
        type("timestamptz[]", "'{2000-01-01 12:00:00.5+00,NULL}'");
        type("mood[]", "array['a \"b\", (c)\\', 'happy', NULL, '']::mood[]");
        type("inet[]", "'{192.168.1.5,NULL,10.0.0.0/8}'");
        type("_regclass", "'{pg_class}'");
        type("point[]", "'{\"(1,2)\",NULL}'");
        type("int4range", "'empty'", "'[1,10)'", "'(,5)'", "'[5,)'", "'(,)'", "int4range(0, abs(?i % 1000) + 1, '[]')");
        type("numrange", "'(1.10,2.0]'", "'[-Infinity,NaN]'");
        type("tsrange", "'[2000-01-01,2000-01-02 00:00:00.5]'", "'(,)'");
        type("tstzrange", "'[2000-01-01 00:00+00,)'");
        type("daterange", "'[0044-03-15 BC,2000-01-01)'");
        type("int4multirange", "'{}'", "'{[1,3),[5,7)}'", "'{(,3),[5,)}'");
        type("datemultirange", "'{[2000-01-01,2001-01-01)}'");
        type("int4range[]", "array['[1,2)'::int4range, 'empty', NULL]", "'{}'");
        type("textrange", "'[\"a,b\",\"c d\"]'", "'(,\"\"]'");
        type("pair", "'(1,x)'", "'(,)'", "'(,\"\"\"a,\\\\b\"\"\")'", "row(?i, ?t)::pair");
        type("pair[]", "array[row(1, 'a \"b\"')::pair, NULL, row(NULL, NULL)::pair]");
        type(
                "deep",
                "row(array[row(1, 'x, y')::pair, NULL], '[1,5)', row(2, NULL)::pair, 'happy', '{{1,2},{3,NULL}}', 1.10, '00:01')::deep");
        type("deep[]", "array[row('{}', NULL, NULL, NULL, NULL, 'NaN', NULL)::deep]");
        type("sure_pair", "row(1, 'a')::pair", "row(2, '')::pair");
        type("withnet", "row(1, '10.0.0.1')::withnet");
        type("mine", "'a b'", "''");
        type("mine[]", "'{\"a b\",NULL}'");
        type("other", "5");
        type("int2vector", "'1 2 3'");
        type("oidvector", "'1 4294967295'");
        type("float8[][]", "'{{NaN,-0},{Infinity,5e-324}}'", "'{{1.5,NULL}}'", "'{}'");
        type("float4[]", "'{NaN,-Infinity,-0,1e-45,3.4028235e38,NULL}'");
        type("time[]", "'{00:00,23:59:59.999999,NULL}'");
        type("interval[]", "'{1 mon,-1 day -00:00:00.000001,NULL}'");
        type("varchar(20)[]", "array['', NULL, ' x ']");
        type("bpchar(5)[]", "array['a', '', NULL]");
        type("timestamp[][]", "'{{0044-03-15 00:00:00.5 BC,NULL}}'");
        type("cidr[]", "'{10.0.0.0/8,::/0,NULL}'");
        type("int8range", "'[-9223372036854775808,9223372036854775807)'", "'empty'");
        type("nummultirange", "'{[-Infinity,0.10),(1.0,)}'", "'{}'");
        type("tstzmultirange", "'{[0044-03-15 12:00:00.5+00 BC,2000-01-01 00:00:00+00)}'");
        type("daterange[]", "array['[0044-03-15 BC,2000-01-01)'::daterange, '(,)', 'empty', NULL]");
        type("json[]", "array['{\"a\": [1, 2.50, \"ä\"]}'::json, 'null', NULL]");
        type("small[]", "'{1,NULL,-2147483648}'");
        type("xml", "'<a b=\"ä\">&lt;</a>'", "''", "' x <y/> '");
        type("xml[]", "array['<a/>'::xml, NULL]");
        type("citext", "''", "'Vega'", "'ä\"x'");
        type("citext[]", "array['Vega', 'a,b', '', NULL]::citext[]");
        type("hstore", "''", "'\"a b\"=>\"1\", \"c\"=>NULL, \"ä\"=>\"\"'");
        type("hstore[]", "array['a=>1'::hstore, '', NULL]");
        type("ltree", "''", "'Top.Science.Astronomy'");
        type("withmore", "row('Vega', 'a=>1', '<x/>')::withmore", "row(NULL, '', NULL)::withmore");
    }

    private static void type(String type, String... values) {
        TYPES.put(type, List.of(values));
    }

    private final Connection connection;

    private EveryType(Connection connection) {
        this.connection = connection;
    }

    /** Makes the types and the table in a database that has neither. */
    public static EveryType create(Connection connection) throws SQLException {
        EveryType made = new EveryType(connection);
        made.execute(
                "CREATE EXTENSION citext",
                "CREATE EXTENSION hstore",
                "CREATE EXTENSION ltree",
                "CREATE TYPE mood AS ENUM ('happy', 'a \"b\", (c)\\', '', 'NULL')",
                "CREATE DOMAIN small AS int4 CHECK (value < 100)",
                "CREATE DOMAIN prices AS numeric(9,3)[]",
                "CREATE TYPE pair AS (a int4, b text)",
                "CREATE DOMAIN sure_pair AS pair CHECK ((value).a > 0)",
                "CREATE TYPE deep AS (pairs pair[], span int4range, \"a pair\" pair, m mood, grid int2[][], n numeric, t time)",
                "CREATE TYPE withnet AS (a int4, n inet)",
                "CREATE TYPE textrange AS RANGE (subtype = text)",
                "CREATE TYPE mine",
                "CREATE FUNCTION mine_in(cstring) RETURNS mine AS 'textin' LANGUAGE internal STRICT IMMUTABLE",
                "CREATE FUNCTION mine_out(mine) RETURNS cstring AS 'textout' LANGUAGE internal STRICT IMMUTABLE",
                "CREATE FUNCTION mine_send(mine) RETURNS bytea AS 'textsend' LANGUAGE internal STRICT IMMUTABLE",
                "CREATE TYPE mine (INPUT = mine_in, OUTPUT = mine_out, SEND = mine_send, LIKE = text)",
                "CREATE TYPE other",
                "CREATE FUNCTION other_in(cstring) RETURNS other AS 'int4in' LANGUAGE internal STRICT IMMUTABLE",
                "CREATE FUNCTION \"other Out\"(other) RETURNS cstring AS 'int4out' LANGUAGE internal STRICT IMMUTABLE",
                "CREATE TYPE other (INPUT = other_in, OUTPUT = \"other Out\", LIKE = int4)",
                "CREATE CAST (int4 AS other) WITHOUT FUNCTION AS ASSIGNMENT",
                "CREATE TYPE withmore AS (c citext, h hstore, x xml)");
        List<String> columns = new ArrayList<>();
        for (String type : types()) {
            columns.add("\"%s\" %s".formatted(column(type), type));
        }
        made.execute("CREATE TABLE %s (id int8 PRIMARY KEY, ra float8 NOT NULL, dec float8 NOT NULL, %s)"
                .formatted(TABLE, String.join(", ", columns)));
        return made;
    }

    /** The types, in the order of their columns, as SQL has them. */
    public static List<String> types() {
        return List.copyOf(TYPES.keySet());
    }

    /** The name of a type's column. */
    public static String column(String type) {
        return "c " + types().indexOf(type);
    }

    /** Adds rows all over the sky, with ids from 0. */
    public void fill(int rows, Random random) throws SQLException {
        execute("BEGIN");
        for (int row = 0; row < rows; row++) {
            List<String> values = new ArrayList<>();
            values.add(Integer.toString(row));
            values.add(Integer.toString(random.nextInt(360)));
            values.add(Integer.toString(random.nextInt(181) - 90));
            for (String type : types()) {
                List<String> choices = TYPES.getOrDefault(type, List.of());
                int choice = random.nextInt(choices.size() + 1);
                String value = choice == choices.size() ? "NULL" : filled(choices.get(choice), random);
                values.add("other".equals(type) && !value.equals("NULL") ? value + "::other" : value);
            }
            execute("INSERT INTO %s VALUES (%s)".formatted(TABLE, String.join(", ", values)));
        }
        execute("COMMIT");
    }

    /**
     * Rows where the server does not print what was found, read as the column's type, as it prints what is there.
     *
     * @param carried as what values were carried: a text form must be what the server prints, to the letter
     * @param found values by id, as PostgreSQL writes them
     */
    public List<String> differences(String type, ColumnType carried, Map<Long, @Nullable String> found)
            throws SQLException {
        String readAs = carried.kind() == ColumnType.Kind.TEXT_FORM ? "text" : type;
        String values = found.entrySet().stream()
                .map(entry -> "(%d, %s)".formatted(entry.getKey(), literal(entry.getValue())))
                .collect(Collectors.joining(", "));
        String sql =
                """
                SELECT id, found, format('%%s', c), format('%%s', found::%1$s) FROM (VALUES %2$s) AS f(id, found)
                FULL JOIN (SELECT id, "%3$s" AS c FROM %4$s) AS e USING (id)
                WHERE num_nulls(c) <> num_nulls(found::text) OR format('%%s', c) IS DISTINCT FROM format('%%s', found::%1$s)"""
                        .formatted(readAs, values, column(type), TABLE);
        return query(sql);
    }

    private static String literal(@Nullable String text) {
        return text == null ? "NULL::text" : "'%s'::text".formatted(text.replace("'", "''"));
    }

    /** Writes the table as the server prints it, with the zone and styles of output that text forms have; NULL is nothing between commas. */
    public void print(Path file) throws SQLException, IOException {
        execute("SET TimeZone = 'UTC'", "SET DateStyle = 'ISO'", "SET IntervalStyle = 'postgres'");
        try (OutputStream output = Files.newOutputStream(file)) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY %s TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *)".formatted(TABLE), output);
        }
    }

    private static String filled(String value, Random random) {
        return value.replace("?i", "(" + random.nextInt() + ")")
                .replace("?l", "(" + (random.nextLong() >> random.nextInt(64)) + ")")
                .replace("?f", "'" + random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30) + "'")
                .replace("?t", "'" + "x, \"ä\\".repeat(random.nextInt(4)) + "'");
    }

    private void execute(String... commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private List<String> query(String sql) throws SQLException {
        List<String> answer = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                answer.add("row %s: found %s, which is %s there, and %s here"
                        .formatted(rows.getString(1), rows.getString(2), rows.getString(4), rows.getString(3)));
            }
        }
        return answer;
    }
}
