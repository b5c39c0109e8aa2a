package io.skyroll.streams.filter;

import java.util.ArrayList;
import java.util.List;

/** CASE and COALESCE: the first alternative whose condition is true. What stands behind it is not computed. */
final class Choice {
    private final Code.Truth[] conditions;

    private Choice(Code.Truth[] conditions) {
        this.conditions = conditions;
    }

    /**
     * CASE.
     *
     * @param results one per condition, then the one of ELSE
     */
    static Expression when(List<Expression> conditions, List<Expression> results) {
        // PostgreSQL looks at ELSE first when it matches the types.
        List<Expression> ordered = new ArrayList<>(results);
        ordered.add(0, ordered.remove(ordered.size() - 1));
        return choose(conditions, results, common("CASE", ordered));
    }

    static Expression coalesce(List<Expression> arguments) {
        Type type = common("COALESCE", arguments);
        List<Expression> present = arguments.subList(0, arguments.size() - 1).stream()
                .map(argument -> Logic.not(Logic.isNull(argument)))
                .toList();
        return choose(present, arguments, type);
    }

    /** Leaves out the alternatives that constant conditions rule out, with the errors in them. */
    private static Expression choose(List<Expression> conditions, List<Expression> results, Type type) {
        List<Expression> typed =
                results.stream().map(result -> Casts.implicit(result, type)).toList();
        List<Expression> operands = new ArrayList<>();
        List<Code.Truth> when = new ArrayList<>();
        List<Code> then = new ArrayList<>();
        boolean decided = false;
        for (int i = 0; i < typed.size() && !decided; i++) {
            if (i < conditions.size()) {
                Expression condition = Logic.truth(conditions.get(i), "CASE/WHEN");
                if (condition.isAlways(Code.FALSE) || condition.isAlways(Code.UNKNOWN)) {
                    continue;
                }
                decided = condition.isAlways(Code.TRUE);
                operands.add(condition);
                if (!decided) {
                    when.add(condition.truth());
                }
            }
            operands.add(typed.get(i));
            then.add(typed.get(i).code());
        }
        Choice choice = new Choice(when.toArray(Code.Truth[]::new));
        Code code = choice.code(type, then.toArray(Code[]::new));
        return Expression.of(type, code, operands.toArray(Expression[]::new));
    }

    private Code code(Type type, Code[] codes) {
        return switch (type.form()) {
            case TRUTH -> (Code.Truth) frame -> ((Code.Truth) codes[index(frame)]).of(frame);
            case WHOLE -> (Code.Whole) frame -> ((Code.Whole) codes[index(frame)]).of(frame);
            case REAL -> (Code.Real) frame -> ((Code.Real) codes[index(frame)]).of(frame);
            case EXACT -> (Code.Exact) frame -> ((Code.Exact) codes[index(frame)]).of(frame);
            case TEXT -> (Code.Text) frame -> ((Code.Text) codes[index(frame)]).of(frame);
            case UNTYPED -> throw new IllegalStateException("alternatives have no type");
        };
    }

    private static Type common(String user, List<Expression> expressions) {
        Type type = Type.common(expressions);
        if (type == null) {
            throw new FilterError("%s types cannot be matched: %s"
                    .formatted(
                            user,
                            expressions.stream()
                                    .map(e -> e.type().sqlName())
                                    .distinct()
                                    .toList()));
        }
        return type;
    }

    private int index(Frame frame) {
        for (int i = 0; i < conditions.length; i++) {
            if (conditions[i].of(frame) == Code.TRUE) {
                return i;
            }
        }
        return conditions.length;
    }
}
