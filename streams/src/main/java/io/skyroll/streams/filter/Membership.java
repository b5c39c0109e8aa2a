package io.skyroll.streams.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IN with a list. */
final class Membership {
    private Membership() {}

    /**
     * As PostgreSQL takes it apart: if more than one item is constant and they have a common type with the left side, the
     * constants are cast to that type and looked up together; each other item is compared by itself. So
     * {@code real_column IN (0.1, 0.2)} compares as real, where {@code real_column = 0.1} compares as double precision.
     */
    static Expression in(Expression left, List<Expression> items) {
        List<Expression> constants =
                items.stream().filter(Expression::isConstant).toList();
        List<Expression> others =
                items.stream().filter(item -> !item.isConstant()).toList();
        Type common = constants.size() > 1 ? common(left, constants) : null;
        if (common == null) {
            return any(left, items);
        }
        List<Expression> cast =
                constants.stream().map(item -> Casts.implicit(item, common)).toList();
        Expression found = lookup(left, cast);
        return others.isEmpty() ? found : Logic.or(found, any(left, others));
    }

    private static @Nullable Type common(Expression left, List<Expression> constants) {
        List<Expression> all = new ArrayList<>(constants);
        all.add(0, left);
        return Type.common(all);
    }

    private static Expression any(Expression left, List<Expression> items) {
        return items.stream()
                .map(item -> Comparisons.compare(Relation.EQUAL, left, item))
                .reduce(Logic::or)
                .orElseThrow();
    }

    private static Expression lookup(Expression left, List<Expression> items) {
        Type type = items.get(0).type();
        if (items.stream().anyMatch(Expression::hasFailed)
                || type.form() != Type.Form.WHOLE
                || (type != left.type() && !left.type().isInteger())) {
            return any(left, items);
        }
        Frame frame = new Frame();
        long[] values = new long[items.size()];
        int count = 0;
        for (Expression item : items) {
            values[count] = item.whole().of(frame);
            count += frame.isNull ? 0 : 1;
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        int absent = count < values.length ? Code.UNKNOWN : Code.FALSE;
        Code.Whole code = left.whole();
        Code.Truth found = row -> {
            long value = code.of(row);
            if (row.isNull) {
                return Code.UNKNOWN;
            }
            return Arrays.binarySearch(sorted, value) >= 0 ? Code.TRUE : absent;
        };
        return Expression.of(Type.BOOLEAN, found, left);
    }
}
