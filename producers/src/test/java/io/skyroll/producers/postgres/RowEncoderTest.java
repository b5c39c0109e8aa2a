package io.skyroll.producers.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.postgres.TypePolicies.OnInfinity;
import io.skyroll.producers.postgres.TypePolicies.OnNan;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RowEncoderTest {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter(java.util.Locale.ROOT);

    private static final Set<String> CARRIED_AS_THEY_ARE = Set.of(
            "bool",
            "int2",
            "int4",
            "domain",
            "int8",
            "float4",
            "float8",
            "text",
            "varchar",
            "date",
            "timestamp",
            "timestamptz",
            "numeric(10,2)",
            "numeric");

    /** Type, SQL, length, binary form in hexadecimal, and text, as PostgreSQL 15 gives them. */
    record Vector(String type, String sql, String hex, String text) {
        ColumnType columnType() {
            return switch (type) {
                case "bool" -> ColumnType.BOOLEAN;
                case "int2" -> ColumnType.INT16;
                case "int4", "domain" -> ColumnType.INT32;
                case "int8" -> ColumnType.INT64;
                case "float4" -> ColumnType.FLOAT32;
                case "float8" -> ColumnType.FLOAT64;
                case "text", "varchar" -> ColumnType.STRING;
                case "date" -> ColumnType.DATE;
                case "timestamp" -> ColumnType.TIMESTAMP;
                case "timestamptz" -> ColumnType.TIMESTAMP_UTC;
                case "numeric(10,2)" -> ColumnType.decimal(10, 2);
                case "numeric" -> ColumnType.decimal(38, 12);
                default -> throw new IllegalArgumentException(type);
            };
        }

        boolean representable() {
            boolean exact = type.startsWith("numeric") || type.startsWith("date") || type.startsWith("timestamp");
            return !exact || !(text.contains("nfinity") || text.equals("NaN"));
        }
    }

    static Stream<Vector> vectors() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(RowEncoderTest.class.getResourceAsStream("copy-vectors-pg15.tsv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .skip(1)
                            .map(line -> line.split("\t", -1))
                            .filter(fields -> CARRIED_AS_THEY_ARE.contains(fields[0]))
                            .map(fields -> new Vector(
                                    fields[0], fields[1], fields[3], fields[4].equals("\"\"") ? "" : fields[4]))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void encodesWhatPostgresPrints(Vector vector) throws IOException {
        byte[] field = HexFormat.of().parseHex(vector.hex());
        for (boolean nullable : new boolean[] {false, true}) {
            RowSchema schema = new RowSchema("t.r", List.of(new Column("v", vector.columnType(), nullable)), List.of());
            AvroBuffer row = new AvroBuffer(4);
            int refused = encoder(schema).encode(fields(field), 0, row, new int[1], new Conversions());
            if (!vector.representable()) {
                assertThat(refused).isZero();
                assertThat(encoder(schema).refusal(fields(field), 0, 0))
                        .contains("\"v\"")
                        .contains("'" + vector.text() + "'");
                continue;
            }
            assertThat(refused).isEqualTo(RowEncoder.COMPLETE);
            assertThat(text(vector, decode(schema, row).get("v"))).isEqualTo(expected(vector));
        }
    }

    @Test
    void keepsNullsApartFromValuesAndFindsWhereValuesStart() throws IOException {
        RowSchema schema = new RowSchema(
                "t.r",
                List.of(
                        new Column("a", ColumnType.STRING, true),
                        new Column("b", ColumnType.INT32, false),
                        new Column("c", ColumnType.INT64, true)),
                List.of("b"));
        AvroBuffer row = new AvroBuffer(4);
        int[] offsets = new int[3];
        byte[] message = fields(null, new byte[] {0, 0, 0, 7}, null);

        assertThat(encoder(schema).encode(message, 0, row, offsets, new Conversions()))
                .isEqualTo(RowEncoder.COMPLETE);

        GenericRecord decoded = decode(schema, row);
        assertThat(decoded.get("a")).isNull();
        assertThat(decoded.get("b")).isEqualTo(7);
        assertThat(decoded.get("c")).isNull();
        int[] located = new int[3];
        new RowPlan(schema).locate(row.bytes(), 0, located);
        assertThat(offsets).isEqualTo(located);
    }

    @Test
    void refusesANullWhereTheTableSaysThereIsNone() {
        RowSchema schema = new RowSchema("t.r", List.of(new Column("a", ColumnType.INT32, false)), List.of());
        RowEncoder encoder = encoder(schema);

        assertThat(encoder.encode(fields((byte[]) null), 0, new AvroBuffer(4), new int[1], new Conversions()))
                .isZero();
        assertThat(encoder.refusal(fields((byte[]) null), 0, 0))
                .isEqualTo("column \"a\" is null, but is declared NOT NULL");
    }

    @Test
    void encodesTheKeyOfARowWhoseOtherColumnsCannotBe() throws IOException {
        RowSchema schema = new RowSchema(
                "t.r",
                List.of(
                        new Column("late", ColumnType.DATE, true),
                        new Column("b", ColumnType.STRING, false),
                        new Column("a", ColumnType.INT32, false)),
                List.of("a", "b"));
        byte[] message = fields(new byte[] {0x7f, -1, -1, -1}, new byte[] {'x'}, new byte[] {0, 0, 0, 5});
        AvroBuffer row = new AvroBuffer(4);
        AvroBuffer key = new AvroBuffer(4);
        int[] offsets = new int[3];

        assertThat(encoder(schema).encode(message, 0, row, offsets, new Conversions()))
                .isZero();
        row.clear();
        assertThat(RowEncoder.ofKey(schema, decoders(schema)).encode(message, 0, row, offsets, new Conversions()))
                .isEqualTo(RowEncoder.COMPLETE);
        new RowPlan(schema).writeKey(row.bytes(), offsets, key);

        // In key order, not in the table's.
        assertThat(key.toBytes()).containsExactly(10, 2, 'x');
    }

    @ParameterizedTest
    @CsvSource({"9223371331199999999, 294276-12-31T23:59:59.999999", "9222425352054775808, 294247-01-10T04:00:54.775808"
    })
    void refusesTimestampsThatDoNotFitIntoMicrosecondsSince1970(long micros, String named) {
        RowSchema schema = new RowSchema("t.r", List.of(new Column("v", ColumnType.TIMESTAMP, true)), List.of());
        byte[] message = fields(ByteBuffer.allocate(Long.BYTES).putLong(micros).array());

        assertThat(encoder(schema).encode(message, 0, new AvroBuffer(4), new int[1], new Conversions()))
                .isZero();
        assertThat(encoder(schema).refusal(message, 0, 0)).contains(named);
    }

    @Test
    void keepsTheLastTimestampThatFits() throws IOException {
        RowSchema schema = new RowSchema("t.r", List.of(new Column("v", ColumnType.TIMESTAMP, false)), List.of());
        AvroBuffer row = new AvroBuffer(4);

        encoder(schema)
                .encode(
                        fields(ByteBuffer.allocate(Long.BYTES)
                                .putLong(9222425352054775807L)
                                .array()),
                        0,
                        row,
                        new int[1],
                        new Conversions());

        assertThat(decode(schema, row).get("v")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refusesAMessageThatHoldsMoreThanOneRow() {
        RowSchema schema = new RowSchema("t.r", List.of(new Column("v", ColumnType.BOOLEAN, false)), List.of());
        byte[] message = fields(new byte[] {1}, new byte[] {1});

        assertThatThrownBy(() -> encoder(schema).encode(message, 0, new AvroBuffer(4), new int[1], new Conversions()))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("a row should end at byte 10, but it does at 5");
    }

    private static RowEncoder encoder(RowSchema schema) {
        return RowEncoder.ofRow(schema, decoders(schema));
    }

    private static List<FieldDecoder> decoders(RowSchema schema) {
        return schema.columns().stream().map(column -> decoder(column.type())).toList();
    }

    private static FieldDecoder decoder(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> ScalarField.BOOLEAN;
            case INT16 -> ScalarField.INT16;
            case INT32 -> ScalarField.INT32;
            case INT64 -> ScalarField.INT64;
            case FLOAT32 -> ScalarField.FLOAT32;
            case FLOAT64 -> ScalarField.FLOAT64;
            case STRING -> ScalarField.CONTENT;
            case DATE -> new MomentField.Date(OnInfinity.REJECT);
            case TIMESTAMP, TIMESTAMP_UTC -> new MomentField.Timestamp(type.toString(), OnInfinity.REJECT);
            case DECIMAL -> new NumericField.Decimal(type.precision(), type.scale(), OnNan.REJECT);
            default -> throw new IllegalArgumentException(type.toString());
        };
    }

    /** Fields as COPY writes them; null stands for SQL's. */
    private static byte[] fields(
            byte @org.jspecify.annotations.Nullable [] @org.jspecify.annotations.Nullable ... values) {
        Objects.requireNonNull(values);
        int size = Arrays.stream(values)
                .mapToInt(value -> Integer.BYTES + (value == null ? 0 : value.length))
                .sum();
        ByteBuffer message = ByteBuffer.allocate(size);
        for (byte[] value : values) {
            message.putInt(value == null ? -1 : value.length);
            if (value != null) {
                message.put(value);
            }
        }
        return message.array();
    }

    private static GenericRecord decode(RowSchema schema, AvroBuffer row) throws IOException {
        return new GenericDatumReader<GenericRecord>(schema.toAvro())
                .read(null, DecoderFactory.get().binaryDecoder(row.bytes(), 0, row.size(), null));
    }

    private static String text(Vector vector, Object value) {
        ColumnType type = vector.columnType();
        return switch (type.kind()) {
            case BOOLEAN -> (Boolean) value ? "t" : "f";
            case DATE -> LocalDate.ofEpochDay((Integer) value).toString();
            case TIMESTAMP, TIMESTAMP_UTC -> Instant.EPOCH
                    .plus((Long) value, ChronoUnit.MICROS)
                    .toString();
            case DECIMAL -> decimal((ByteBuffer) value, type.scale())
                    .stripTrailingZeros()
                    .toPlainString();
            default -> value.toString();
        };
    }

    private static BigDecimal decimal(ByteBuffer bytes, int scale) {
        byte[] unscaled = new byte[bytes.remaining()];
        bytes.duplicate().get(unscaled);
        assertThat(unscaled).isEqualTo(new BigInteger(unscaled).toByteArray());
        return new BigDecimal(new BigInteger(unscaled), scale);
    }

    /** What PostgreSQL printed, as Java prints it. */
    private static String expected(Vector vector) {
        ColumnType type = vector.columnType();
        boolean beforeChrist = vector.text().endsWith(" BC");
        String text = vector.text().replace(" BC", "").replace("+00", "");
        return switch (type.kind()) {
            case DATE -> (beforeChrist ? mirrored(LocalDate.parse(text)) : LocalDate.parse(text)).toString();
            case TIMESTAMP, TIMESTAMP_UTC -> {
                LocalDateTime time = LocalDateTime.parse(text, TIMESTAMP);
                LocalDateTime meant = beforeChrist ? time.with(mirrored(time.toLocalDate())) : time;
                yield meant.toInstant(ZoneOffset.UTC).toString();
            }
            case DECIMAL -> new BigDecimal(text).stripTrailingZeros().toPlainString();
            case FLOAT32, FLOAT64 -> text.matches("-?\\d+") ? text + ".0" : text;
            default -> text;
        };
    }

    /** PostgreSQL has no year 0: 1 BC is the year 0 of ISO 8601. */
    private static LocalDate mirrored(LocalDate date) {
        return LocalDate.of(1 - date.getYear(), date.getMonth(), date.getDayOfMonth());
    }
}
