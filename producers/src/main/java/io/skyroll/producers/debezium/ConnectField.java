package io.skyroll.producers.debezium;

import io.skyroll.producers.postgres.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Gives values of one type back the binary form that PostgreSQL has for them, from what Debezium makes of them with the settings of
 * {@link ConnectorProperties}. Types that Debezium cannot carry exactly are not here: those of which it makes one value of several, such
 * as interval, whose infinity becomes zero, or arrays, whose dimensions and bounds are lost.
 *
 * @param bytes makes the content of a field in a COPY in binary form; throws {@link Ambiguous} for what it cannot tell apart
 * @param placeholder makes what stands for a large value that PostgreSQL did not send
 */
record ConnectField(Function<Object, byte[]> bytes, Function<String, Object> placeholder) {
    private static final int DAYS_TO_2000 = 10_957;
    private static final long MICROS_TO_2000 = 946_684_800_000_000L;
    private static final long MICROS = 1_000_000;
    private static final Instant EPOCH_2000 = Instant.parse("2000-01-01T00:00:00Z");

    /** What Debezium makes of infinite dates: the days of 5877611 BC, which PostgreSQL does not have, as it counts them. */
    private static final int DATE_INFINITY = -2_147_472_692;

    private static final int DATE_MINUS_INFINITY = -2_147_472_691;
    /** What Debezium makes of infinite times without a zone, in microseconds; PostgreSQL has these two times as well. */
    private static final long TIMESTAMP_INFINITY = 9_223_372_036_825_200_000L;

    private static final long TIMESTAMP_MINUS_INFINITY = -9_223_372_036_832_400_000L;

    private static final short NAN = (short) 0xC000;
    private static final short INFINITY = (short) 0xD000;
    private static final short MINUS_INFINITY = (short) 0xF000;
    private static final short NEGATIVE = 0x4000;
    private static final int NUMERIC_HEADER = 4 * Short.BYTES;
    private static final int DIGITS = 4;
    private static final byte JSONB_VERSION = 1;

    private static final Map<String, ConnectField> FIELDS = fields();

    /** A value that Debezium may have made of another one. */
    static final class Ambiguous extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ambiguous(String message) {
            super(message);
        }
    }

    /**
     * How values of a type are written.
     *
     * @return empty when Debezium cannot carry them exactly
     */
    static Optional<ConnectField> of(ValueType type) {
        return Optional.ofNullable(FIELDS.get(type.isEnum() ? "text" : type.name()));
    }

    private static Map<String, ConnectField> fields() {
        Map<String, ConnectField> fields = new HashMap<>();
        fields.put("bool", fixed(value -> new byte[] {(byte) ((Boolean) value ? 1 : 0)}));
        fields.put("int2", fixed(value -> int16((Short) value)));
        fields.put("int4", fixed(value -> int32((Integer) value)));
        fields.put("int8", fixed(value -> int64((Long) value)));
        fields.put("oid", fixed(value -> int32((int) (long) (Long) value)));
        fields.put("float4", fixed(value -> int32(Float.floatToIntBits((Float) value))));
        fields.put("float8", fixed(value -> int64(Double.doubleToLongBits((Double) value))));
        fields.put("uuid", fixed(value -> uuid(UUID.fromString((String) value))));
        fields.put("date", fixed(value -> int32(date((Integer) value))));
        fields.put("time", fixed(value -> int64((Long) value)));
        fields.put("timestamp", fixed(value -> int64(timestamp((Long) value))));
        fields.put("timestamptz", fixed(value -> int64(moment((String) value))));
        fields.put("numeric", text(ConnectField::numeric));
        fields.put("jsonb", text(ConnectField::jsonb));
        fields.put("bytea", new ConnectField(ConnectField::content, text -> ByteBuffer.wrap(utf8(text))));
        for (String type : new String[] {"text", "varchar", "bpchar", "json", "xml"}) {
            fields.put(type, text(ConnectField::utf8));
        }
        for (String type : new String[] {"inet", "cidr", "macaddr", "macaddr8"}) {
            fields.put(type, fixed(value -> utf8((String) value)));
        }
        return Map.copyOf(fields);
    }

    /** Of a type whose values are never too large for their row. */
    private static ConnectField fixed(Function<Object, byte[]> bytes) {
        return new ConnectField(bytes, text -> text);
    }

    private static ConnectField text(Function<String, byte[]> bytes) {
        return new ConnectField(value -> bytes.apply((String) value), text -> text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] int16(short value) {
        return ByteBuffer.allocate(Short.BYTES).putShort(value).array();
    }

    private static byte[] int32(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private static byte[] int64(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte[] uuid(UUID value) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }

    private static byte[] content(Object value) {
        ByteBuffer buffer = value instanceof byte[] array ? ByteBuffer.wrap(array) : ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] jsonb(String text) {
        byte[] utf8 = utf8(text);
        return ByteBuffer.allocate(1 + utf8.length).put(JSONB_VERSION).put(utf8).array();
    }

    /** Days since 2000; infinity as PostgreSQL has it. */
    private static int date(int days) {
        return switch (days) {
            case DATE_INFINITY -> Integer.MAX_VALUE;
            case DATE_MINUS_INFINITY -> Integer.MIN_VALUE;
            default -> Math.subtractExact(days, DAYS_TO_2000);
        };
    }

    /** Microseconds since 2000. */
    private static long timestamp(long micros) {
        if (micros == TIMESTAMP_INFINITY || micros == TIMESTAMP_MINUS_INFINITY) {
            throw new Ambiguous(
                    "an infinite time, which Debezium does not tell from one of the year 294247 or 290308 BC");
        }
        return Math.subtractExact(micros, MICROS_TO_2000);
    }

    /** Microseconds since 2000; infinity as PostgreSQL has it. */
    private static long moment(String text) {
        try {
            return switch (text) {
                case "infinity" -> Long.MAX_VALUE;
                case "-infinity" -> Long.MIN_VALUE;
                default -> micros(OffsetDateTime.parse(text).toInstant());
            };
        } catch (DateTimeException | ArithmeticException unknown) {
            throw new Ambiguous("the time %s: %s".formatted(text, unknown.getMessage()));
        }
    }

    private static long micros(Instant moment) {
        long seconds = Math.subtractExact(moment.getEpochSecond(), EPOCH_2000.getEpochSecond());
        return Math.addExact(Math.multiplyExact(seconds, MICROS), moment.getNano() / 1_000);
    }

    /**
     * A numeric: the number of groups of four digits, the weight of the first, the sign, the digits behind the point, and the groups, as
     * numeric_send of PostgreSQL's numeric.c writes them.
     */
    private static byte[] numeric(String text) {
        return switch (text) {
            case "NAN" -> numeric(NAN);
            case "POSITIVE_INFINITY" -> numeric(INFINITY);
            case "NEGATIVE_INFINITY" -> numeric(MINUS_INFINITY);
            default -> numeric(new BigDecimal(text));
        };
    }

    private static byte[] numeric(short sign) {
        return ByteBuffer.allocate(NUMERIC_HEADER).putShort(4, sign).array();
    }

    private static byte[] numeric(BigDecimal value) {
        int scale = Math.max(0, value.scale());
        int fractionGroups = (scale + DIGITS - 1) / DIGITS;
        BigInteger groups =
                value.setScale(fractionGroups * DIGITS).unscaledValue().abs();
        String digits = groups.toString();
        digits = "0".repeat(Math.floorMod(-digits.length(), DIGITS)) + digits;
        int count = digits.length() / DIGITS;
        int weight = count - fractionGroups - 1;
        int first = 0;
        while (first < count && isZero(digits, first)) {
            first++;
        }
        int end = count;
        while (end > first && isZero(digits, end - 1)) {
            end--;
        }
        ByteBuffer bytes = ByteBuffer.allocate(NUMERIC_HEADER + (end - first) * Short.BYTES)
                .putShort((short) (end - first))
                .putShort((short) (end == first ? 0 : weight - first))
                .putShort(value.signum() < 0 ? NEGATIVE : 0)
                .putShort((short) scale);
        for (int group = first; group < end; group++) {
            bytes.putShort((short) Integer.parseInt(digits, group * DIGITS, (group + 1) * DIGITS, 10));
        }
        return bytes.array();
    }

    private static boolean isZero(String digits, int group) {
        return digits.startsWith("0000", group * DIGITS);
    }
}
