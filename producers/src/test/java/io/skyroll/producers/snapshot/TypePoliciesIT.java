package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.postgres.Conversion;
import io.skyroll.producers.postgres.PgText;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.postgres.TypePolicies;
import io.skyroll.producers.postgres.TypePolicies.ArrayShape;
import io.skyroll.producers.postgres.TypePolicies.Nested;
import io.skyroll.producers.postgres.TypePolicies.OnArrayBounds;
import io.skyroll.producers.postgres.TypePolicies.OnInfinity;
import io.skyroll.producers.postgres.TypePolicies.OnNan;
import io.skyroll.producers.postgres.TypePolicies.OnTime24;
import io.skyroll.producers.postgres.TypePolicies.OtherTypes;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.topic.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What each value of each policy does to the values that it is about. */
class TypePoliciesIT {
    private final SchemaRegistry registry = LiveStack.shared().registry();
    private String pipeline = "";
    private Database database = new Database("");
    private Map<Conversion, Long> conversions = Map.of();
    private List<String> errors = List.of();
    private Choice policies = new Choice();

    /** The strict policies, but for what a test chooses. */
    private static final class Choice {
        private OnInfinity infinity = OnInfinity.REJECT;
        private OnNan nan = OnNan.REJECT;
        private ColumnType numeric = TypePolicies.NUMERIC_TEXT;
        private OnTime24 time24 = OnTime24.REJECT;
        private ArrayShape shape = ArrayShape.REJECT;
        private OnArrayBounds bounds = OnArrayBounds.REJECT;
        private OtherTypes other = OtherTypes.TEXT;
        private Nested nested = Nested.LIST_OF_STRUCTS;

        TypePolicies made() {
            return new TypePolicies(infinity, nan, numeric, time24, shape, bounds, other, nested);
        }
    }

    @BeforeEach
    void newDatabase(TestInfo test) throws Exception {
        pipeline = "policy_" + test.getTestMethod().orElseThrow().getName();
        database = LiveStack.shared().newDatabase(pipeline.toLowerCase(Locale.ROOT));
    }

    private static final String MOMENTS =
            "d date NOT NULL, ts timestamp NOT NULL, tz timestamptz, i interval, da date[], r daterange";

    private static final String[] INFINITE = {
        "'infinity', '2000-01-01', '2000-01-01Z', '1 day', NULL, NULL",
        "'-infinity', '-infinity', '-infinity', '-infinity', '{-infinity}', '[-infinity,infinity]'",
        "'2000-01-01', '294276-01-01', 'infinity', 'infinity', '{infinity,2000-01-01}', NULL"
    };

    @Test
    void infinityReject() throws Exception {
        assertThat(read(MOMENTS, INFINITE)).isEmpty();

        assertThat(errors)
                .containsExactly(
                        "column \"d\": date 'infinity' cannot be represented",
                        "column \"d\": date '-infinity' cannot be represented",
                        "column \"ts\": timestamp '+294276-01-01T00:00' cannot be represented");
        assertThat(conversions).isEmpty();
    }

    @Test
    void infinityRejectReachesIntoIntervalsAndNestedValues() throws Exception {
        assertThat(read(
                        "i interval, da date[], r daterange",
                        "'infinity', NULL, NULL",
                        "NULL, '{2000-01-01,infinity}', NULL",
                        "NULL, NULL, '[2000-01-01,infinity]'"))
                .isEmpty();

        assertThat(errors)
                .containsExactly(
                        "column \"i\": interval 'infinity' cannot be represented",
                        "column \"da\": date 'infinity' cannot be represented",
                        "column \"r\": date 'infinity' cannot be represented");
    }

    @Test
    void infinityNull() throws Exception {
        policies.infinity = OnInfinity.NULL;

        assertThat(read(MOMENTS, INFINITE))
                .containsExactly(
                        "null, 2000-01-01 00:00:00, 2000-01-01 00:00:00+00, 0 mons 1 days 0 microseconds, null, null",
                        "null, null, null, null, {NULL}, [,]",
                        "2000-01-01, null, null, null, {NULL,2000-01-01}, null");
        assertThat(errors).isEmpty();
        assertThat(conversions).isEqualTo(Map.of(Conversion.INFINITY, 12L));
    }

    @Test
    void infinitySaturate() throws Exception {
        policies.infinity = OnInfinity.SATURATE;

        assertThat(read(MOMENTS, INFINITE))
                .containsExactly(
                        "5874897-12-31, 2000-01-01 00:00:00, 2000-01-01 00:00:00+00, 0 mons 1 days 0 microseconds, null, null",
                        "4714-11-24 BC, 4714-11-24 00:00:00 BC, 4714-11-24 00:00:00+00 BC, -2147483648 mons -2147483648 days -9223372036854775807 microseconds, {\"4714-11-24 BC\"}, [\"4714-11-24 BC\",5874897-12-31]",
                        "2000-01-01, 294247-01-10 04:00:54.775807, 294247-01-10 04:00:54.775807+00, 2147483647 mons 2147483647 days 9223372036854775806 microseconds, {5874897-12-31,2000-01-01}, null");
        assertThat(conversions).isEqualTo(Map.of(Conversion.INFINITY, 12L));
        // What saturation gives are values that PostgreSQL has.
        assertThat(
                        database.query(
                                "SELECT '5874897-12-31'::date, '4714-11-24 BC'::date, '4714-11-24 BC'::timestamp, '294247-01-10 04:00:54.775807'::timestamp"))
                .hasSize(1);
    }

    @Test
    void numericNanReject() throws Exception {
        assertThat(read("n numeric(5,2), a numeric(5,2)[]", "'NaN', NULL", "1, '{NaN}'"))
                .isEmpty();

        assertThat(errors)
                .containsExactly(
                        "column \"n\": decimal(5,2) 'NaN' cannot be represented",
                        "column \"a\": decimal(5,2) 'NaN' cannot be represented");
    }

    @Test
    void numericNanNull() throws Exception {
        policies.nan = OnNan.NULL;

        assertThat(read("n numeric(5,2) NOT NULL, a numeric(5,2)[]", "'NaN', NULL", "1, '{NaN,2}'"))
                .containsExactly("null, null", "1.00, {NULL,2.00}");
        assertThat(conversions).isEqualTo(Map.of(Conversion.NUMERIC_NAN, 2L));
    }

    @Test
    void unboundedNumericText() throws Exception {
        assertThat(read("n numeric, w numeric(50,2)", "1.10, 1", "'NaN', NULL", "'-Infinity', 1e40"))
                .containsExactly("1.10, 1.00", "NaN, null", "-Infinity, 1" + "0".repeat(40) + ".00");
        assertThat(conversions).isEmpty();
    }

    @Test
    void unboundedNumericDouble() throws Exception {
        policies.numeric = ColumnType.FLOAT64;

        assertThat(read("n numeric", "1.5", "0.1", "'NaN'", "'Infinity'", "1e400", "1e-400", "0.00"))
                .containsExactly("1.5", "0.1", "NaN", "Infinity", "0");
        assertThat(conversions).isEqualTo(Map.of(Conversion.UNBOUNDED_NUMERIC, 1L));
        assertThat(errors)
                .hasSize(2)
                .allMatch(error -> error.startsWith("column \"n\": double '"))
                .allMatch(error -> error.endsWith("' cannot be represented"));
    }

    @Test
    void unboundedNumericDecimal() throws Exception {
        policies.numeric = ColumnType.decimal(10, 4);
        policies.nan = OnNan.NULL;

        assertThat(read("n numeric", "1.5", "999999.9999", "1000000", "0.00001", "'Infinity'"))
                .containsExactly("1.5000", "999999.9999", "null");
        assertThat(errors)
                .containsExactly(
                        "column \"n\": decimal(10,4) '1000000' cannot be represented",
                        "column \"n\": decimal(10,4) '0.00001' cannot be represented");
        assertThat(conversions).isEqualTo(Map.of(Conversion.NUMERIC_NAN, 1L));
    }

    @Test
    void time24Reject() throws Exception {
        assertThat(read("t time", "'24:00'", "'23:59'")).containsExactly("23:59:00");

        assertThat(errors).containsExactly("column \"t\": time '24:00:00' cannot be represented");
    }

    @Test
    void time24Saturate() throws Exception {
        policies.time24 = OnTime24.SATURATE;

        assertThat(read("t time, a time[]", "'24:00', '{24:00,00:00}'"))
                .containsExactly("23:59:59.999999, {23:59:59.999999,00:00:00}");
        assertThat(conversions).isEqualTo(Map.of(Conversion.TIME_24, 2L));
    }

    @Test
    void arrayShapeReject() throws Exception {
        assertThat(read("a int4[], b int4[][]", "'{1}', '{{1}}'", "'{{1}}', NULL", "NULL, '{1}'", "'{}', '{}'"))
                .containsExactly("{1}, {{1}}", "{}, {}");

        assertThat(errors)
                .containsExactly(
                        "column \"a\": an array of 2 dimension(s) is no value of int4[], which is carried as a list of 1; array_shape: text would carry it",
                        "column \"b\": an array of 1 dimension(s) is no value of int4[], which is carried as a list of 2; array_shape: text would carry it");
    }

    @Test
    void arrayShapeText() throws Exception {
        policies.shape = ArrayShape.TEXT;

        assertThat(read("a int4[], b int4[][]", "'{{1},{2}}', '{1}'", "'[2:2]={1}', '{}'"))
                .containsExactly("{{1},{2}}, {1}", "[2:2]={1}, {}");
        assertThat(conversions).isEmpty();
    }

    @Test
    void arrayBoundsReject() throws Exception {
        assertThat(read("a int4[]", "'[1:1]={1}'", "'[2:3]={1,2}'")).containsExactly("{1}");

        assertThat(errors)
                .containsExactly("column \"a\": int4[]: an array that does not count from 1 cannot be represented");
    }

    @Test
    void arrayBoundsDrop() throws Exception {
        policies.bounds = OnArrayBounds.DROP;

        assertThat(read("a int4[], b int4[][]", "'[2:3]={1,2}', '[1:1][0:1]={{1,2}}'"))
                .containsExactly("{1,2}, {{1,2}}");
        assertThat(conversions).isEqualTo(Map.of(Conversion.ARRAY_BOUNDS, 2L));
    }

    private static final String[] OWN_TYPE = {
        "CREATE TYPE own",
        "CREATE FUNCTION own_in(cstring) RETURNS own AS 'int4in' LANGUAGE internal STRICT IMMUTABLE",
        "CREATE FUNCTION own_out(own) RETURNS cstring AS 'int4out' LANGUAGE internal STRICT IMMUTABLE",
        "CREATE TYPE own (INPUT = own_in, OUTPUT = own_out, LIKE = int4)"
    };

    @Test
    void otherTypesText() throws Exception {
        database.execute(OWN_TYPE);

        assertThat(read("o own, a own[]", "'5', '{1,NULL}'")).containsExactly("5, {1,NULL}");
    }

    @Test
    void otherTypesRefuse() throws Exception {
        database.execute(OWN_TYPE);
        policies.other = OtherTypes.REFUSE;

        assertThatThrownBy(() -> read("o own, a own[]"))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContainingAll(
                        "2 problem(s)",
                        "public.t: column \"o\": type public.own is not PostgreSQL's own, and other_types says refuse",
                        "public.t: column \"a\": type public.own");
    }

    private static final String[] EPOCHS = {
        "CREATE TYPE epoch AS (mjd float8, band text, flags int4[])", "CREATE TYPE curve AS (mjd float8[], band text[])"
    };

    @Test
    void nestedListOfStructs() throws Exception {
        database.execute(EPOCHS);

        assertThat(read(
                        "e epoch[], c curve",
                        "array[row(1.5,'r',null),null]::epoch[], row('{1,2}','{r}')",
                        "'{}', row(null,'{r,NULL}')"))
                .containsExactly("{\"(1.5,r,)\",NULL}, (\"{1,2}\",{r})", "{}, (,\"{r,NULL}\")");
        assertThat(errors).isEmpty();
    }

    @Test
    void nestedStructOfLists() throws Exception {
        database.execute(EPOCHS);
        policies.nested = Nested.STRUCT_OF_LISTS;

        assertThat(read(
                        "e epoch[] NOT NULL, p point[], i interval[], m int4multirange, c curve",
                        "array[row(1.5,'r','{7,8}'),row(null,null,'{}'),row(2,'',null)]::epoch[], array[point(1,2),point(3,4)], '{1 day}', '{[1,3),[5,)}', row('{1,NULL}','{a,b}')",
                        "'{}', '{}', '{}', '{}', row('{}', null)",
                        "array[row(null,null,null)]::epoch[], null, null, null, null"))
                .containsExactly(
                        "(\"{1.5,NULL,2}\",\"{r,NULL,\"\"\"\"}\",\"{{7,8},{},NULL}\"), ({1,3},{2,4}), {0} mons {1} days {0} microseconds, (\"{1,5}\",\"{3,NULL}\",\"{t,t}\",\"{f,f}\",\"{f,f}\"), (\"{1,NULL}\",\"{a,b}\")",
                        "({},{},{}), ({},{}), {} mons {} days {} microseconds, ({},{},{},{},{}), ({},)",
                        "({NULL},{NULL},{NULL}), null, null, null, null");
        assertThat(errors).isEmpty();
        assertThat(conversions).isEmpty();
    }

    /** Readers find out a record's fields only at the top: what lies deeper stays as it is, and so does what is no row within the row. */
    @Test
    void nestedStructOfListsLeavesOthersAlone() throws Exception {
        database.execute(EPOCHS);
        database.execute("CREATE TYPE pair AS (one epoch, more epoch[])");
        policies.nested = Nested.STRUCT_OF_LISTS;

        assertThat(
                        read(
                                "a int4[], e epoch[][], p pair, r int4range, o epoch",
                                "'{1}', array[array[row(1,'r',null)]]::epoch[][], row(row(1,'r',null),array[row(1,'r',null)]::epoch[])::pair, '[1,2)', row(1,'r','{1}')"))
                .containsExactly("{1}, {{\"(1,r,)\"}}, (\"(1,r,)\",\"{\"\"(1,r,)\"\"}\"), [1,2), (1,r,{1})");
    }

    @Test
    void nestedStructOfListsRefusesWhatIsNoTable() throws Exception {
        database.execute(EPOCHS);
        policies.nested = Nested.STRUCT_OF_LISTS;

        assertThat(read(
                        "e epoch[], c curve",
                        "array[row(1.5,'r',null),null]::epoch[], null",
                        "null, row('{1,2}','{r}')",
                        "null, row('{1,2}',null)"))
                .isEmpty();

        String rest = " no place in a struct of lists; nested: list_of_structs would carry ";
        assertThat(errors)
                .containsExactly(
                        "column \"e\": public.epoch[]: an array with an element that is null has" + rest + "it",
                        "column \"c\": public.curve: arrays of 2 and 1 elements have" + rest + "them",
                        "column \"c\": public.curve: arrays of 2 and 0 elements have" + rest + "them");
    }

    @Test
    void keysAreReadStrictlyWhateverThePoliciesSay() throws Exception {
        policies.infinity = OnInfinity.SATURATE;
        policies.nan = OnNan.NULL;
        policies.numeric = ColumnType.FLOAT64;
        policies.time24 = OnTime24.SATURATE;

        assertThat(read(
                        "d date, n numeric, t time, x date, PRIMARY KEY (d, n, t)",
                        "'2000-01-01', 1.10, '00:00', 'infinity'",
                        "'infinity', 1, '00:00', NULL",
                        "'2000-01-01', 2, '24:00', NULL"))
                .containsExactly("2000-01-01, 1.10, 00:00:00, 5874897-12-31");
        assertThat(errors).hasSize(2);
        assertThat(conversions).isEqualTo(Map.of(Conversion.INFINITY, 1L));
    }

    @Test
    void conversionsInRowsThatAreRejectedDoNotCount() throws Exception {
        policies.infinity = OnInfinity.NULL;

        assertThat(read("d date, n numeric(3,0), k int4", "'infinity', 'NaN', 1", "'infinity', 1, 1"))
                .hasSize(1);
        assertThat(conversions).isEqualTo(Map.of(Conversion.INFINITY, 1L));
    }

    /** Reads a table t of these columns and rows; the rows that were carried, and fields: errors, conversions. */
    private List<String> read(String columns, String... rows) throws Exception {
        database.execute("CREATE TABLE t (%s)".formatted(columns));
        for (String row : rows) {
            database.execute("INSERT INTO t VALUES (%s)".formatted(row));
        }
        TableName table = new TableName(pipeline, "public", "t");
        TableRequest request = new TableRequest(table, Optional.empty(), List.of(), policies.made());
        SnapshotProducer producer = new SnapshotProducer(
                SnapshotSettings.defaults(
                        pipeline, List.of(request), 1, LiveStack.shared().kafka()),
                database,
                registry);
        producer.run();
        conversions = producer.conversions(table);
        List<Column> described = producer.inspect().get(0).rows().columns();
        TopicContent content = TopicContent.read(LiveStack.shared().bootstrapServers(), registry, table.rowsTopic());
        errors = content.errors().stream()
                .map(entry -> entry.error().orElseThrow())
                .toList();
        return content.rows().stream().map(row -> text(described, row)).toList();
    }

    private static String text(List<Column> columns, GenericRecord row) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            texts.add(row.get(i) == null ? "null" : PgText.of(columns.get(i).type(), row.get(i)));
        }
        return String.join(", ", texts);
    }
}
