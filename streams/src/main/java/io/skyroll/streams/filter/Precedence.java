package io.skyroll.streams.filter;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlPostfixOperator;

/**
 * Makes sure that PostgreSQL would read a predicate as the parser did. The two rank some operators differently (comparisons of
 * comparisons, IS behind other operators): where it matters and no parentheses stand, the predicate is refused. The ranks are
 * those of the table "Operator Precedence" in PostgreSQL's manual.
 */
final class Precedence {
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int IS = 4;
    private static final int COMPARISON = 5;
    private static final int RANGE = 6;
    private static final int SUM = 8;
    private static final int PRODUCT = 9;
    private static final int SIGN = 11;
    private static final int CLOSED = 12;

    private final Source source;

    Precedence(Source source) {
        this.source = source;
    }

    /** Checks a call's operands against the call. */
    void check(SqlCall call) {
        int rank = rank(call);
        if (rank == CLOSED) {
            return;
        }
        List<SqlNode> operands = call.getOperandList();
        boolean leftAssociative = rank == OR || rank == AND || rank == SUM || rank == PRODUCT;
        boolean unary = operands.size() == 1;
        for (int i = 0; i < operands.size(); i++) {
            boolean sameRankFits = unary || (i == 0 && leftAssociative);
            if (operands.get(i) instanceof SqlCall inner && !source.isParenthesised(inner.getParserPosition())) {
                int innerRank = rank(inner);
                if (innerRank < rank || (innerRank == rank && !sameRankFits)) {
                    throw new FilterError("PostgreSQL would not read this as (%s): put parentheses where you mean them"
                            .formatted(source.slice(inner.getParserPosition())));
                }
            }
        }
    }

    private static int rank(SqlCall call) {
        SqlKind kind = call.getKind();
        if (call.getOperator() instanceof SqlPostfixOperator) {
            return IS;
        }
        return switch (kind) {
            case OR -> OR;
            case AND -> AND;
            case NOT -> NOT;
            case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM -> IS;
            case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> COMPARISON;
            case BETWEEN, IN, NOT_IN, LIKE -> RANGE;
            case PLUS, MINUS -> SUM;
            case TIMES, DIVIDE, MOD -> PRODUCT;
            case MINUS_PREFIX, PLUS_PREFIX -> SIGN;
            default -> CLOSED;
        };
    }
}
