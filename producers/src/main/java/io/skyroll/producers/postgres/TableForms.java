package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.SeenColumn.Described;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The forms that a table's rows have had, as far as changes in the log show them. The log names columns and their types, and the
 * catalog, which may be ahead of it, tells which columns these are. Owned by one thread.
 */
public final class TableForms {
    /** Behind every column's number. */
    private static final int END = Integer.MAX_VALUE;

    private final Connections connections;
    private Map<String, Integer> before;

    /**
     * The forms from now on.
     *
     * @param connections asked about the table when it was altered
     * @param before the numbers of the columns that it had before anything is seen, by their names
     */
    public TableForms(Connections connections, Map<String, Integer> before) {
        this.connections = connections;
        this.before = Map.copyOf(before);
    }

    /**
     * The form of rows with the columns that are seen.
     *
     * @param known the table as it was described last
     * @param seen its columns, in the table's order
     * @return the same object when nothing has changed
     * @throws SkyrollException when the catalog has gone on so far that it does not tell which columns these are
     */
    public SourceTable of(SourceTable known, List<? extends SeenColumn> seen) throws SQLException {
        SourceTable form = find(known, seen);
        before = numbers(form);
        return form.source().columns().equals(known.source().columns()) ? known : form;
    }

    /** The table has this form from a place on that is behind everything seen so far. */
    public void adopt(SourceTable form) {
        before = numbers(form);
    }

    private SourceTable find(SourceTable known, List<? extends SeenColumn> seen) throws SQLException {
        try (Session session = Session.open(connections, "skyroll changes catalog")) {
            SourceTable now =
                    TableCatalog.inspect(session, List.of(known.request())).get(0);
            requireSameColumns(now, seen);
            if (isLike(now, seen)) {
                return now;
            }
            boolean isExact = seen.stream().allMatch(SeenColumn::isExact);
            return isExact && isLike(known, seen) ? known : reconstruct(session, known, now, seen);
        }
    }

    /** A column that was dropped and another one that was added under its name look alike. */
    private void requireSameColumns(SourceTable now, List<? extends SeenColumn> seen) {
        Map<String, Integer> present = numbers(now);
        for (SeenColumn column : seen) {
            @Nullable Integer former = before.get(column.name());
            if (former != null && !former.equals(present.getOrDefault(column.name(), former))) {
                throw tooFar(now, seen);
            }
        }
    }

    private static Map<String, Integer> numbers(SourceTable table) {
        return table.source().columns().stream()
                .collect(Collectors.toUnmodifiableMap(SourceColumn::name, SourceColumn::number));
    }

    private static boolean isLike(SourceTable table, List<? extends SeenColumn> seen) {
        List<Described> columns = table.source().described();
        return columns.size() == seen.size()
                && IntStream.range(0, seen.size()).allMatch(i -> seen.get(i).is(columns.get(i)));
    }

    /** The table has been altered again since. */
    private SourceTable reconstruct(
            Session session, SourceTable former, SourceTable now, List<? extends SeenColumn> seen) throws SQLException {
        int[] numbers = numbers(now, allNumbers(session, now), seen);
        List<SourceColumn> columns = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            int number = numbers[i];
            SeenColumn column = seen.get(i);
            List<Described> known = Stream.of(now, former)
                    .flatMap(table -> table.source().described().stream())
                    .filter(described -> described.column().number() == number)
                    .toList();
            columns.add(column.describe(number, known).orElseThrow(() -> tooFar(now, seen)));
        }
        List<String> key = new ArrayList<>();
        for (String name : now.rows().keyColumns()) {
            int number = now.source().columns().get(now.rows().indexOf(name)).number();
            key.add(columns.stream()
                    .filter(column -> column.number() == number)
                    .findFirst()
                    .orElseThrow(() -> tooFar(now, seen))
                    .name());
        }
        List<String> problems = new ArrayList<>();
        Optional<SourceRows> rows = new ColumnCatalog(session, problems).rows(now.request(), columns, key);
        return now.with(rows.orElseThrow(() -> SkyrollException.configuration(String.join("; ", problems))));
    }

    /**
     * Which columns these are. Columns keep their order for ever, so one that nobody knows by its name is told by its neighbours, where
     * there is only one between these.
     */
    private int[] numbers(SourceTable now, NavigableSet<Integer> all, List<? extends SeenColumn> seen) {
        Map<String, Integer> present = numbers(now);
        int[] numbers = seen.stream()
                .mapToInt(column -> present.getOrDefault(column.name(), before.getOrDefault(column.name(), 0)))
                .toArray();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] == 0) {
                int from = i == 0 ? 0 : numbers[i - 1];
                int to = IntStream.range(i, numbers.length)
                        .map(later -> numbers[later])
                        .filter(number -> number > 0)
                        .findFirst()
                        .orElse(END);
                List<Integer> between = from < to ? List.copyOf(all.subSet(from, false, to, false)) : List.of();
                if (between.size() != 1) {
                    throw tooFar(now, seen);
                }
                numbers[i] = between.get(0);
            }
        }
        if (IntStream.range(1, numbers.length).anyMatch(i -> numbers[i] <= numbers[i - 1])) {
            throw tooFar(now, seen);
        }
        return numbers;
    }

    /** Numbers of columns that were dropped too. */
    private static NavigableSet<Integer> allNumbers(Session session, SourceTable table) throws SQLException {
        return new TreeSet<>(session.rows(
                "SELECT attnum FROM pg_catalog.pg_attribute WHERE attrelid = ?::text::regclass AND attnum > 0",
                row -> row.getInt(1),
                table.sql()));
    }

    private static SkyrollException tooFar(SourceTable now, List<? extends SeenColumn> seen) {
        boolean isExact = seen.stream().allMatch(SeenColumn::isExact);
        return SkyrollException.configuration(
                "table %s: it was altered several times since a change had the columns %s, and it cannot be told any more which of its columns these are; %sstart again with --resnapshot, which reads the table anew"
                        .formatted(
                                now.name().qualified(),
                                seen.stream().map(SeenColumn::name).toList(),
                                isExact ? "" : "set source.change_engine: pgoutput, which sees more of them, or "));
    }
}
