package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.KafkaAccess;
import io.skyroll.producers.publish.Packing;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.producers.publish.RowWriter.RecordForm;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.TableName;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What a snapshot leaves in the topics, when nothing goes wrong. */
class SnapshotIT {
    private static final int PARTITIONS = 5;
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final KafkaAccess kafka = LiveStack.shared().kafka();
    private final SchemaRegistry registry = LiveStack.shared().registry();
    private String pipeline = "";
    private Database database = new Database("");

    @BeforeEach
    void newDatabase(TestInfo test) throws Exception {
        pipeline = test.getTestMethod().orElseThrow().getName();
        database = LiveStack.shared().newDatabase(pipeline.toLowerCase(Locale.ROOT));
    }

    @Test
    void everyValueOfEveryTypeEqualsWhatPostgresSays() throws Exception {
        database.execute(
                "CREATE DOMAIN small AS int4 CHECK (value < 1000000)",
                "CREATE DOMAIN price AS numeric(9,3)",
                "CREATE DOMAIN cheap AS price",
                """
                CREATE TABLE "Odd ""x"" table" (
                    gone int, flag bool, i2 int2, "i 4" small, i8 int8 NOT NULL, f4 float4, f8 float8 NOT NULL, t text, v varchar(30),
                    day date, moment timestamp, instant timestamptz NOT NULL, n9 cheap, n38 numeric(38,10), whole numeric(20) NOT NULL,
                    stored text GENERATED ALWAYS AS (t || '!') STORED, seen int8 GENERATED ALWAYS AS (i8 + 1) VIRTUAL,
                    k1 text, k2 int4, PRIMARY KEY (k2, k1) INCLUDE (i2))""",
                "ALTER TABLE \"Odd \"\"x\"\" table\" DROP COLUMN gone",
                "SELECT setseed(0.5)",
                """
                INSERT INTO "Odd ""x"" table" (flag, i2, "i 4", i8, f4, f8, t, v, day, moment, instant, n9, n38, whole, k1, k2)
                SELECT random() < 0.5, random() * 60000 - 30000, random() * 999999, (random() - 0.5) * 1e18, (random() - 0.5) * 1e30, (random() - 0.5) * 1e300,
                    CASE WHEN i % 7 > 0 THEN repeat('ä€😀''\\,' || i, i % 5) END, CASE WHEN i % 3 > 0 THEN 'v' || i END,
                    date '0001-01-01' + i * 50, timestamp '1900-01-01' + i * interval '17 days 1.000001 s', timestamptz '2000-01-01 12:00+07' - i * interval '1 h',
                    (random() - 0.5) * 1e5, (random() - 0.5) * 1e20, (random() - 0.5) * 1e18, 'k' || i, i % 10
                FROM generate_series(1, 20000) i""",
                "INSERT INTO \"Odd \"\"x\"\" table\" (flag, i2, \"i 4\", i8, f4, f8, t, v, day, moment, instant, n9, n38, whole, k1, k2) VALUES (NULL, NULL, NULL, 0, NULL, '-0', NULL, NULL, NULL, NULL, '1970-01-01Z', NULL, NULL, 0, '', 0)",
                """
                INSERT INTO "Odd ""x"" table" (flag, i2, "i 4", i8, f4, f8, t, v, day, moment, instant, n9, n38, whole, k1, k2) VALUES
                    (true, -32768, -2147483648, -9223372036854775808, '-Infinity', 'NaN', '', '', '4713-01-01 BC', '4713-01-01 BC', '4713-01-01Z BC',
                        -999999.999, -9999999999999999999999999999.9999999999, -99999999999999999999, 'min', 0),
                    (false, 32767, 999999, 9223372036854775806, 'NaN', 'Infinity', 'x', 'y', '5874897-12-31', '294246-12-31 23:59:59.999999', '294246-12-31 23:59:59.999999Z',
                        999999.999, 9999999999999999999999999999.9999999999, 99999999999999999999, 'max', 0)""");
        TableName table = table("Odd \"x\" table");

        Position position = run(settings(table, 64 << 10, Packing.BATCHES));

        Schema schema = content(table).rows(position).get(0).getSchema();
        List<String> names = List.of(
                "flag", "i2", "i 4", "i8", "f4", "f8", "t", "v", "day", "moment", "instant", "n9", "n38", "whole",
                "stored", "seen", "k1", "k2");
        assertThat(schema.getFields()).hasSameSizeAs(names);
        assertThat(rows(position, table)).isEqualTo(expected(names));
    }

    /** Each row as text by column, as PostgreSQL says; floating-point numbers by their bits. */
    private Map<String, List<String>> expected(List<String> names) throws Exception {
        String columns = names.stream()
                .map(name -> switch (name) {
                    case "moment" -> "moment::text";
                    case "instant" -> "(instant AT TIME ZONE 'UTC')::text";
                    default -> "\"" + name + "\"::text";
                })
                .collect(Collectors.joining(", "));
        Map<String, List<String>> expected = new HashMap<>();
        for (List<String> row : database.query("SELECT " + columns + " FROM \"Odd \"\"x\"\" table\"")) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                texts.add(javaText(names.get(i), row.get(i)));
            }
            expected.put(row.get(16) + "/" + row.get(17), texts);
        }
        return expected;
    }

    private static String javaText(String name, @Nullable String text) {
        if (text == null) {
            return "null";
        }
        return switch (name) {
            case "f4" -> Integer.toHexString(Float.floatToRawIntBits(Float.parseFloat(text)));
            case "f8" -> Long.toHexString(Double.doubleToRawLongBits(Double.parseDouble(text)));
            case "day" -> isoDate(text);
            case "moment", "instant" -> {
                boolean bc = text.endsWith(" BC");
                String[] halves = text.replace(" BC", "").split(" ", -1);
                String fraction =
                        halves[1].length() > 8 ? (halves[1].substring(9) + "000000").substring(0, 6) : "000000";
                yield isoDate(halves[0] + (bc ? " BC" : "")) + "T" + halves[1].substring(0, 8) + "." + fraction;
            }
            default -> text;
        };
    }

    private static String isoDate(String text) {
        String[] parts = text.replace(" BC", "").split("-", -1);
        int year = Integer.parseInt(parts[0]);
        return LocalDate.of(
                        text.endsWith(" BC") ? 1 - year : year, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]))
                .toString();
    }

    private Map<String, List<String>> rows(Position position, TableName table) throws Exception {
        Map<String, List<String>> found = new HashMap<>();
        for (GenericRecord row : content(table).rows(position)) {
            List<String> texts = row.getSchema().getFields().stream()
                    .map(field -> text(field, row.get(field.pos())))
                    .toList();
            assertThat(found.put(row.get("k1") + "/" + row.get("k2"), texts))
                    .as("twice: %s", texts)
                    .isNull();
        }
        return found;
    }

    private static String text(Schema.Field field, @Nullable Object value) {
        if (value == null) {
            return "null";
        }
        Schema schema = field.schema().isUnion() ? field.schema().getTypes().get(1) : field.schema();
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            byte[] bytes = new byte[((ByteBuffer) value).remaining()];
            ((ByteBuffer) value).get(bytes);
            return new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString();
        }
        if (logical instanceof LogicalTypes.Date) {
            return LocalDate.ofEpochDay((Integer) value).toString();
        }
        if (logical != null) {
            Instant instant = Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
            return LocalDate.ofInstant(instant, ZoneOffset.UTC)
                    + MICROS.format(instant).substring(MICROS.format(instant).indexOf('T'));
        }
        if (value instanceof Float number) {
            return Integer.toHexString(Float.floatToRawIntBits(number));
        }
        return value instanceof Double number ? Long.toHexString(Double.doubleToRawLongBits(number)) : value.toString();
    }

    @Test
    @DisplayName(
            "A16, A18: rows land in the partition that the hash of their key's Avro bytes, without schema id, names")
    void rowsLandByTheHashOfTheirKey() throws Exception {
        database.execute(
                "CREATE TABLE stars (name text, id int8, ra float8, PRIMARY KEY (id, name))",
                "INSERT INTO stars SELECT repeat('n', i % 300), i, i FROM generate_series(1, 3000) i");
        TableName table = table("stars");
        Schema keySchema = inspect(table).rows().toKeyAvro();
        for (Packing packing : Packing.values()) {
            Position position = run(settings(table, 64 << 10, packing));

            Set<Long> ids = new TreeSet<>();
            for (TopicContent.Entry entry : content(table).entries()) {
                if (entry.op() != Op.SNAPSHOT || !entry.position().equals(position)) {
                    continue;
                }
                assertThat(entry.key().isPresent()).isEqualTo(packing == Packing.SINGLE_ROWS);
                for (GenericRecord row : entry.rows()) {
                    GenericRecord key = key(row, keySchema);
                    entry.key().ifPresent(found -> assertThat(found).isEqualTo(key));
                    assertThat(entry.partition()).isEqualTo(Utils.toPositive(Utils.murmur2(encode(key))) % PARTITIONS);
                    ids.add((Long) row.get("id"));
                }
            }
            assertThat(ids).hasSize(3000);
        }
    }

    private static GenericRecord key(GenericRecord row, Schema schema) {
        GenericRecord key = new org.apache.avro.generic.GenericData.Record(schema);
        schema.getFields().forEach(field -> key.put(field.name(), row.get(field.name())));
        return key;
    }

    private static byte[] encode(GenericRecord message) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(message.getSchema()).write(message, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    @Test
    @DisplayName("A19, B32: each run starts with a reset and ends with a cut that counts its rows, in every partition")
    void everyRunStandsBetweenAResetAndACutThatCountsItsRows() throws Exception {
        database.execute(
                "CREATE TABLE stars (id int8 PRIMARY KEY, day date)",
                "INSERT INTO stars SELECT i, 'epoch' FROM generate_series(1, 5000) i");
        TableName table = table("stars");
        SnapshotSettings settings = settings(table, 8 << 10, Packing.BATCHES);
        Position first = run(settings);
        database.execute("DELETE FROM stars WHERE id % 2 = 0", "INSERT INTO stars VALUES (10000, 'infinity')");

        Position second = run(settings);

        assertThat(second.isAfter(first)).isTrue();
        assertThat(second.epoch()).isEqualTo(first.epoch()).isEqualTo(1);
        TopicContent content = content(table);
        assertThat(content.rows(first)).hasSize(5000);
        assertThat(ids(content.rows(second))).hasSize(2500).noneMatch(id -> id % 2 == 0);
        long counted = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<TopicContent.Entry> entries = content.partition(partition);
            assertThat(entries.stream().map(TopicContent.Entry::op).filter(Op::isControl))
                    .containsExactly(Op.RESET, Op.CUT, Op.RESET, Op.CUT);
            assertThat(entries.get(0).op()).isEqualTo(Op.RESET);
            assertThat(entries.get(entries.size() - 1).op()).isEqualTo(Op.CUT);
            Control cut = entries.get(entries.size() - 1).control().orElseThrow();
            assertThat(cut.position()).isEqualTo(second);
            assertThat(cut.since()).isEmpty();
            assertThat(cut.system()).isEqualTo(database.value("SELECT system_identifier FROM pg_control_system()"));
            long rows = entries.stream()
                    .filter(entry ->
                            entry.op() == Op.SNAPSHOT && entry.position().equals(second))
                    .mapToLong(entry ->
                            entry.error().isPresent() ? 1 : entry.rows().size())
                    .sum();
            assertThat(cut.rows()).isEqualTo(rows);
            counted += rows;
        }
        assertThat(counted).isEqualTo(2501);
        ProducerProgress progress = ProducerProgress.read(kafka, registry, pipeline);
        assertThat(progress.completed(table)).contains(second);
        assertThat(progress.workers()).isEqualTo(2);
    }

    @Test
    @DisplayName("A36: a row that cannot be represented becomes its key and the reason, and the others are written")
    void unrepresentableRowsBecomeTheirKeyAndTheReason() throws Exception {
        database.execute(
                "CREATE TABLE stars (day date, id int8, late timestamptz, n numeric(5,2), PRIMARY KEY (id, day))",
                """
                INSERT INTO stars VALUES ('2000-01-01', 1, 'now', 1), ('2000-01-02', 2, 'infinity', 1), ('2000-01-03', 3, 'now', 'NaN'),
                    ('-infinity', 4, 'now', 1), ('2000-01-05', 5, '294276-12-31', 1)""");
        TableName table = table("stars");

        Position position = run(settings(table, 64 << 10, Packing.BATCHES));

        TopicContent content = content(table);
        assertThat(ids(content.rows(position))).containsExactly(1L);
        assertThat(content.errors().stream()
                        .map(entry -> entry.key().map(key -> key.get("id")) + " "
                                + entry.error().orElseThrow()))
                .containsExactlyInAnyOrder(
                        "Optional[2] column \"late\": timestamp_utc 'infinity' cannot be represented",
                        "Optional[3] column \"n\": decimal(5,2) 'NaN' cannot be represented",
                        "Optional.empty column \"day\": date '-infinity' cannot be represented",
                        "Optional[5] column \"late\": timestamp_utc '+294276-12-31T00:00' cannot be represented");
        assertThat(content.errors()).allMatch(entry -> entry.rows().isEmpty() && entry.op() == Op.SNAPSHOT);
        for (TopicContent.Entry error : content.errors()) {
            error.key().ifPresent(key -> assertThat(error.partition())
                    .isEqualTo(Utils.toPositive(Utils.murmur2(encode(key))) % PARTITIONS));
        }
    }

    @Test
    void aRowTooLargeForARecordBecomesAnErrorAndItsNeighboursAreWritten() throws Exception {
        database.execute(
                "CREATE TABLE stars (id int8 PRIMARY KEY, t text)",
                "INSERT INTO stars SELECT i, repeat('x', CASE i WHEN 2 THEN 59000000 WHEN 3 THEN 58000000 ELSE 10 END) FROM generate_series(1, 4) i");
        TableName table = table("stars");
        for (Packing packing : Packing.values()) {
            Position position = run(settings(table, 64 << 10, packing));

            assertThat(ids(content(table).rows(position))).containsExactlyInAnyOrder(1L, 3L, 4L);
        }
        assertThat(content(table).errors()).hasSize(2).allSatisfy(error -> {
            assertThat(error.key().orElseThrow().get("id")).isEqualTo(2L);
            assertThat(error.error()).contains("the row has 59000006 bytes, a record takes 58654720");
        });
    }

    @Test
    void rowsOfATableWithoutKeyAreKnownByTheirPlace() throws Exception {
        database.execute(
                "CREATE TABLE events (what text, at date)",
                "INSERT INTO events SELECT 'e' || i, 'epoch' FROM generate_series(1, 1000) i",
                "INSERT INTO events VALUES ('x', 'infinity')");
        TableName table = table("events");

        run(settings(table, 8 << 10, Packing.SINGLE_ROWS));

        Map<String, String> places = new HashMap<>();
        database.query("SELECT what, (ctid::text::point)[0]::int8, (ctid::text::point)[1]::int8 FROM events")
                .forEach(row -> places.put(
                        row.get(0), "%08x%04x".formatted(Long.parseLong(row.get(1)), Long.parseLong(row.get(2)))));
        TopicContent content = content(table);
        Map<String, String> found = new HashMap<>();
        for (TopicContent.Entry entry : content.entries()) {
            entry.rows()
                    .forEach(row -> found.put(
                            row.get("what").toString(), hex(entry.key().orElseThrow())));
            entry.key().ifPresent(key -> assertThat(entry.partition())
                    .isEqualTo(Utils.toPositive(Utils.murmur2(encode(key))) % PARTITIONS));
        }
        places.remove("x");
        assertThat(found).hasSize(1000).isEqualTo(places);
        assertThat(content.errors()).singleElement().satisfies(error -> assertThat(error.key())
                .isEmpty());
    }

    private static String hex(GenericRecord key) {
        byte[] bytes = new byte[((ByteBuffer) key.get("id")).remaining()];
        ((ByteBuffer) key.get("id")).duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void everyLeafOfAPartitionedTableIsReadOnce() throws Exception {
        database.execute(
                "CREATE TABLE obs (id int8, night date, PRIMARY KEY (id, night)) PARTITION BY RANGE (night)",
                "CREATE TABLE obs_a PARTITION OF obs FOR VALUES FROM ('2000-01-01') TO ('2001-01-01')",
                "CREATE TABLE obs_b PARTITION OF obs FOR VALUES FROM ('2001-01-01') TO ('2002-01-01') PARTITION BY HASH (id)",
                // Columns in another order, as tables attached later have them.
                "CREATE TABLE obs_b0 (night date NOT NULL, gone int, id int8 NOT NULL)",
                "ALTER TABLE obs_b0 DROP COLUMN gone",
                "ALTER TABLE obs_b ATTACH PARTITION obs_b0 FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE obs_b1 PARTITION OF obs_b FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO obs SELECT i, date '2000-01-01' + i % 731 FROM generate_series(1, 4000) i");
        TableName table = table("obs");

        Position position = run(settings(table, 16 << 10, Packing.BATCHES));

        List<String> found = content(table).rows(position).stream()
                .map(row -> row.get("id") + " " + LocalDate.ofEpochDay((Integer) row.get("night")))
                .toList();
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(database.query("SELECT id || ' ' || night FROM obs").stream()
                        .map(row -> row.get(0))
                        .toList());
        assertThat(inspect(table).relations()).hasSize(3);
    }

    @Test
    void allProblemsOfAllTablesAreReportedAtOnce() throws Exception {
        database.execute(
                "CREATE TABLE a (id int8 PRIMARY KEY, fine text)",
                "CREATE TABLE b (id uuid, _healpix_29 int8)",
                "CREATE VIEW v AS SELECT 1",
                "CREATE TABLE parent (id int8)",
                "CREATE TABLE child () INHERITS (parent)",
                "CREATE TABLE same (\"a b\" int8, a_x20_b int8)");
        List<TableName> tables =
                List.of(table("a"), table("b"), table("v"), table("parent"), table("same"), table("missing"));
        SnapshotProducer producer = new SnapshotProducer(
                SnapshotSettings.defaults(
                        pipeline, tables.stream().map(TableRequest::table).toList(), PARTITIONS, kafka),
                database,
                registry);

        assertThatThrownBy(producer::inspect)
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("the source has 4 problem(s):\n")
                .hasMessageContainingAll(
                        "public.b: column \"_healpix_29\" has the name of the column that Skyroll adds",
                        "public.parent: \"public\".\"parent\" has inheriting tables",
                        "public.missing: no such table",
                        "have the same Avro name a_x20_b");
    }

    @Test
    void inspectionSaysWhatIsReadAndHow() throws Exception {
        database.execute(
                "CREATE TABLE stars (id int8 PRIMARY KEY, a int4, twice int4 GENERATED ALWAYS AS (a * 2) STORED)",
                "INSERT INTO stars SELECT i, 1 FROM generate_series(1, 1000) i",
                "ALTER TABLE stars ADD CONSTRAINT later NOT NULL a NOT VALID",
                "ANALYZE stars");

        SourceTable stars = inspect(table("stars"));

        assertThat(stars.estimatedRows()).isEqualTo(1000);
        assertThat(stars.notes())
                .containsExactly("column \"twice\" is generated; its values are read like any other's");
        assertThat(stars.rows().keyColumns()).containsExactly("id");
        // A NOT NULL that nobody has checked yet promises nothing about the rows that are there.
        assertThat(stars.rows().columns().stream().map(column -> column.name() + " " + column.nullable()))
                .containsExactly("id false", "a true", "twice true");
    }

    @Test
    void aRoleThatMayNotReadOrReplicateIsToldSo() throws Exception {
        database.execute(
                "DROP ROLE IF EXISTS humble",
                "CREATE ROLE humble LOGIN",
                "CREATE TABLE stars (id int8 PRIMARY KEY)",
                "CREATE TABLE hidden (id int8 PRIMARY KEY)",
                "GRANT SELECT ON stars TO humble");
        SnapshotProducer reader = new SnapshotProducer(
                settings(table("stars"), 64 << 10, Packing.BATCHES), database.as("humble"), registry);
        SnapshotProducer blind = new SnapshotProducer(
                settings(table("hidden"), 64 << 10, Packing.BATCHES), database.as("humble"), registry);

        assertThatThrownBy(reader::run)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("ALTER ROLE ... REPLICATION");
        assertThatThrownBy(blind::run)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("GRANT SELECT ON \"public\".\"hidden\"");
        assertThat(content(table("stars")).entries()).isEmpty();
    }

    @Test
    void rowSecurityFailsInsteadOfHidingRows() throws Exception {
        database.execute(
                "DROP ROLE IF EXISTS limited",
                "CREATE ROLE limited LOGIN REPLICATION",
                "CREATE TABLE stars (id int8 PRIMARY KEY)",
                "INSERT INTO stars VALUES (1), (2)",
                "GRANT SELECT ON stars TO limited",
                "ALTER TABLE stars ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY few ON stars USING (id = 1)");
        SnapshotProducer producer = new SnapshotProducer(
                settings(table("stars"), 64 << 10, Packing.BATCHES), database.as("limited"), registry);

        assertThatThrownBy(producer::run)
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("row-level security policy");
        assertThat(content(table("stars")).rows()).isEmpty();
    }

    @Test
    @DisplayName("A24: tables are read at one point, the slot's, while others write")
    void tablesStandAtOnePointUnderConcurrentWriters() throws Exception {
        database.execute(
                "CREATE TABLE debit (id int8 PRIMARY KEY, amount int8 NOT NULL)",
                "CREATE TABLE credit (id int8 PRIMARY KEY, amount int8 NOT NULL)",
                "INSERT INTO debit SELECT i, 100 FROM generate_series(1, 30000) i",
                "INSERT INTO credit SELECT i, -100 FROM generate_series(1, 30000) i");
        List<TableName> tables = List.of(table("debit"), table("credit"));
        SnapshotSettings settings = new SnapshotSettings(
                pipeline,
                tables.stream().map(TableRequest::table).toList(),
                PARTITIONS,
                2,
                64 << 10,
                new RecordForm(Packing.BATCHES, 16 << 10),
                kafka);
        Position position;
        long transfers;
        try (Transfers writers = Transfers.start(database, 2)) {
            position = run(settings);
            transfers = writers.count();
        }

        assertThat(transfers).isPositive();
        Map<Object, Long> debit = amounts(tables.get(0), position);
        Map<Object, Long> credit = amounts(tables.get(1), position);
        assertThat(debit).hasSizeGreaterThan(20000);
        debit.replaceAll((id, amount) -> -amount);
        assertThat(debit).isEqualTo(credit);
    }

    private Map<Object, Long> amounts(TableName table, Position position) throws Exception {
        Map<Object, Long> amounts = new HashMap<>();
        for (GenericRecord row : content(table).rows(position)) {
            assertThat(amounts.put(row.get("id"), (Long) row.get("amount"))).isNull();
        }
        return amounts;
    }

    private static List<Long> ids(List<GenericRecord> rows) {
        return rows.stream().map(row -> (Long) row.get("id")).toList();
    }

    private TableName table(String name) {
        return new TableName(pipeline, "public", name);
    }

    private SourceTable inspect(TableName table) {
        return new SnapshotProducer(settings(table, 64 << 10, Packing.BATCHES), database, registry)
                .inspect()
                .get(0);
    }

    private SnapshotSettings settings(TableName table, int chunkBytes, Packing packing) {
        return new SnapshotSettings(
                pipeline,
                List.of(TableRequest.table(table)),
                PARTITIONS,
                2,
                chunkBytes,
                new RecordForm(packing, 16 << 10),
                kafka);
    }

    /** Takes a snapshot; the tables' common position. */
    private Position run(SnapshotSettings settings) {
        Map<TableName, Position> positions = new SnapshotProducer(settings, database, registry).run();
        assertThat(positions.keySet())
                .containsExactlyElementsOf(
                        settings.tables().stream().map(TableRequest::name).toList());
        assertThat(Set.copyOf(positions.values())).hasSize(1);
        return positions.values().iterator().next();
    }

    private TopicContent content(TableName table) throws Exception {
        return TopicContent.read(LiveStack.shared().bootstrapServers(), registry, table.rowsTopic());
    }
}
