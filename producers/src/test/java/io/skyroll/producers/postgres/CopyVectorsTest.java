package io.skyroll.producers.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.postgres.PgType.Attribute;
import io.skyroll.producers.postgres.PgType.Shape;
import io.skyroll.producers.postgres.TypeResolver.ColumnForm;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value that PostgreSQL 15 was asked for, in binary form and as text. */
class CopyVectorsTest {
    private static final Map<Long, PgType> TYPES = Stream.of(
                    own(16, "bool"),
                    own(21, "int2"),
                    own(23, "int4"),
                    own(20, "int8"),
                    own(700, "float4"),
                    own(701, "float8"),
                    own(1700, "numeric"),
                    own(25, "text"),
                    own(1042, "bpchar"),
                    own(1043, "varchar"),
                    own(19, "name"),
                    own(18, "\"char\""),
                    own(17, "bytea"),
                    own(1082, "date"),
                    own(1114, "timestamp"),
                    own(1184, "timestamptz"),
                    own(1083, "time"),
                    own(1266, "timetz"),
                    own(1186, "interval"),
                    own(2950, "uuid"),
                    own(114, "json"),
                    own(3802, "jsonb"),
                    own(790, "money"),
                    own(869, "inet"),
                    own(650, "cidr"),
                    own(829, "macaddr"),
                    own(1560, "bit(5)"),
                    own(1562, "varbit"),
                    own(600, "point"),
                    own(603, "box"),
                    own(718, "circle"),
                    own(601, "lseg"),
                    own(628, "line"),
                    own(602, "path"),
                    own(604, "polygon"),
                    own(26, "oid"),
                    own(28, "xid"),
                    own(3220, "pg_lsn"),
                    own(27, "tid"),
                    made(1007, "int4[]", Shape.ARRAY, 23),
                    made(1009, "text[]", Shape.ARRAY, 25),
                    made(3904, "int4range", Shape.RANGE, 23),
                    made(3908, "tsrange", Shape.RANGE, 1114),
                    made(4451, "int4multirange", Shape.MULTIRANGE, 3904),
                    made(20001, "domain", Shape.DOMAIN, 23),
                    made(20002, "enum", Shape.ENUM, 0),
                    new PgType(
                            20003,
                            "public",
                            "composite",
                            Shape.COMPOSITE,
                            0,
                            -1,
                            0,
                            "record_out",
                            false,
                            List.of(new Attribute("a", 23, -1, 0), new Attribute("b", 25, -1, 0))))
            .collect(Collectors.toMap(PgType::oid, Function.identity()));

    private static PgType own(long oid, String name) {
        return new PgType(oid, "pg_catalog", name, Shape.BASE, 0, -1, 0, "out", false, List.of());
    }

    private static PgType made(long oid, String name, Shape shape, long part) {
        return new PgType(oid, "public", name, shape, part, -1, 0, "out", false, List.of());
    }

    record Vector(String type, String sql, String hex, String text) {
        PgType pgType() {
            String name = type.equals("numeric(10,2)") ? "numeric" : type.replace("[][]", "[]");
            return TYPES.values().stream()
                    .filter(known -> known.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(type));
        }

        ColumnForm form() {
            int modifier = type.equals("numeric(10,2)") ? (10 << 16 | 2) + 4 : -1;
            int dimensions = type.endsWith("[][]") ? 2 : 0;
            return new TypeResolver(TYPES, TypePolicies.STRICT, 2).resolve(pgType().oid(), modifier, dimensions);
        }

        /** What the server prints; for intervals, what they are made of. */
        String expected() {
            return switch (text) {
                case "1 year 2 mons 3 days 04:05:06.789" -> "14 mons 3 days 14706789000 microseconds";
                case "-1 days" -> "0 mons -1 days 0 microseconds";
                case "$12.34" -> "12.34";
                default -> text;
            };
        }
    }

    static Stream<Vector> vectors() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(CopyVectorsTest.class.getResourceAsStream("copy-vectors-pg15.tsv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .skip(1)
                            .map(line -> line.split("\t", -1))
                            .filter(fields -> !fields[0].equals("null"))
                            .map(fields -> new Vector(fields[0], fields[1], fields[3], unquoted(fields[4])))
                            .toList()
                            .stream();
        }
    }

    private static String unquoted(String csv) {
        return csv.startsWith("\"") ? csv.substring(1, csv.length() - 1).replace("\"\"", "\"") : csv;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void decodesToWhatPostgresPrints(Vector vector) throws IOException {
        ColumnForm form = vector.form();
        if (form.text().isPresent()) {
            assertThat(form.text().get().textOf("v")).isEqualTo("pg_catalog.textin(out(v))");
            assertThat(form.form().type().toString()).isEqualTo(vector.pgType().name());
            return;
        }
        byte[] value = HexFormat.of().parseHex(vector.hex());
        byte[] message = ByteBuffer.allocate(Integer.BYTES + value.length)
                .putInt(value.length)
                .put(value)
                .array();
        RowSchema schema =
                new RowSchema("t.r", List.of(new Column("v", form.form().type(), true)), List.of());
        RowEncoder encoder = RowEncoder.ofRow(schema, List.of(form.form().decoder()));
        AvroBuffer row = new AvroBuffer(4);

        int refused = encoder.encode(message, 0, row, new int[1], new Conversions());

        boolean isMoment = vector.type().startsWith("date") || vector.type().startsWith("timestamp");
        if ((isMoment && vector.text().contains("infinity")) || vector.text().equals("24:00:00")) {
            assertThat(refused).isZero();
            assertThat(encoder.refusal(message, 0, 0)).contains("\"v\"", "'" + vector.text() + "'");
            return;
        }
        assertThat(refused).isEqualTo(RowEncoder.COMPLETE);
        GenericRecord decoded = new GenericDatumReader<GenericRecord>(schema.toAvro())
                .read(null, DecoderFactory.get().binaryDecoder(row.bytes(), 0, row.size(), null));
        assertThat(PgText.of(vector.type(), form.form().type(), decoded.get("v")))
                .isEqualTo(vector.expected());
        assertThat(row.toBytes()).isEqualTo(encoded(decoded));
        assertThat(new RowPlan(schema).end(row.bytes(), 0)).isEqualTo(row.size());
    }

    /** The canonical form: what Avro's own writer makes of the same value. */
    static byte[] encoded(GenericRecord row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(row.getSchema()).write(row, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
