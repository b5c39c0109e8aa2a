package io.skyroll.schemas.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The type of a column, as Avro carries it between stages.
 *
 * @param kind the kind of value
 * @param precision decimal digits in all, for {@link Kind#DECIMAL}; else 0
 * @param scale decimal digits behind the point, for {@link Kind#DECIMAL}; else 0
 * @param source the source's name of the type whose text this is, for {@link Kind#TEXT_FORM}; else empty
 * @param parts the fields of a {@link Kind#RECORD}, the one element of a {@link Kind#LIST}; else none
 */
public record ColumnType(Kind kind, int precision, int scale, String source, List<Column> parts) {
    /** Marks an Avro int that came from a 16-bit column. */
    private static final String WIDTH = "skyroll.bits";
    /** Marks an Avro string that is a JSON document. */
    private static final String JSON_TEXT = "skyroll.json";
    /** Marks an Avro string that is the text form of a source type. */
    private static final String SOURCE_TYPE = "skyroll.type";
    /** Where the name of a list's element stands in messages, and in Parquet. */
    private static final String ELEMENT = "element";

    private static final int MAX_DECIMAL_PRECISION = 38;
    private static final int UUID_BYTES = 16;

    /** The kinds of value, with their Avro form. */
    public enum Kind {
        /** {@code boolean} */
        BOOLEAN,
        /** {@code int} with the property {@code skyroll.bits: 16} */
        INT16,
        /** {@code int} */
        INT32,
        /** {@code long} */
        INT64,
        /** {@code float} */
        FLOAT32,
        /** {@code double} */
        FLOAT64,
        /** {@code string} */
        STRING,
        /** {@code int}, logical type {@code date}: days since 1970-01-01 */
        DATE,
        /** {@code long}, logical type {@code local-timestamp-micros}: microseconds since 1970-01-01 00:00, zone unknown */
        TIMESTAMP,
        /** {@code long}, logical type {@code timestamp-micros}: microseconds since 1970-01-01 00:00 UTC */
        TIMESTAMP_UTC,
        /** {@code bytes}, logical type {@code decimal}: the unscaled value in two's complement, big-endian */
        DECIMAL,
        /** {@code bytes} */
        BYTES,
        /** {@code long}, logical type {@code time-micros}: microseconds since midnight, below 24 hours */
        TIME,
        /** {@code fixed} of 16 bytes, logical type {@code uuid} */
        UUID,
        /** {@code string} with the property {@code skyroll.json: true}: a JSON document */
        JSON,
        /** {@code string} with the property {@code skyroll.type}: how the source writes values of a type that has no form of its own */
        TEXT_FORM,
        /** {@code array} */
        LIST,
        /** {@code record} */
        RECORD
    }

    public static final ColumnType BOOLEAN = new ColumnType(Kind.BOOLEAN, 0, 0);
    public static final ColumnType INT16 = new ColumnType(Kind.INT16, 0, 0);
    public static final ColumnType INT32 = new ColumnType(Kind.INT32, 0, 0);
    public static final ColumnType INT64 = new ColumnType(Kind.INT64, 0, 0);
    public static final ColumnType FLOAT32 = new ColumnType(Kind.FLOAT32, 0, 0);
    public static final ColumnType FLOAT64 = new ColumnType(Kind.FLOAT64, 0, 0);
    public static final ColumnType STRING = new ColumnType(Kind.STRING, 0, 0);
    public static final ColumnType DATE = new ColumnType(Kind.DATE, 0, 0);
    public static final ColumnType TIMESTAMP = new ColumnType(Kind.TIMESTAMP, 0, 0);
    public static final ColumnType TIMESTAMP_UTC = new ColumnType(Kind.TIMESTAMP_UTC, 0, 0);
    public static final ColumnType BYTES = new ColumnType(Kind.BYTES, 0, 0);
    public static final ColumnType TIME = new ColumnType(Kind.TIME, 0, 0);
    public static final ColumnType UUID = new ColumnType(Kind.UUID, 0, 0);
    public static final ColumnType JSON = new ColumnType(Kind.JSON, 0, 0);

    public ColumnType {
        parts = List.copyOf(parts);
        if (kind == Kind.DECIMAL
                && (precision < 1 || precision > MAX_DECIMAL_PRECISION || scale < 0 || scale > precision)) {
            throw new IllegalArgumentException(
                    "decimal needs precision in [1, %d] and scale in [0, precision]: (%d, %d)"
                            .formatted(MAX_DECIMAL_PRECISION, precision, scale));
        }
        if ((kind == Kind.TEXT_FORM) == source.isEmpty()) {
            throw new IllegalArgumentException(
                    "a text form, and no other type, has a source type: %s '%s'".formatted(kind, source));
        }
        if (kind == Kind.LIST ? parts.size() != 1 : (kind == Kind.RECORD) == parts.isEmpty()) {
            throw new IllegalArgumentException("%s cannot have %d parts".formatted(kind, parts.size()));
        }
    }

    ColumnType(Kind kind, int precision, int scale) {
        this(kind, precision, scale, "", List.of());
    }

    /** A type of a kind that says all about it: none of decimals, text forms, lists and records. */
    public static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0, 0);
    }

    public static ColumnType decimal(int precision, int scale) {
        return new ColumnType(Kind.DECIMAL, precision, scale);
    }

    /** Text as the source writes values of another type, such as {@code inet}. */
    public static ColumnType textForm(String sourceType) {
        return new ColumnType(Kind.TEXT_FORM, 0, 0, sourceType, List.of());
    }

    /** A list whose elements may be null. */
    public static ColumnType list(ColumnType element) {
        return new ColumnType(Kind.LIST, 0, 0, "", List.of(new Column(ELEMENT, element, true)));
    }

    /**
     * A record.
     *
     * @param fields at least one, names distinct
     */
    public static ColumnType record(List<Column> fields) {
        return new ColumnType(Kind.RECORD, 0, 0, "", fields);
    }

    /** Whether values are made of values of other types. */
    public boolean isNested() {
        return kind == Kind.LIST || kind == Kind.RECORD;
    }

    /** The element of a list. */
    public Column element() {
        return parts.get(0);
    }

    /**
     * The type's Avro schema, not nullable.
     *
     * @param recordName the full name of the record's schema, or the beginning of those inside; Avro wants each name once in a schema
     */
    Schema toAvro(String recordName) {
        return switch (kind) {
            case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
            case INT16 -> marked(Schema.Type.INT, WIDTH, 16);
            case INT32 -> Schema.create(Schema.Type.INT);
            case INT64 -> Schema.create(Schema.Type.LONG);
            case FLOAT32 -> Schema.create(Schema.Type.FLOAT);
            case FLOAT64 -> Schema.create(Schema.Type.DOUBLE);
            case STRING -> Schema.create(Schema.Type.STRING);
            case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
            case TIMESTAMP -> LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case TIMESTAMP_UTC -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case DECIMAL -> LogicalTypes.decimal(precision, scale).addToSchema(Schema.create(Schema.Type.BYTES));
            case BYTES -> Schema.create(Schema.Type.BYTES);
            case TIME -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case UUID -> LogicalTypes.uuid().addToSchema(Schema.createFixed("uuid", null, "io.skyroll", UUID_BYTES));
            case JSON -> marked(Schema.Type.STRING, JSON_TEXT, true);
            case TEXT_FORM -> marked(Schema.Type.STRING, SOURCE_TYPE, source);
            case LIST -> Schema.createArray(element().toAvro(recordName));
            case RECORD -> Schema.createRecord(
                    recordName,
                    null,
                    null,
                    false,
                    parts.stream().map(part -> part.toField(recordName)).toList());
        };
    }

    private static Schema marked(Schema.Type type, String property, Object value) {
        Schema schema = Schema.create(type);
        schema.addProp(property, value);
        return schema;
    }

    /** Reads the type back from a schema that is not a union. */
    static ColumnType parse(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical != null) {
            return parse(schema, logical);
        }
        return switch (schema.getType()) {
            case BOOLEAN -> BOOLEAN;
            case INT -> schema.getObjectProp(WIDTH) == null ? INT32 : INT16;
            case LONG -> INT64;
            case FLOAT -> FLOAT32;
            case DOUBLE -> FLOAT64;
            case STRING -> parseText(schema);
            case BYTES -> BYTES;
            case ARRAY -> list(Column.parse(ELEMENT, schema.getElementType()).type());
            case RECORD -> {
                List<Column> fields = new ArrayList<>();
                schema.getFields().forEach(field -> fields.add(Column.parse(field)));
                yield record(fields);
            }
            default -> throw unknown(schema);
        };
    }

    private static ColumnType parse(Schema schema, LogicalType logical) {
        if (logical instanceof LogicalTypes.Decimal decimal && schema.getType() == Schema.Type.BYTES) {
            return decimal(decimal.getPrecision(), decimal.getScale());
        }
        if (logical instanceof LogicalTypes.Date) {
            return DATE;
        }
        if (logical instanceof LogicalTypes.TimestampMicros) {
            return TIMESTAMP_UTC;
        }
        if (logical instanceof LogicalTypes.LocalTimestampMicros) {
            return TIMESTAMP;
        }
        if (logical instanceof LogicalTypes.TimeMicros) {
            return TIME;
        }
        if (logical instanceof LogicalTypes.Uuid && schema.getType() == Schema.Type.FIXED) {
            return UUID;
        }
        throw unknown(schema);
    }

    private static ColumnType parseText(Schema schema) {
        String sourceType = schema.getProp(SOURCE_TYPE);
        if (sourceType != null) {
            return textForm(sourceType);
        }
        return schema.getObjectProp(JSON_TEXT) == null ? STRING : JSON;
    }

    private static IllegalArgumentException unknown(Schema schema) {
        return new IllegalArgumentException("no column type has the Avro schema %s".formatted(schema));
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return switch (kind) {
            case DECIMAL -> "%s(%d,%d)".formatted(name, precision, scale);
            case TEXT_FORM -> source;
            case LIST -> "list<%s>".formatted(element().type());
            case RECORD -> parts.stream()
                    .map(part -> part.name() + " " + part.type())
                    .collect(Collectors.joining(", ", "record<", ">"));
            default -> name;
        };
    }
}
