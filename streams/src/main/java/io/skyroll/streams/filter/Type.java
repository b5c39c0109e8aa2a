package io.skyroll.streams.filter;

import io.skyroll.schemas.row.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types that an expression can have, and PostgreSQL's rules for which of them meet as which. */
enum Type {
    BOOLEAN("boolean", Category.BOOLEAN, Form.TRUTH),
    INT2("smallint", Category.NUMBER, Form.WHOLE),
    INT4("integer", Category.NUMBER, Form.WHOLE),
    INT8("bigint", Category.NUMBER, Form.WHOLE),
    NUMERIC("numeric", Category.NUMBER, Form.EXACT),
    FLOAT4("real", Category.NUMBER, Form.REAL),
    FLOAT8("double precision", Category.NUMBER, Form.REAL),
    TEXT("text", Category.STRING, Form.TEXT),
    DATE("date", Category.TIME, Form.WHOLE),
    TIMESTAMP("timestamp without time zone", Category.TIME, Form.WHOLE),
    TIMESTAMPTZ("timestamp with time zone", Category.TIME, Form.WHOLE),
    UNKNOWN("unknown", Category.UNKNOWN, Form.UNTYPED);

    /** Types of different categories never meet implicitly. */
    enum Category {
        BOOLEAN,
        NUMBER,
        STRING,
        TIME,
        UNKNOWN
    }

    /** Which form of {@link Code} computes values of the type. */
    enum Form {
        TRUTH,
        WHOLE,
        REAL,
        EXACT,
        TEXT,
        UNTYPED
    }

    private final String sqlName;
    private final Category category;
    private final Form form;

    Type(String sqlName, Category category, Form form) {
        this.sqlName = sqlName;
        this.category = category;
        this.form = form;
    }

    /** The type of a column that {@link Columns#canRead can be read}. */
    static Type of(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> BOOLEAN;
            case INT16 -> INT2;
            case INT32 -> INT4;
            case INT64 -> INT8;
            case FLOAT32 -> FLOAT4;
            case FLOAT64 -> FLOAT8;
            case STRING -> TEXT;
            case DATE -> DATE;
            case TIMESTAMP -> TIMESTAMP;
            case TIMESTAMP_UTC -> TIMESTAMPTZ;
            case DECIMAL -> NUMERIC;
            default -> throw new IllegalArgumentException("no expression has the type %s".formatted(type));
        };
    }

    /** The type's name in PostgreSQL's messages. */
    String sqlName() {
        return sqlName;
    }

    Category category() {
        return category;
    }

    Form form() {
        return form;
    }

    boolean isInteger() {
        return this == INT2 || this == INT4 || this == INT8;
    }

    boolean isFloat() {
        return this == FLOAT4 || this == FLOAT8;
    }

    /** Whether the value is in the range of an integer type. */
    boolean holds(long value) {
        return switch (this) {
            case INT2 -> value == (short) value;
            case INT4 -> value == (int) value;
            default -> true;
        };
    }

    /** The error of a value that is not in the type's range. */
    FilterError outOfRange() {
        return new FilterError(sqlName + " out of range");
    }

    /**
     * The type at which a binary operator takes both operands (PostgreSQL's manual, "Operator Type Resolution"): a literal
     * takes the other's type; integers meet at the wider; integers meet numeric exactly; what meets a float becomes double
     * precision, unless both are real.
     *
     * @return null if no operator takes them
     */
    static @Nullable Type operands(Type left, Type right) {
        if (left == right) {
            return left == UNKNOWN ? TEXT : left;
        }
        if (left == UNKNOWN) {
            return right;
        }
        if (right == UNKNOWN) {
            return left;
        }
        if (left.category != right.category) {
            return null;
        }
        if (left.isFloat() || right.isFloat()) {
            return FLOAT8;
        }
        return left.compareTo(right) < 0 ? right : left;
    }

    /**
     * The type of a list of alternatives (PostgreSQL's manual, "UNION, CASE, and Related Constructs"). It depends on the order:
     * real and numeric meet at real.
     *
     * @return null if they cannot be matched
     */
    static @Nullable Type common(List<Expression> expressions) {
        Type common = UNKNOWN;
        for (Expression expression : expressions) {
            Type next = expression.type();
            if (common == UNKNOWN) {
                common = next;
            } else if (next != UNKNOWN && next != common) {
                if (next.category != common.category) {
                    return null;
                }
                // Within a category the types stand in the order of their implicit casts.
                common = next.compareTo(common) > 0 ? next : common;
            }
        }
        return common == UNKNOWN ? TEXT : common;
    }
}
