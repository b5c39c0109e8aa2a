package io.skyroll.streams.filter;

import org.jspecify.annotations.Nullable;

/**
 * A typed expression. Like PostgreSQL's planner, it computes what has no columns when it is made, and leaves out what constants
 * decide: an error in a constant part is found at start, unless no row could get there.
 *
 * @param type its type; says which form the code has
 * @param code computes its value
 * @param isConstant whether it reads no column
 * @param failure the error of its first constant part that has one: a {@link FilterError}, or that with its place in the predicate
 */
record Expression(Type type, Code code, boolean isConstant, @Nullable RuntimeException failure) {

    Expression(Type type, Code code, boolean isConstant) {
        this(type, code, isConstant, null);
    }

    /** An expression made of others, of which all are computed. */
    static Expression of(Type type, Code code, Expression... operands) {
        boolean isConstant = true;
        for (Expression operand : operands) {
            if (operand.failure != null) {
                return new Expression(type, code, false, operand.failure);
            }
            isConstant &= operand.isConstant;
        }
        if (!isConstant) {
            return new Expression(type, code, false);
        }
        try {
            return Literal.computed(type, code);
        } catch (FilterError wrong) {
            return new Expression(type, code, true, wrong);
        }
    }

    /** An expression made of others that is NULL if one of them is. If one is always NULL, the others are not computed. */
    static Expression strict(Type type, Code code, Expression... operands) {
        Expression expression = of(type, code, operands);
        if (expression.failure == null) {
            for (Expression operand : operands) {
                if (operand.isAlwaysNull()) {
                    return Literal.nullOf(type);
                }
            }
        }
        return expression;
    }

    /** Not taken for a constant, unless it is NULL: what depends on the session's time zone is not known to PostgreSQL's planner. */
    Expression variable() {
        return isAlwaysNull() ? this : new Expression(type, code, false, failure);
    }

    /** Whether it is a constant that is NULL. */
    boolean isAlwaysNull() {
        return isConstant && failure == null && Logic.nullTest(code).of(new Frame()) == Code.TRUE;
    }

    /** Whether it is a constant with a certain truth value. */
    boolean isAlways(int truth) {
        return isConstant && failure == null && truth().of(new Frame()) == truth;
    }

    boolean hasFailed() {
        return failure != null;
    }

    Expression failing(RuntimeException located) {
        return new Expression(type, code, isConstant, located);
    }

    /** The same code, taken for a value of another type of the same form. */
    Expression as(Type other) {
        return new Expression(other, code, isConstant, failure);
    }

    Code.Truth truth() {
        return (Code.Truth) code;
    }

    Code.Whole whole() {
        return (Code.Whole) code;
    }

    Code.Real real() {
        return (Code.Real) code;
    }

    Code.Exact exact() {
        return (Code.Exact) code;
    }

    Code.Text text() {
        return (Code.Text) code;
    }
}
