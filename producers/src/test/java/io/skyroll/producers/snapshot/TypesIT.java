package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.postgres.PgText;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.topic.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values of every type go through COPY, Avro and the topic, and come back: the server judges whether they are the same. */
class TypesIT {
    private static final int ROWS = 400;

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
    }

    private static void type(String type, String... values) {
        TYPES.put(type, List.of(values));
    }

    private final SchemaRegistry registry = LiveStack.shared().registry();
    private Database database = new Database("");
    private final TableName table = new TableName("types", "public", "everything");

    @BeforeEach
    void newDatabase() throws Exception {
        database = LiveStack.shared().newDatabase("types");
        database.execute(
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
                "CREATE CAST (int4 AS other) WITHOUT FUNCTION AS ASSIGNMENT");
    }

    @Test
    @DisplayName("A17: every value of every type comes back as the server prints it")
    void everyValueOfEveryTypeComesBack() throws Exception {
        long seed = Long.getLong("test.seed", 20260101);
        List<String> types = List.copyOf(TYPES.keySet());
        fill(types, new Random(seed));

        SourceTable source = run();

        List<GenericRecord> rows = content().rows();
        assertThat(content().errors()).isEmpty();
        assertThat(rows).hasSize(ROWS);
        for (int i = 0; i < types.size(); i++) {
            Column column = source.rows().columns().get(i + 1);
            Map<Long, @Nullable String> found = new TreeMap<>();
            for (GenericRecord row : rows) {
                Object value = row.get(column.avroName());
                found.put((Long) row.get("id"), value == null ? null : text(types.get(i), column.type(), value));
            }
            // A text form must be what the server prints, to the letter.
            boolean isText = column.type().kind() == ColumnType.Kind.TEXT_FORM;
            assertThat(differences(column.name(), isText ? "text" : types.get(i), found))
                    .as("seed %d, %s as %s", seed, types.get(i), column.type())
                    .isEmpty();
        }
    }

    @Test
    void typesAreCarriedAsTheTableOfTypesSays() throws Exception {
        fill(List.copyOf(TYPES.keySet()), new Random(1));
        List<String> types = List.copyOf(TYPES.keySet());
        Map<String, String> carried = new LinkedHashMap<>();
        List<Column> columns = producer().inspect().get(0).rows().columns();
        for (int i = 0; i < types.size(); i++) {
            carried.put(types.get(i), columns.get(i + 1).type().toString());
        }

        assertThat(carried)
                .containsEntry("oid", "int64")
                .containsEntry("xid8", "int64")
                .containsEntry("bpchar(5)", "bpchar")
                .containsEntry("\"char\"", "\"char\"")
                .containsEntry("jsonb", "json")
                .containsEntry("jsonpath", "jsonpath")
                .containsEntry("timetz", "timetz")
                .containsEntry("interval", "record<months int32, days int32, micros int64>")
                .containsEntry("circle", "record<x float64, y float64, radius float64>")
                .containsEntry("money", "decimal(19,2)")
                .containsEntry("numeric(5,-2)", "decimal(7,0)")
                .containsEntry("numeric(3,5)", "decimal(5,5)")
                .containsEntry("numeric(50,2)", "numeric")
                .containsEntry("mood", "public.mood")
                .containsEntry("small", "int32")
                .containsEntry("prices", "list<decimal(9,3)>")
                .containsEntry("int8[][][]", "list<list<list<int64>>>")
                .containsEntry("inet[]", "inet[]")
                .containsEntry("_regclass", "regclass[]")
                .containsEntry("pair[]", "list<record<a int32, b string>>")
                .containsEntry("sure_pair", "record<a int32, b string>")
                .containsEntry("withnet", "public.withnet")
                .containsEntry(
                        "datemultirange",
                        "list<record<lower date, upper date, lower_inclusive boolean, upper_inclusive boolean, empty boolean>>")
                .containsEntry("mine", "public.mine")
                .containsEntry("mine[]", "list<public.mine>")
                .containsEntry("other", "public.other")
                .containsEntry("int2vector", "int2vector");
    }

    private static String text(String sourceType, ColumnType type, Object value) {
        return sourceType.endsWith("multirange") ? PgText.ofMultirange(type, value) : PgText.of(type, value);
    }

    /** Rows where the server does not print what was found, read as a type, as it prints what is there. */
    private List<List<String>> differences(String column, String type, Map<Long, @Nullable String> found)
            throws Exception {
        String values = found.entrySet().stream()
                .map(entry -> "(%d, %s)".formatted(entry.getKey(), literal(entry.getValue())))
                .collect(Collectors.joining(", "));
        String sql =
                """
                SELECT id, found, format('%%s', c), format('%%s', found::%1$s) FROM (VALUES %2$s) AS f(id, found)
                FULL JOIN (SELECT id, "%3$s" AS c FROM everything) AS e USING (id)
                WHERE num_nulls(c) <> num_nulls(found::text) OR format('%%s', c) IS DISTINCT FROM format('%%s', found::%1$s)"""
                        .formatted(type, values, column);
        return database.query(sql);
    }

    private static String literal(@Nullable String text) {
        return text == null ? "NULL::text" : "'%s'::text".formatted(text.replace("'", "''"));
    }

    private void fill(List<String> types, Random random) throws Exception {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add("\"c %d\" %s".formatted(i, types.get(i)));
        }
        database.execute("CREATE TABLE everything (id int8 PRIMARY KEY, %s)".formatted(String.join(", ", columns)));
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            List<String> values = new ArrayList<>();
            values.add(Integer.toString(row));
            for (String type : types) {
                List<String> choices = TYPES.getOrDefault(type, List.of());
                int choice = random.nextInt(choices.size() + 1);
                String value = choice == choices.size() ? "NULL" : filled(choices.get(choice), random);
                values.add("other".equals(type) && !value.equals("NULL") ? value + "::other" : value);
            }
            rows.add("(" + String.join(", ", values) + ")");
        }
        for (String row : rows) {
            database.execute("INSERT INTO everything VALUES " + row);
        }
    }

    private static String filled(String value, Random random) {
        return value.replace("?i", "(" + random.nextInt() + ")")
                .replace("?l", "(" + (random.nextLong() >> random.nextInt(64)) + ")")
                .replace("?f", "'" + random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30) + "'")
                .replace("?t", "'" + "x, \"ä\\".repeat(random.nextInt(4)) + "'");
    }

    private SourceTable run() {
        SnapshotProducer producer = producer();
        producer.run();
        return producer.inspect().get(0);
    }

    private SnapshotProducer producer() {
        SnapshotSettings settings = SnapshotSettings.defaults(
                "types",
                List.of(TableRequest.table(table)),
                2,
                LiveStack.shared().kafka());
        return new SnapshotProducer(settings, database, registry);
    }

    private TopicContent content() throws Exception {
        return TopicContent.read(LiveStack.shared().bootstrapServers(), registry, table.rowsTopic());
    }
}
