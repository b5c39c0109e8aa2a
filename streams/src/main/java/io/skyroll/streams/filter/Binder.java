package io.skyroll.streams.filter;

import io.skyroll.schemas.row.RowSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.jspecify.annotations.Nullable;

/** Turns a syntax tree into typed code, from the leaves up; an error gets the place of the innermost node that has it. */
final class Binder {
    private final String filter;
    private final Source source;
    private final ColumnNames columns;
    private final Precedence precedence;

    Binder(String filter, Source source, RowSchema schema) {
        this.filter = filter;
        this.source = source;
        this.columns = new ColumnNames(schema);
        this.precedence = new Precedence(source);
    }

    Code.Truth predicate(SqlNode root) {
        try {
            Expression predicate = Logic.truth(bind(root), "WHERE");
            if (predicate.failure() != null) {
                throw predicate.failure();
            }
            return predicate.truth();
        } catch (FilterError wrong) {
            throw PredicateParser.located(filter, root.getParserPosition(), wrong);
        }
    }

    private Expression bind(SqlNode node) {
        try {
            if (node instanceof SqlCall call && !(call instanceof SqlCase)) {
                precedence.check(call);
            }
            Expression expression = expression(node);
            return expression.failure() instanceof FilterError wrong
                    ? expression.failing(PredicateParser.located(filter, node.getParserPosition(), wrong))
                    : expression;
        } catch (FilterError wrong) {
            throw PredicateParser.located(filter, node.getParserPosition(), wrong);
        }
    }

    private List<Expression> bindAll(List<SqlNode> nodes) {
        return nodes.stream().map(this::bind).toList();
    }

    private Expression expression(SqlNode node) {
        Expression expression = null;
        if (node instanceof SqlIdentifier identifier) {
            expression = columns.resolve(identifier);
        } else if (node instanceof SqlLiteral literal) {
            expression = Constants.typed(literal, source);
        } else if (node instanceof SqlCase choice) {
            expression = choice(choice);
        } else if (node instanceof SqlCall call) {
            expression = call(call, call.getOperandList());
        }
        if (expression == null) {
            throw new FilterError(
                    "%s is not supported: a filter has columns of one row, literals, AND, OR, NOT, comparisons, BETWEEN, IN, LIKE, IS, "
                                    .formatted(source.slice(node.getParserPosition()))
                            + "arithmetic, CASE, CAST and functions");
        }
        return expression;
    }

    private @Nullable Expression call(SqlCall call, List<SqlNode> operands) {
        return switch (call.getKind()) {
            case AND -> Logic.and(bind(operands.get(0)), bind(operands.get(1)));
            case OR -> Logic.or(bind(operands.get(0)), bind(operands.get(1)));
            case NOT -> Logic.not(bind(operands.get(0)));
            case EQUALS -> compare(Relation.EQUAL, operands);
            case NOT_EQUALS -> compare(Relation.NOT_EQUAL, operands);
            case LESS_THAN -> compare(Relation.LESS, operands);
            case LESS_THAN_OR_EQUAL -> compare(Relation.LESS_OR_EQUAL, operands);
            case GREATER_THAN -> compare(Relation.GREATER, operands);
            case GREATER_THAN_OR_EQUAL -> compare(Relation.GREATER_OR_EQUAL, operands);
            case IS_DISTINCT_FROM -> Comparisons.distinct(bind(operands.get(0)), bind(operands.get(1)));
            case IS_NOT_DISTINCT_FROM -> Logic.not(Comparisons.distinct(bind(operands.get(0)), bind(operands.get(1))));
            case PLUS -> compute(Arithmetic.Operator.ADD, operands);
            case MINUS -> compute(Arithmetic.Operator.SUBTRACT, operands);
            case TIMES -> compute(Arithmetic.Operator.MULTIPLY, operands);
            case DIVIDE -> compute(Arithmetic.Operator.DIVIDE, operands);
            case MINUS_PREFIX -> Arithmetic.negate(bind(operands.get(0)));
            case PLUS_PREFIX -> Arithmetic.affirm(bind(operands.get(0)));
            case BETWEEN -> between((SqlBetweenOperator) call.getOperator(), bindAll(operands));
            case IN -> in(operands);
            case NOT_IN -> Logic.not(in(operands));
            case LIKE -> like((SqlLikeOperator) call.getOperator(), bindAll(operands));
            case CAST -> TypeNames.cast(bind(operands.get(0)), operands.get(1).toString());
            default -> named(call, operands);
        };
    }

    private @Nullable Expression named(SqlCall call, List<SqlNode> operands) {
        String name = call.getOperator().getName();
        return switch (name) {
            case "%" -> compute(Arithmetic.Operator.REMAINDER, operands);
            case "IS NULL" -> isNull(operands.get(0));
            case "IS NOT NULL" -> Logic.not(isNull(operands.get(0)));
            case "IS TRUE" -> Logic.is(bind(operands.get(0)), Code.TRUE, name);
            case "IS NOT TRUE" -> Logic.not(Logic.is(bind(operands.get(0)), Code.TRUE, name));
            case "IS FALSE" -> Logic.is(bind(operands.get(0)), Code.FALSE, name);
            case "IS NOT FALSE" -> Logic.not(Logic.is(bind(operands.get(0)), Code.FALSE, name));
            case "IS UNKNOWN" -> Logic.is(bind(operands.get(0)), Code.UNKNOWN, name);
            case "IS NOT UNKNOWN" -> Logic.not(Logic.is(bind(operands.get(0)), Code.UNKNOWN, name));
            default -> call.getOperator() instanceof SqlFunction ? function(name, operands) : null;
        };
    }

    private Expression isNull(SqlNode operand) {
        return operand instanceof SqlIdentifier column ? columns.isNull(column) : Logic.isNull(bind(operand));
    }

    private Expression function(String name, List<SqlNode> operands) {
        Functions.requireSupported(name);
        return Functions.call(name, bindAll(operands));
    }

    private Expression compare(Relation relation, List<SqlNode> operands) {
        return Comparisons.compare(relation, bind(operands.get(0)), bind(operands.get(1)));
    }

    private Expression compute(Arithmetic.Operator operator, List<SqlNode> operands) {
        return Arithmetic.compute(operator, bind(operands.get(0)), bind(operands.get(1)));
    }

    private Expression between(SqlBetweenOperator operator, List<Expression> operands) {
        Expression value = operands.get(0);
        Expression within = within(value, operands.get(1), operands.get(2));
        if (operator.flag == SqlBetweenOperator.Flag.SYMMETRIC) {
            within = Logic.or(within, within(value, operands.get(2), operands.get(1)));
        }
        return operator.isNegated() ? Logic.not(within) : within;
    }

    private static Expression within(Expression value, Expression low, Expression high) {
        return Logic.and(
                Comparisons.compare(Relation.GREATER_OR_EQUAL, value, low),
                Comparisons.compare(Relation.LESS_OR_EQUAL, value, high));
    }

    private Expression in(List<SqlNode> operands) {
        if (!(operands.get(1) instanceof SqlNodeList items)) {
            throw new FilterError("IN with a query is not supported: a filter sees one row; list the values");
        }
        return Membership.in(bind(operands.get(0)), bindAll(items.getList()));
    }

    private static Expression like(SqlLikeOperator operator, List<Expression> operands) {
        Expression escape = operands.size() > 2 ? operands.get(2) : null;
        Expression like = Like.like(operands.get(0), operands.get(1), escape, !operator.isCaseSensitive());
        return operator.isNegated() ? Logic.not(like) : like;
    }

    private Expression choice(SqlCase choice) {
        List<Expression> conditions = new ArrayList<>();
        for (SqlNode when : choice.getWhenOperands()) {
            // The parser writes CASE a WHEN b as CASE WHEN a = b; such a comparison, made of closed parts, needs no
            // parentheses.
            boolean made =
                    when.getKind() == SqlKind.EQUALS && when.getParserPosition().equals(choice.getParserPosition());
            conditions.add(made ? expression(when) : bind(when));
        }
        List<Expression> results =
                new ArrayList<>(bindAll(choice.getThenOperands().getList()));
        SqlNode otherwise = choice.getElseOperand();
        results.add(otherwise == null ? Literal.untyped(null) : bind(otherwise));
        return Choice.when(conditions, results);
    }
}
