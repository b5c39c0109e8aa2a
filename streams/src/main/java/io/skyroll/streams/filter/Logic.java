package io.skyroll.streams.filter;

import io.skyroll.schemas.row.RowPlan;

/** Three-valued logic: AND, OR, NOT, IS [NOT] NULL, TRUE, FALSE, UNKNOWN. */
final class Logic {
    private Logic() {}

    /** Takes an operand as a truth value. */
    static Expression truth(Expression operand, String user) {
        if (operand.type() != Type.BOOLEAN && operand.type() != Type.UNKNOWN) {
            throw new FilterError("argument of %s must be type boolean, not type %s"
                    .formatted(user, operand.type().sqlName()));
        }
        return Casts.implicit(operand, Type.BOOLEAN);
    }

    /** The right side is not computed where the left side decides; neither is where a constant does. */
    static Expression and(Expression left, Expression right) {
        Expression a = truth(left, "AND");
        Expression b = truth(right, "AND");
        if (a.isAlways(Code.FALSE) || (b.isAlways(Code.FALSE) && !a.hasFailed())) {
            return Literal.truth(Code.FALSE);
        }
        return Expression.of(Type.BOOLEAN, and(a.truth(), b.truth()), a, b);
    }

    static Expression or(Expression left, Expression right) {
        Expression a = truth(left, "OR");
        Expression b = truth(right, "OR");
        if (a.isAlways(Code.TRUE) || (b.isAlways(Code.TRUE) && !a.hasFailed())) {
            return Literal.truth(Code.TRUE);
        }
        return Expression.of(Type.BOOLEAN, or(a.truth(), b.truth()), a, b);
    }

    static Expression not(Expression operand) {
        Code.Truth code = truth(operand, "NOT").truth();
        Code.Truth negated = frame -> {
            int value = code.of(frame);
            return value == Code.UNKNOWN ? value : value ^ 1;
        };
        return Expression.of(Type.BOOLEAN, negated, operand);
    }

    static Expression isNull(Expression operand) {
        return Expression.of(Type.BOOLEAN, nullTest(operand.code()), operand);
    }

    /** Whether the operand has a certain truth value: never unknown. */
    static Expression is(Expression operand, int value, String user) {
        Code.Truth code = truth(operand, user).truth();
        return Expression.of(Type.BOOLEAN, (Code.Truth) frame -> Code.truth(code.of(frame) == value), operand);
    }

    private static Code.Truth and(Code.Truth left, Code.Truth right) {
        return frame -> {
            int a = left.of(frame);
            if (a == Code.FALSE) {
                return Code.FALSE;
            }
            int b = right.of(frame);
            return b == Code.TRUE ? a : b;
        };
    }

    private static Code.Truth or(Code.Truth left, Code.Truth right) {
        return frame -> {
            int a = left.of(frame);
            if (a == Code.TRUE) {
                return Code.TRUE;
            }
            int b = right.of(frame);
            return b == Code.FALSE ? a : b;
        };
    }

    /** Whether a column is NULL, which can be told without reading its value. */
    static Code.Truth nullTest(int column) {
        return frame -> Code.truth(frame.offsets[column] == RowPlan.NULL);
    }

    static Code.Truth nullTest(Code code) {
        if (code instanceof Code.Column column) {
            return nullTest(column.index());
        }
        if (code instanceof Code.Untyped literal) {
            int isNull = Code.truth(literal.text() == null);
            return frame -> isNull;
        }
        if (code instanceof Code.Truth truth) {
            return frame -> Code.truth(truth.of(frame) == Code.UNKNOWN);
        }
        return frame -> {
            if (code instanceof Code.Whole whole) {
                whole.of(frame);
            } else if (code instanceof Code.Real real) {
                real.of(frame);
            } else if (code instanceof Code.Exact exact) {
                exact.of(frame);
            } else {
                ((Code.Text) code).of(frame);
            }
            return Code.truth(frame.isNull);
        };
    }
}
