package io.skyroll.streams.filter;

import java.math.BigDecimal;
import java.util.Arrays;

/** Compares two expressions: =, &lt;&gt;, &lt;, &lt;=, &gt;, &gt;=, IS [NOT] DISTINCT FROM. */
final class Comparisons {
    private Comparisons() {}

    /** Compares at the type at which the operands meet. */
    static Expression compare(Relation relation, Expression left, Expression right) {
        Type type = operands(relation.symbol(), left, right);
        if (relation.isOrdering() && type == Type.TEXT) {
            throw new FilterError(
                    "text %s text depends on the database's collation, which a row does not carry: use =, <>, IN or LIKE"
                            .formatted(relation.symbol()));
        }
        Expression a = comparable(left, type);
        Expression b = comparable(right, type);
        if (type == Type.NUMERIC && isKnown(b) && !left.isConstant()) {
            return withConstant(relation, left, b);
        }
        if (type == Type.NUMERIC && isKnown(a) && !right.isConstant()) {
            return withConstant(relation.mirrored(), right, a);
        }
        Code.Truth code =
                switch (type.form()) {
                    case WHOLE -> wholes(relation, a.whole(), b.whole());
                    case TRUTH -> wholes(relation, Casts.truthToWhole(a.truth()), Casts.truthToWhole(b.truth()));
                    case REAL -> reals(relation, a.real(), b.real());
                    case EXACT -> exacts(relation, a.exact(), b.exact());
                    case TEXT -> texts(relation, a.text(), b.text());
                    case UNTYPED -> throw new IllegalStateException("operands have no type");
                };
        return Expression.strict(Type.BOOLEAN, code, a, b);
    }

    /** Whether two values differ, where NULL is a value like others. */
    static Expression distinct(Expression left, Expression right) {
        Expression comparison = compare(Relation.NOT_EQUAL, left, right);
        Code.Truth differ = comparison.truth();
        Code.Truth leftNull = Logic.isNull(left).truth();
        Code.Truth rightNull = Logic.isNull(right).truth();
        Code.Truth code = frame -> {
            int value = differ.of(frame);
            return value == Code.UNKNOWN ? leftNull.of(frame) ^ rightNull.of(frame) : value;
        };
        Expression distinct = Expression.of(Type.BOOLEAN, code, left, right);
        return comparison.isConstant() ? distinct : distinct.variable();
    }

    /** The type at which a comparison's operands meet. */
    static Type operands(String operator, Expression left, Expression right) {
        Type type = Type.operands(left.type(), right.type());
        if (type == null) {
            throw new FilterError("operator does not exist: %s %s %s"
                    .formatted(left.type().sqlName(), operator, right.type().sqlName()));
        }
        return type;
    }

    /** PostgreSQL's order of floating-point numbers: NaN equals itself and is above all others; -0 equals 0. */
    static int compare(double left, double right) {
        if (left < right) {
            return -1;
        }
        if (left > right) {
            return 1;
        }
        if (left == right) {
            return 0;
        }
        return Boolean.compare(Double.isNaN(left), Double.isNaN(right));
    }

    private static Expression comparable(Expression operand, Type type) {
        boolean widened = operand.type() == Type.DATE && type != Type.DATE;
        return widened ? Casts.time(operand, type, Dates::toComparableMicros) : Casts.implicit(operand, type);
    }

    private static Code.Truth wholes(Relation relation, Code.Whole left, Code.Whole right) {
        return frame -> {
            long a = left.of(frame);
            boolean isNull = frame.isNull;
            long b = right.of(frame);
            return isNull || frame.isNull ? Code.UNKNOWN : relation.holds(Long.compare(a, b));
        };
    }

    private static Code.Truth reals(Relation relation, Code.Real left, Code.Real right) {
        return frame -> {
            double a = left.of(frame);
            boolean isNull = frame.isNull;
            double b = right.of(frame);
            return isNull || frame.isNull ? Code.UNKNOWN : relation.holds(compare(a, b));
        };
    }

    private static Code.Truth exacts(Relation relation, Code.Exact left, Code.Exact right) {
        return frame -> {
            BigDecimal a = left.of(frame);
            boolean isNull = frame.isNull;
            BigDecimal b = right.of(frame);
            return isNull || frame.isNull ? Code.UNKNOWN : relation.holds(a.compareTo(b));
        };
    }

    private static Code.Truth texts(Relation relation, Code.Text left, Code.Text right) {
        return frame -> {
            long a = left.of(frame);
            boolean isNull = frame.isNull;
            byte[] text = frame.text;
            long b = right.of(frame);
            if (isNull || frame.isNull) {
                return Code.UNKNOWN;
            }
            int aStart = Code.Text.start(a);
            int bStart = Code.Text.start(b);
            boolean equal = Arrays.equals(
                    text, aStart, aStart + Code.Text.length(a), frame.text, bStart, bStart + Code.Text.length(b));
            return relation.holds(equal ? 0 : 1);
        };
    }

    private static boolean isKnown(Expression operand) {
        return operand.isConstant() && !operand.hasFailed() && !operand.isAlwaysNull();
    }

    /** Compares with a numeric constant, making no decimals where whole numbers will do. */
    private static Expression withConstant(Relation relation, Expression left, Expression constant) {
        BigDecimal value = constant.exact().of(new Frame());
        Code.Truth code;
        if (left.code() instanceof Columns.DecimalColumn column) {
            Threshold threshold = Threshold.of(value, column.scale());
            code = row -> column.isNullIn(row) ? Code.UNKNOWN : relation.holds(column.compare(row, threshold, value));
        } else if (left.type().isInteger()) {
            Threshold threshold = Threshold.of(value, 0);
            Code.Whole whole = left.whole();
            code = row -> {
                long number = whole.of(row);
                return row.isNull ? Code.UNKNOWN : relation.holds(threshold.compare(number));
            };
        } else {
            code = exacts(relation, left.exact(), constant.exact());
        }
        return Expression.strict(Type.BOOLEAN, code, left, constant);
    }
}
