package io.skyroll.streams.filter;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** A table of rows with the values that go wrong, as text for PostgreSQL and as Avro for the filter. */
final class NastyTable {
    static final int ROWS = 60;

    static final RowSchema SCHEMA = new RowSchema(
            "public.nasty",
            List.of(
                    new Column("id", ColumnType.INT32, false),
                    new Column("b", ColumnType.BOOLEAN, true),
                    new Column("b2", ColumnType.BOOLEAN, true),
                    new Column("i2", ColumnType.INT16, true),
                    new Column("i4", ColumnType.INT32, true),
                    new Column("i8", ColumnType.INT64, true),
                    new Column("f4", ColumnType.FLOAT32, true),
                    new Column("f8", ColumnType.FLOAT64, true),
                    new Column("n", ColumnType.decimal(12, 3), true),
                    new Column("w", ColumnType.decimal(38, 10), true),
                    new Column("t", ColumnType.STRING, true),
                    new Column("u", ColumnType.STRING, true),
                    new Column("d", ColumnType.DATE, true),
                    new Column("ts", ColumnType.TIMESTAMP, true),
                    new Column("tz", ColumnType.TIMESTAMP_UTC, true),
                    new Column("Odd \"name", ColumnType.INT32, true),
                    new Column("date", ColumnType.DATE, true)),
            List.of("id"));

    private static final List<String> TYPES = List.of(
            "int primary key",
            "boolean",
            "boolean",
            "smallint",
            "int",
            "bigint",
            "real",
            "double precision",
            "numeric(12,3)",
            "numeric(38,10)",
            "text collate pg_c_utf8",
            "text collate pg_c_utf8",
            "date",
            "timestamp",
            "timestamptz",
            "int",
            "date");

    private static final List<String> REALS = List.of(
            "0.0",
            "-0.0",
            "NaN",
            "Infinity",
            "-Infinity",
            "0.1",
            "-0.1",
            "0.5",
            "1.0",
            "-1.0",
            "1.5",
            "2.5",
            "3.0",
            "12.0",
            "12.5",
            "1.0E-30",
            "1.0E30");

    private static final List<List<String>> VALUES = List.of(
            List.of("true", "false"),
            List.of("true", "false"),
            List.of("0", "1", "-1", "2", "3", "7", "-32768", "32767"),
            List.of("0", "1", "-1", "2", "3", "-7", "12", "32768", "16777217", "-2147483648", "2147483647"),
            List.of(
                    "0",
                    "1",
                    "-1",
                    "2",
                    "10",
                    "2147483648",
                    "9007199254740993",
                    "-9223372036854775808",
                    "9223372036854775807"),
            with(REALS, "3.4028235E38", "1.4E-45", "1.6777216E7"),
            with(
                    REALS,
                    "1.7976931348623157E308",
                    "4.9E-324",
                    "9.007199254740992E15",
                    "2.147483647E9",
                    "0.10000000149011612"),
            List.of(
                    "0",
                    "0.001",
                    "-0.001",
                    "0.1",
                    "0.5",
                    "1",
                    "1.5",
                    "2.5",
                    "-2.5",
                    "12",
                    "12.000",
                    "999999999.999",
                    "-999999999.999"),
            List.of(
                    "0",
                    "0.1",
                    "1",
                    "1.5",
                    "12.5",
                    "0.0000000001",
                    "9999999999999999999999999999.9999999999",
                    "-9999999999999999999999999999",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "922337203.6854775807"),
            List.of(
                    "", "a", "A", "ab", "g", "r", "%", "_", "a%b", "a\\b", "ü", "Ü", "☃", "😀x", "a b", "12", " 12 ",
                    "x12", "1.5", "NaN", "true", "ß"),
            List.of("", "a", "A", "_", "%", "a%", "\\", "a\\", "\\%", "ü", "😀_", "12", "g"),
            List.of("1970-01-01", "1969-12-31", "2000-01-01", "2025-01-01", "0001-01-01", "9999-12-31", "2024-02-29"),
            List.of(
                    "1970-01-01T00:00",
                    "1969-12-31T23:59:59.999999",
                    "2000-01-01T00:00",
                    "2025-01-01T00:00",
                    "2025-01-01T12:30:00.5",
                    "0001-01-01T00:00",
                    "9999-12-31T23:59:59.999999"),
            List.of(
                    "1970-01-01T00:00",
                    "2000-01-01T00:00",
                    "2025-01-01T00:00",
                    "2024-12-31T22:00",
                    "2025-01-01T12:30:00.000001",
                    "0001-01-01T00:00"),
            List.of("0", "1", "5"),
            List.of("2000-01-01", "2025-01-01"));

    private final List<List<@Nullable String>> rows = new ArrayList<>();
    private final List<byte[]> encoded = new ArrayList<>();

    NastyTable(Random random) throws IOException {
        for (int id = 0; id < ROWS; id++) {
            List<@Nullable String> row = new ArrayList<>();
            row.add(String.valueOf(id));
            for (List<String> values : VALUES) {
                // The first rows go through all values in turn, so that none is left out.
                String value = id < values.size() ? values.get(id) : values.get(random.nextInt(values.size()));
                row.add(id > 1 && random.nextInt(7) == 0 ? null : value);
            }
            rows.add(row);
            encoded.add(encode(SCHEMA, row));
        }
    }

    String createStatement() {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            columns.add('"' + SCHEMA.columns().get(i).name().replace("\"", "\"\"") + "\" " + TYPES.get(i));
        }
        return "CREATE TABLE nasty (" + String.join(", ", columns) + ")";
    }

    String insertStatement() {
        List<String> tuples = new ArrayList<>();
        for (List<@Nullable String> row : rows) {
            List<String> literals = new ArrayList<>();
            for (String value : row) {
                literals.add(value == null ? "NULL" : "'" + value.replace("'", "''") + "'");
            }
            tuples.add("(" + String.join(", ", literals) + ")");
        }
        return "INSERT INTO nasty VALUES " + String.join(", ", tuples);
    }

    byte[] row(int id) {
        return encoded.get(id);
    }

    int[] offsets(int id) {
        return locate(SCHEMA, encoded.get(id));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(row).append('\n'));
        return text.toString();
    }

    static int[] locate(RowSchema schema, byte[] row) {
        int[] offsets = new int[schema.columns().size()];
        new RowPlan(schema).locate(row, 0, offsets);
        return offsets;
    }

    /** Encodes values given as text. */
    static byte[] encode(RowSchema schema, List<@Nullable String> row) throws IOException {
        GenericRecord datum = new GenericData.Record(schema.toAvro());
        for (int i = 0; i < row.size(); i++) {
            String value = row.get(i);
            datum.put(
                    i,
                    value == null ? null : datum(value, schema.columns().get(i).type()));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema.toAvro()).write(datum, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static Object datum(String value, ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> Boolean.valueOf(value);
            case INT16, INT32 -> Integer.valueOf(value);
            case INT64 -> Long.valueOf(value);
            case FLOAT32 -> Float.valueOf(value);
            case FLOAT64 -> Double.valueOf(value);
            case STRING -> value;
            case DATE -> (int) LocalDate.parse(value).toEpochDay();
            case TIMESTAMP, TIMESTAMP_UTC -> ChronoUnit.MICROS.between(
                    LocalDateTime.parse("1970-01-01T00:00"), LocalDateTime.parse(value));
            case DECIMAL -> ByteBuffer.wrap(
                    new BigDecimal(value).setScale(type.scale()).unscaledValue().toByteArray());
            default -> throw new AssertionError(type);
        };
    }

    private static List<String> with(List<String> values, String... more) {
        List<String> all = new ArrayList<>(values);
        all.addAll(List.of(more));
        return all;
    }
}
