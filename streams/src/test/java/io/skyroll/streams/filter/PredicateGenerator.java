package io.skyroll.streams.filter;

import java.util.List;
import java.util.Random;

/** Writes random predicates on {@link NastyTable}: most are well typed, some are not. */
final class PredicateGenerator {
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "2",
            "3",
            "12",
            "32767",
            "2147483647",
            "2147483648",
            "-2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "0.1",
            "0.5",
            "1.5",
            "-2.5",
            "12.0",
            "12.500",
            "1e3",
            "1e-3",
            "1e30",
            "16777217",
            "9007199254740993",
            "0.10000000149011612",
            "NULL");
    private static final List<String> NUMBER_STRINGS = List.of(
            "'1'",
            "'12'",
            "' 2 '",
            "'1.5'",
            "'0.1'",
            "'-1'",
            "'NaN'",
            "'Infinity'",
            "'-inf'",
            "'1e3'",
            "'abc'",
            "''",
            "'99999999999'",
            "'1e400'");
    private static final List<String> NUMBER_COLUMNS =
            List.of("i2", "i4", "i8", "f4", "f8", "n", "w", "id", "\"Odd \"\"name\"");
    private static final List<String> TEXTS = List.of(
            "t",
            "u",
            "''",
            "'a'",
            "'A'",
            "'ab'",
            "'g'",
            "'%'",
            "'ü'",
            "'☃'",
            "'12'",
            "'a%b'",
            "'a\\b'",
            "NULL",
            "COALESCE(t, u)",
            "COALESCE(t, 'a')");
    private static final List<String> PATTERNS = List.of(
            "'%'",
            "'_'",
            "'a%'",
            "'%b'",
            "'%a%'",
            "'a_b'",
            "'a\\%b'",
            "'a\\\\b'",
            "'__'",
            "'ü'",
            "'Ü%'",
            "'_x'",
            "'%\\'",
            "'a\\'",
            "''",
            "u",
            "NULL",
            "'%_%'",
            "'%_\\_%'",
            "'a!%b' ESCAPE '!'",
            "'%\\%' ESCAPE ''",
            "'A%'",
            "'%\\b'",
            "'%12%'");
    private static final List<String> TIMES = List.of(
            "d",
            "ts",
            "tz",
            "\"date\"",
            "DATE '2000-01-01'",
            "DATE '2025-01-01'",
            "TIMESTAMP '2025-01-01'",
            "TIMESTAMP '2025-01-01 12:30:00.5'",
            "TIMESTAMP WITH TIME ZONE '2025-01-01 00:00:00+02'",
            "TIMESTAMP WITH TIME ZONE '2025-01-01'",
            "'2025-01-01'",
            "'1970-01-01'",
            "NULL",
            "'infinity'",
            "DATE '-infinity'",
            "TIMESTAMP '1969-12-31T23:59:59.999999'",
            "'2025-13-01'",
            "'no date'",
            "CAST(ts AS date)",
            "CAST(d AS timestamp)",
            "COALESCE(d, ts)",
            "CASE WHEN b THEN ts ELSE tz END");
    private static final List<String> COMPARISONS =
            List.of("=", "<>", "!=", "<", "<=", ">", ">=", "=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM");
    private static final List<String> INTEGER_TYPES = List.of("smallint", "int", "bigint");
    private static final List<String> OTHER_TYPES =
            List.of("real", "double precision", "numeric", "numeric(6,2)", "numeric(3)");

    private final Random random;

    PredicateGenerator(Random random) {
        this.random = random;
    }

    String predicate(int depth) {
        int choice = random.nextInt(depth > 0 ? 20 : 12);
        return switch (choice) {
            case 0, 1, 2, 3 -> number(1) + " " + pick(COMPARISONS) + " " + number(1);
            case 4 -> pick(TEXTS) + (random.nextBoolean() ? " = " : " <> ") + pick(TEXTS);
            case 5 -> pick(TIMES) + " " + pick(COMPARISONS) + " " + pick(TIMES);
            case 6 -> pick(TEXTS) + pick(List.of(" LIKE ", " NOT LIKE ", " ILIKE ", " NOT ILIKE ")) + pick(PATTERNS);
            case 7 -> number(1) + pick(List.of(" BETWEEN ", " NOT BETWEEN ", " BETWEEN SYMMETRIC ")) + number(0)
                    + " AND " + number(0);
            case 8 -> in();
            case 9 -> any() + pick(List.of(" IS NULL", " IS NOT NULL"));
            case 10 -> pick(List.of(
                    "b",
                    "b2",
                    "TRUE",
                    "FALSE",
                    "NULL",
                    "b = b2",
                    "b < b2",
                    "b <> 't'",
                    "b IS NOT DISTINCT FROM b2",
                    "'on'"));
            case 11 -> random.nextInt(4) == 0 ? any() + " " + pick(COMPARISONS) + " " + any() : "b";
            case 12, 13, 14 -> "(" + predicate(depth - 1) + " AND " + predicate(depth - 1) + ")";
            case 15, 16 -> "(" + predicate(depth - 1) + " OR " + predicate(depth - 1) + ")";
            case 17 -> "NOT (" + predicate(depth - 1) + ")";
            case 18 -> "(" + predicate(depth - 1) + ") IS " + pick(List.of("", "NOT "))
                    + pick(List.of("TRUE", "FALSE", "UNKNOWN"));
            default -> "CASE WHEN " + predicate(depth - 1) + " THEN " + predicate(depth - 1) + " ELSE "
                    + predicate(depth - 1) + " END";
        };
    }

    private String number(int depth) {
        int choice = random.nextInt(depth > 0 ? 22 : 12);
        return switch (choice) {
            case 0, 1, 2, 3, 4, 5, 6 -> pick(NUMBER_COLUMNS);
            case 7, 8, 9, 10 -> pick(NUMBERS);
            case 11 -> random.nextInt(4) == 0 ? pick(NUMBER_STRINGS) : pick(NUMBER_COLUMNS);
            case 12, 13, 14, 15, 16 -> "(" + number(depth - 1) + pick(List.of(" + ", " - ", " * ", " / ", " % "))
                    + number(depth - 1) + ")";
            case 17 -> "-(" + number(depth - 1) + ")";
            case 18 -> pick(List.of("abs", "floor", "ceil", "sqrt", "ceiling")) + "(" + number(depth - 1) + ")";
            case 19 -> "COALESCE(" + number(depth - 1) + ", " + number(depth - 1) + ")";
            case 20 -> "CAST(" + number(depth - 1) + " AS "
                    + (random.nextBoolean() ? pick(INTEGER_TYPES) : pick(OTHER_TYPES)) + ")";
            default -> "CASE WHEN " + predicate(0) + " THEN " + number(depth - 1) + " ELSE " + number(depth - 1)
                    + " END";
        };
    }

    private String in() {
        boolean numbers = random.nextInt(3) > 0;
        StringBuilder list = new StringBuilder(numbers ? number(0) : pick(TEXTS))
                .append(random.nextBoolean() ? " IN (" : " NOT IN (");
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            list.append(i == 0 ? "" : ", ").append(numbers ? number(0) : pick(TEXTS));
        }
        return list.append(")").toString();
    }

    private String any() {
        return switch (random.nextInt(5)) {
            case 0 -> pick(TEXTS);
            case 1 -> pick(TIMES);
            case 2 -> pick(List.of("b", "b2", "TRUE", "'t'"));
            default -> number(1);
        };
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
