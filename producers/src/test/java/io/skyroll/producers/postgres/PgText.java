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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as PostgreSQL would; intervals in a form of their own that PostgreSQL reads. Values are as Avro's own reader decoded them, or
 * as another reader may give them: lists for records, and scalars as texts, of which moments are counts of days or microseconds.
 */
public final class PgText {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);
    private static final long SECOND_MICROS = 1_000_000;

    private PgText() {}

    /**
     * A column's value.
     *
     * @param sourceType its type in PostgreSQL
     * @param type as what it was carried
     */
    public static @Nullable String of(String sourceType, ColumnType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return sourceType.endsWith("multirange") ? multirange(type, value) : of(type, value);
    }

    /** A value that is no multirange. */
    public static String of(ColumnType type, Object value) {
        return switch (type.kind()) {
            case BOOLEAN -> value.toString().substring(0, 1);
            case FLOAT32, FLOAT64 -> value.toString().replaceFirst("\\.0$", "");
            case INT16, INT32, INT64, STRING, JSON, TEXT_FORM -> value.toString();
            case DATE -> date(LocalDate.ofEpochDay(number(value)), "");
            case TIMESTAMP -> timestamp(number(value), "");
            case TIMESTAMP_UTC -> timestamp(number(value), "+00");
            case TIME -> TIME.format(LocalTime.ofNanoOfDay(Math.multiplyExact(number(value), 1000L)));
            case DECIMAL -> value instanceof String text
                    ? text
                    : new BigDecimal(new BigInteger(bytes(value)), type.scale()).toPlainString();
            case BYTES -> value instanceof String text
                    ? text
                    : "\\x" + HexFormat.of().formatHex(bytes(value));
            case UUID -> value instanceof String text
                    ? text
                    : HexFormat.of()
                            .formatHex(((GenericFixed) value).bytes())
                            .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
            case LIST -> list(type, (List<?>) value);
            case RECORD -> record(type, value);
        };
    }

    private static long number(Object value) {
        return Long.parseLong(value.toString());
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

    /** Ranges stand in multiranges as they are, and in arrays in quotes. */
    private static String multirange(ColumnType type, Object value) {
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

    private static String record(ColumnType type, Object value) {
        List<@Nullable String> parts = new ArrayList<>();
        for (int i = 0; i < type.parts().size(); i++) {
            @Nullable Object part = value instanceof List<?> list ? list.get(i) : ((GenericRecord) value).get(i);
            parts.add(part == null ? null : of(type.parts().get(i).type(), part));
        }
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
