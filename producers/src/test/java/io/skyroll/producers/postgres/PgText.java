package io.skyroll.producers.postgres;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Writes what Avro's own reader decoded as PostgreSQL would; intervals in a form of their own that PostgreSQL reads. */
public final class PgText {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);
    private static final long SECOND_MICROS = 1_000_000;

    private PgText() {}

    public static String of(ColumnType type, Object value) {
        return switch (type.kind()) {
            case BOOLEAN -> (Boolean) value ? "t" : "f";
            case FLOAT32, FLOAT64 -> value.toString().replaceFirst("\\.0$", "");
            case INT16, INT32, INT64, STRING, JSON, TEXT_FORM -> value.toString();
            case DATE -> date(LocalDate.ofEpochDay((Integer) value), "");
            case TIMESTAMP -> timestamp((Long) value, "");
            case TIMESTAMP_UTC -> timestamp((Long) value, "+00");
            case TIME -> TIME.format(LocalTime.ofNanoOfDay(Math.multiplyExact((Long) value, 1000L)));
            case DECIMAL -> new BigDecimal(new BigInteger(bytes(value)), type.scale()).toPlainString();
            case BYTES -> "\\x" + HexFormat.of().formatHex(bytes(value));
            case UUID -> HexFormat.of()
                    .formatHex(((GenericFixed) value).bytes())
                    .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
            case LIST -> list(type, (List<?>) value);
            case RECORD -> record(type, (GenericRecord) value);
        };
    }

    private static byte[] bytes(Object value) {
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static String date(LocalDate date, String rest) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return "%04d-%02d-%02d%s%s"
                .formatted(year, date.getMonthValue(), date.getDayOfMonth(), rest, date.getYear() > 0 ? "" : " BC");
    }

    private static String timestamp(long micros, String zone) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, SECOND_MICROS),
                (int) Math.floorMod(micros, SECOND_MICROS) * 1000,
                ZoneOffset.UTC);
        return date(time.toLocalDate(), " " + TIME.format(time) + zone);
    }

    /** As above, for lists of ranges, which multiranges have as they are and arrays in quotes. */
    public static String ofMultirange(ColumnType type, Object value) {
        ColumnType range = type.element().type();
        return ((List<?>) value).stream().map(each -> of(range, each)).collect(Collectors.joining(",", "{", "}"));
    }

    private static String list(ColumnType type, List<?> values) {
        ColumnType element = type.element().type();
        return values.stream()
                .map(value -> value == null
                        ? "NULL"
                        : element.kind() == ColumnType.Kind.LIST ? of(element, value) : quoted(of(element, value)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String quoted(String text) {
        boolean isPlain = !text.isEmpty() && !text.equalsIgnoreCase("NULL") && !text.matches("(?s).*[\\s\"\\\\{},].*");
        return isPlain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static boolean isRange(ColumnType type) {
        return type.parts().size() == 5 && type.parts().get(4).equals(new Column("empty", ColumnType.BOOLEAN, false));
    }

    private static List<String> names(ColumnType type) {
        return type.parts().stream().map(Column::name).toList();
    }

    private static String record(ColumnType type, GenericRecord value) {
        List<@Nullable String> parts = IntStream.range(0, type.parts().size())
                .mapToObj(i ->
                        value.get(i) == null ? null : of(type.parts().get(i).type(), value.get(i)))
                .collect(Collectors.toList());
        if (isRange(type)) {
            return parts.get(4).equals("t")
                    ? "empty"
                    : (parts.get(2).equals("t") ? "[" : "(") + field(parts.get(0)) + "," + field(parts.get(1))
                            + (parts.get(3).equals("t") ? "]" : ")");
        }
        return switch (String.join(" ", names(type))) {
            case "months days micros" -> "%s mons %s days %s microseconds".formatted(parts.toArray());
            case "x y" -> "(%s,%s)".formatted(parts.toArray());
            case "x1 y1 x2 y2" -> "[(%s,%s),(%s,%s)]".formatted(parts.toArray());
            case "high_x high_y low_x low_y" -> "(%s,%s),(%s,%s)".formatted(parts.toArray());
            case "a b c" -> "{%s,%s,%s}".formatted(parts.toArray());
            case "x y radius" -> "<(%s,%s),%s>".formatted(parts.toArray());
            default -> parts.stream().map(PgText::field).collect(Collectors.joining(",", "(", ")"));
        };
    }

    /** A field of a composite, or the bound of a range; null is nothing at all. */
    private static String field(@Nullable String text) {
        if (text == null) {
            return "";
        }
        boolean isPlain = !text.isEmpty() && !text.matches("(?s).*[\\s\"\\\\(),\\[\\]].*");
        return isPlain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\"\"") + '"';
    }
}
