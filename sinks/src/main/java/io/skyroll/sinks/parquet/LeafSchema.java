package io.skyroll.sinks.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.jsonType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timeType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.uuidType;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.parquet.schema.ColumnOrder;
import org.apache.parquet.schema.ConversionPatterns;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** The Parquet schema of a table's files: the HEALPix column, if rows are on the sky, then the row's columns, all optional. */
final class LeafSchema {
    /** The spatial key of HATS: the row's HEALPix cell at order 29, NESTED. */
    static final String HEALPIX_COLUMN = "_healpix_29";

    /** Most digits that a 4-byte and an 8-byte decimal can hold. */
    static final int INT32_DIGITS = 9;

    static final int INT64_DIGITS = 18;

    /** Arrow passes over the smallest and largest values of floating-point columns that have a newer order than this. */
    private static final ColumnOrder ARROWS = ColumnOrder.typeDefined();

    private LeafSchema() {}

    static MessageType of(RowSchema rows) {
        return of(rows, Set.of(), true);
    }

    /**
     * @param leftOut names of columns that are not in the file
     * @param hasSky whether there is the HEALPix column
     */
    static MessageType of(RowSchema rows, Set<String> leftOut, boolean hasSky) {
        List<Type> fields = new ArrayList<>();
        if (hasSky) {
            fields.add(Types.optional(PrimitiveTypeName.INT64).named(HEALPIX_COLUMN));
        }
        for (Column column : rows.columns()) {
            if (column.name().equals(HEALPIX_COLUMN)) {
                throw SkyrollException.configuration(
                        "%s: a column has the name %s, which the catalog keeps for the spatial key: rename or leave it out"
                                .formatted(rows.name(), HEALPIX_COLUMN));
            }
            if (!leftOut.contains(column.name())) {
                fields.add(field(column.name(), column.type()));
            }
        }
        // One name for all tables, as other writers have it: hats compares schemas, and a renamed table is no new
        // schema.
        return new MessageType("schema", fields);
    }

    /** A column of the schema. */
    static Type field(String name, ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
            case INT16 -> Types.optional(PrimitiveTypeName.INT32)
                    .as(intType(16, true))
                    .named(name);
            case INT32 -> Types.optional(PrimitiveTypeName.INT32).named(name);
            case INT64 -> Types.optional(PrimitiveTypeName.INT64).named(name);
            case FLOAT32 -> Types.optional(PrimitiveTypeName.FLOAT)
                    .columnOrder(ARROWS)
                    .named(name);
            case FLOAT64 -> Types.optional(PrimitiveTypeName.DOUBLE)
                    .columnOrder(ARROWS)
                    .named(name);
            case STRING, TEXT_FORM -> Types.optional(PrimitiveTypeName.BINARY)
                    .as(stringType())
                    .named(name);
            case DATE -> Types.optional(PrimitiveTypeName.INT32).as(dateType()).named(name);
            case TIMESTAMP -> Types.optional(PrimitiveTypeName.INT64)
                    .as(timestampType(false, TimeUnit.MICROS))
                    .named(name);
            case TIMESTAMP_UTC -> Types.optional(PrimitiveTypeName.INT64)
                    .as(timestampType(true, TimeUnit.MICROS))
                    .named(name);
            case DECIMAL -> decimal(name, type);
            case BYTES -> Types.optional(PrimitiveTypeName.BINARY).named(name);
            case TIME -> Types.optional(PrimitiveTypeName.INT64)
                    .as(timeType(false, TimeUnit.MICROS))
                    .named(name);
            case UUID -> Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                    .length(UuidValues.BYTES)
                    .as(uuidType())
                    .named(name);
            case JSON -> Types.optional(PrimitiveTypeName.BINARY).as(jsonType()).named(name);
            case LIST -> ConversionPatterns.listOfElements(
                    Type.Repetition.OPTIONAL,
                    name,
                    field(type.element().name(), type.element().type()));
            case RECORD -> new GroupType(
                    Type.Repetition.OPTIONAL,
                    name,
                    type.parts().stream()
                            .map(part -> field(part.name(), part.type()))
                            .toList());
        };
    }

    private static PrimitiveType decimal(String name, ColumnType type) {
        Types.PrimitiveBuilder<PrimitiveType> builder;
        if (type.precision() <= INT32_DIGITS) {
            builder = Types.optional(PrimitiveTypeName.INT32);
        } else if (type.precision() <= INT64_DIGITS) {
            builder = Types.optional(PrimitiveTypeName.INT64);
        } else {
            builder = Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY).length(decimalBytes(type.precision()));
        }
        return builder.as(decimalType(type.scale(), type.precision())).named(name);
    }

    /** The fewest bytes that hold every decimal of the given number of digits in two's complement. */
    static int decimalBytes(int precision) {
        return BigInteger.TEN.pow(precision).bitLength() / Byte.SIZE + 1;
    }
}
