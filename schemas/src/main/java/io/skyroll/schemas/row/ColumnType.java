package io.skyroll.schemas.row;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The type of a column, as Avro carries it between stages.
 *
 * @param kind the kind of value
 * @param precision decimal digits in all, for {@link Kind#DECIMAL}; else 0
 * @param scale decimal digits behind the point, for {@link Kind#DECIMAL}; else 0
 */
public record ColumnType(Kind kind, int precision, int scale) {
    /** Marks an Avro int that came from a 16-bit column. */
    private static final String WIDTH = "skyroll.bits";

    private static final int MAX_DECIMAL_PRECISION = 38;

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
        DECIMAL
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

    public ColumnType {
        if (kind == Kind.DECIMAL
                && (precision < 1 || precision > MAX_DECIMAL_PRECISION || scale < 0 || scale > precision)) {
            throw new IllegalArgumentException(
                    "decimal needs precision in [1, %d] and scale in [0, precision]: (%d, %d)"
                            .formatted(MAX_DECIMAL_PRECISION, precision, scale));
        }
    }

    public static ColumnType decimal(int precision, int scale) {
        return new ColumnType(Kind.DECIMAL, precision, scale);
    }

    /** The type's Avro schema, not nullable. */
    public Schema toAvro() {
        return switch (kind) {
            case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
            case INT16 -> {
                Schema schema = Schema.create(Schema.Type.INT);
                schema.addProp(WIDTH, 16);
                yield schema;
            }
            case INT32 -> Schema.create(Schema.Type.INT);
            case INT64 -> Schema.create(Schema.Type.LONG);
            case FLOAT32 -> Schema.create(Schema.Type.FLOAT);
            case FLOAT64 -> Schema.create(Schema.Type.DOUBLE);
            case STRING -> Schema.create(Schema.Type.STRING);
            case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
            case TIMESTAMP -> LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case TIMESTAMP_UTC -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
            case DECIMAL -> LogicalTypes.decimal(precision, scale).addToSchema(Schema.create(Schema.Type.BYTES));
        };
    }

    /** Reads the type back from a schema that is not a union. */
    static ColumnType parse(Schema schema) {
        LogicalType logical = schema.getLogicalType();
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
        if (logical != null) {
            throw unknown(schema);
        }
        return switch (schema.getType()) {
            case BOOLEAN -> BOOLEAN;
            case INT -> schema.getObjectProp(WIDTH) == null ? INT32 : INT16;
            case LONG -> INT64;
            case FLOAT -> FLOAT32;
            case DOUBLE -> FLOAT64;
            case STRING -> STRING;
            default -> throw unknown(schema);
        };
    }

    private static IllegalArgumentException unknown(Schema schema) {
        return new IllegalArgumentException("no column type has the Avro schema %s".formatted(schema));
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(java.util.Locale.ROOT);
        return kind == Kind.DECIMAL ? "%s(%d,%d)".formatted(name, precision, scale) : name;
    }
}
