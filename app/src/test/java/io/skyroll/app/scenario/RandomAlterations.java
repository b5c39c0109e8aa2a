package io.skyroll.app.scenario;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Random alterations of a workload's table, of those that rows can follow: columns that come and go, other names, wider types, other
 * values of an enum. The key, the place and what is filtered keep their names, as pipelines need it. The log tells of alterations by the
 * changes behind them, and the catalog, which the pipeline asks what they were, has the present only, so they keep what
 * docs/concepts/changes.md asks for:
 *
 * <ul>
 *   <li>no name is given twice;
 *   <li>the table is changed behind each alteration before the next one is made, and while the pipeline runs it has read that change;
 *   <li>while it does not run, a column is altered once at most, none of those that were added meanwhile, and tables are not both written
 *       anew and given columns: what old rows have in these could not be told any more.
 * </ul>
 *
 * Owned by one thread.
 */
final class RandomAlterations {
    private static final List<String> TYPES = List.of(
            "integer",
            "real",
            "bigint",
            "double precision",
            "varchar(8)",
            "text",
            "numeric(10,2)",
            "date",
            "boolean",
            "public.kind");

    private static final int MOST_ADDED = 6;
    /** Writers wait behind one who waits to alter a table, so that is not for long. */
    private static final String PATIENCE = "SET LOCAL lock_timeout = '200ms'";

    private final Connection connection;
    private final String table;
    private final Random random;
    private final String slot;
    private final Reader reader;
    private final Consumer<String> done;
    private final boolean isRewriting;
    private final int newest;
    private final Set<Integer> altered = new HashSet<>();
    /** A place in the log behind a change that is behind the last alteration; empty when there is none yet. */
    private Optional<String> settled = Optional.of("0/0");

    private String last = "";
    private long names;

    /** Whether the pipeline reads the log meanwhile. */
    enum Reader {
        RUNS,
        IS_AWAY
    }

    /**
     * Alterations of a table.
     *
     * @param slot by which the pipeline reads the log
     * @param firstName a number that new names begin at
     * @param done told of each alteration that is committed
     */
    RandomAlterations(
            Connection connection,
            String table,
            Random random,
            String slot,
            Reader reader,
            long firstName,
            Consumer<String> done)
            throws SQLException {
        this.connection = connection;
        this.table = table;
        this.random = random;
        this.slot = slot;
        this.reader = reader;
        this.done = done;
        names = firstName;
        isRewriting = reader == Reader.RUNS || random.nextBoolean();
        newest = WorkloadColumn.of(connection, table).stream()
                .mapToInt(WorkloadColumn::number)
                .max()
                .orElseThrow();
    }

    /** Whether the table may be altered now; changes it if that is what is missing. */
    boolean isDue() throws SQLException {
        if (settled.isEmpty()) {
            execute("UPDATE %1$s SET amount = amount WHERE id = (SELECT min(id) FROM %1$s WHERE id > 0)"
                    .formatted(table));
            connection.commit();
            settled = Optional.of(text("SELECT pg_current_wal_insert_lsn()"));
        }
        return reader == Reader.IS_AWAY
                || Boolean.parseBoolean(text(
                        "SELECT coalesce(bool_or(confirmed_flush_lsn >= '%s'), false)::text FROM pg_replication_slots WHERE slot_name = '%s'"
                                .formatted(settled.get(), slot)));
    }

    /** Alters the table once the transaction has its lock; does nothing when there is nothing to alter. */
    void alter() throws SQLException {
        execute(PATIENCE);
        List<WorkloadColumn> columns = WorkloadColumn.of(connection, table);
        @Nullable String action = action(columns);
        last = "";
        if (action != null) {
            last = "ALTER TABLE %s %s".formatted(table, action);
            execute(last);
        }
    }

    /** What was altered is committed. */
    void committed() {
        if (!last.isEmpty()) {
            settled = Optional.empty();
            done.accept(last);
        }
    }

    /** Gives the enum another value: for all tables, and in a transaction of its own, since the value cannot be used before. */
    void addValue() throws SQLException {
        String value = "ALTER TYPE public.kind ADD VALUE 'kind %d' BEFORE 'galaxy'".formatted(names++);
        execute(value);
        done.accept(value);
    }

    private @Nullable String action(List<WorkloadColumn> columns) {
        long added = columns.stream().filter(WorkloadColumn::isAdded).count();
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> added < MOST_ADDED ? add() : drop(columns);
            case 3 -> Stream.of(add(), add())
                    .flatMap(Stream::ofNullable)
                    .reduce("%s, %s"::formatted)
                    .orElse(null);
            case 4 -> drop(columns);
            case 5, 6 -> rename(columns);
            case 7 -> one(columns.stream().filter(WorkloadColumn::isRequired).filter(column -> column.number() > 1))
                    .map(column -> "ALTER %s DROP NOT NULL".formatted(column.name()))
                    .orElse(null);
            default -> one(columns.stream().filter(column -> wider(column).isPresent()))
                    .map(column -> "ALTER %s TYPE %s"
                            .formatted(column.name(), wider(column).orElseThrow()))
                    .orElse(null);
        };
    }

    private @Nullable String add() {
        if (reader == Reader.IS_AWAY && isRewriting) {
            return null;
        }
        String type = TYPES.get(random.nextInt(TYPES.size()));
        String constant = new WorkloadColumn(Integer.MAX_VALUE, "", type, true).constant();
        String ends =
                switch (random.nextInt(3)) {
                    case 0 -> "";
                    case 1 -> "DEFAULT " + constant;
                    default -> "NOT NULL DEFAULT " + constant;
                };
        return "ADD COLUMN \"a %d\" %s %s".formatted(names++, type, ends);
    }

    private @Nullable String drop(List<WorkloadColumn> columns) {
        return one(columns.stream().filter(WorkloadColumn::isAdded))
                .map(column -> "DROP COLUMN " + column.name())
                .orElse(null);
    }

    private @Nullable String rename(List<WorkloadColumn> columns) {
        return one(columns.stream().filter(column -> column.number() > WorkloadColumn.AMOUNT))
                .map(column -> "RENAME %s TO \"r %d\"".formatted(column.name(), names++))
                .orElse(null);
    }

    private Optional<String> wider(WorkloadColumn column) {
        return switch (column.base()) {
            case "integer" -> Optional.of("bigint").filter(type -> isRewriting);
            case "real" -> Optional.of("double precision").filter(type -> isRewriting);
            case "character varying" -> Optional.of("varchar(%d)".formatted(column.modifier() + 5));
            case "numeric" -> Optional.of(column)
                    .filter(numeric -> numeric.type().contains("(") && numeric.modifier() < 30)
                    .map(numeric -> "numeric(%d,2)".formatted(numeric.modifier() + 3));
            default -> Optional.empty();
        };
    }

    private Optional<WorkloadColumn> one(Stream<WorkloadColumn> candidates) {
        List<WorkloadColumn> allowed = candidates
                .filter(column ->
                        reader == Reader.RUNS || (column.number() <= newest && !altered.contains(column.number())))
                .toList();
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        WorkloadColumn chosen = allowed.get(random.nextInt(allowed.size()));
        altered.add(chosen.number());
        return Optional.of(chosen);
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
