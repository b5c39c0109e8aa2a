package io.skyroll.sinks.dataset;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds out whether rows can be put into folders as wanted, without a row. */
public final class FolderCheck {

    private FolderCheck() {}

    /**
     * Looks at the columns that folders are named by.
     *
     * @throws SkyrollException when one is missing, of a type that does not name folders, or would meet another of its name in readers
     */
    public static void check(RowSchema rows, List<FolderRule> rules) {
        Set<String> keys = new HashSet<>();
        for (FolderRule rule : rules) {
            Optional<String> problem = problem(rows, rule);
            if (problem.isEmpty() && !keys.add(rule.key().toLowerCase(Locale.ROOT))) {
                problem = Optional.of("two levels of folders would be called %s".formatted(rule.key()));
            }
            problem.ifPresent(text -> {
                throw SkyrollException.configuration("%s: catalog.folders: %s: %s".formatted(rows.name(), rule, text));
            });
        }
    }

    /**
     * Makes sure that something is left for the files of a dataset without places on the sky.
     *
     * @throws SkyrollException when folders say all about every column
     */
    public static void requireColumnInFiles(RowSchema rows, List<FolderRule> rules) {
        if (rows.columns().stream()
                .allMatch(column -> rules.contains(new FolderRule(column.name(), FolderPart.VALUE)))) {
            throw SkyrollException.configuration(
                    "%s: catalog.folders: every column names folders, and none would be left for the files: take one out of %s"
                            .formatted(rows.name(), rules));
        }
    }

    private static Optional<String> problem(RowSchema rows, FolderRule rule) {
        Optional<Column> column = rows.columns().stream()
                .filter(each -> each.name().equals(rule.column()))
                .findAny();
        if (column.isEmpty()) {
            return Optional.of("the table has no such column; it has %s"
                    .formatted(rows.columns().stream().map(Column::name).toList()));
        }
        if (!isUsable(column.get().type().kind(), rule.part())) {
            return Optional.of("expected a %s column, found %s"
                    .formatted(
                            rule.part() == FolderPart.VALUE
                                    ? "boolean, integer, text, date or uuid"
                                    : rule.part() == FolderPart.HOUR ? "timestamp" : "date or timestamp",
                            column.get().type()));
        }
        String key = rule.key();
        // Readers pass over folders that begin so.
        if (key.startsWith("_") || key.startsWith(".") || !HiveNames.escape(key).equals(key)) {
            return Optional.of("readers do not find folders of this name: rename the column in a view");
        }
        return rows.columns().stream()
                .map(Column::name)
                .filter(name ->
                        name.equalsIgnoreCase(key) && !(rule.part() == FolderPart.VALUE && name.equals(rule.column())))
                .findAny()
                .map("readers would meet the column %s and folders of this name: rename one in a view"::formatted);
    }

    private static boolean isUsable(ColumnType.Kind kind, FolderPart part) {
        return switch (kind) {
            case BOOLEAN, INT16, INT32, INT64, STRING, TEXT_FORM, UUID -> part == FolderPart.VALUE;
            case DATE -> part != FolderPart.HOUR;
            case TIMESTAMP, TIMESTAMP_UTC -> part != FolderPart.VALUE;
            default -> false;
        };
    }
}
