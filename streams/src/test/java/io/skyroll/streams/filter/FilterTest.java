package io.skyroll.streams.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final RowSchema STARS = new RowSchema(
            "public.stars",
            List.of(
                    new Column("id", ColumnType.INT64, false),
                    new Column("vmag", ColumnType.FLOAT64, true),
                    new Column("gmag", ColumnType.FLOAT32, true),
                    new Column("plx", ColumnType.decimal(12, 3), true),
                    new Column("bv", ColumnType.FLOAT64, true),
                    new Column("band", ColumnType.STRING, true),
                    new Column("seen", ColumnType.TIMESTAMP_UTC, true),
                    new Column("value", ColumnType.INT32, true),
                    new Column("RAdeg", ColumnType.FLOAT64, true),
                    new Column("tags", ColumnType.JSON, true)),
            List.of("id"));

    private static final List<@Nullable String> BRIGHT =
            Arrays.asList("1", "2.5", "2.25", "12.5", "0.1", "g", "2025-01-01T00:00", "3", "180", null);
    private static final List<@Nullable String> EMPTY =
            Arrays.asList("2", null, null, null, null, null, null, null, null, null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vmag < 12 AND bv IS NOT NULL",
                "vmag < '12' AND band = 'g'",
                "VMAG between 2 and 3",
                "(vMag) > 2 AND (\"RAdeg\") = 180",
                "\"RAdeg\" >= 180 AND \"value\" = 3",
                "tags IS NULL AND NOT (tags) IS NOT NULL",
                "bv = 0.1 AND plx = 12.50 AND gmag <> 0.1",
                "seen >= TIMESTAMP WITH TIME ZONE '2025-01-01 00:00:00Z'",
                "seen < '2025-01-01T01:00+00' AND seen > DATE '2024-12-31'"
            })
    void acceptsRowsForWhichThePredicateIsTrue(String where) throws IOException {
        assertThat(accepts(where, BRIGHT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vmag < 12",
                "NOT vmag < 12",
                "vmag = vmag",
                "vmag IN (1, 2)",
                "vmag NOT IN (1, 2)",
                "band LIKE '%'",
                "NULL"
            })
    void acceptsNoRowForWhichThePredicateIsNull(String where) throws IOException {
        assertThat(accepts(where, EMPTY)).isFalse();
    }

    @Test
    void tellsItsName() {
        assertThat(Filter.compile("bright", "vmag < 12", STARS).name()).isEqualTo("bright");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 / (id - 1) > 0 | division by zero",
                "\"value\" * 2147483647 > 0 | integer out of range",
                "CAST(id * 100000 AS smallint) > 0 | smallint out of range",
                "sqrt(-vmag) > 0 | cannot take square root of a negative number",
                "vmag * 1e308 * 1e308 > 0 | value out of range: overflow",
                "CAST(band AS int) = 1 | invalid input syntax for type integer: \"g\""
            })
    void throwsTheErrorThatPostgresWouldRaiseForTheRow(String where, String message) {
        assertThatThrownBy(() -> accepts(where, BRIGHT))
                .isExactlyInstanceOf(FilterError.class)
                .hasMessage(message);
    }

    @Test
    void takesKeyWordsOfTheParserForColumnsAsPostgresDoes() throws IOException {
        RowSchema schema = new RowSchema(
                "t.t",
                List.of(new Column("dec", ColumnType.INT32, false), new Column("value", ColumnType.INT32, false)),
                List.of());
        byte[] row = {2 * 5, 2 * 7};

        for (String where : List.of("dec > 4 AND 6 > DEC", "value = 7", "\"dec\" = 5", "dec BETWEEN 5 AND value")) {
            assertThat(Filter.compile("f", where, schema).accepts(row, new int[] {0, 1}))
                    .as(where)
                    .isTrue();
        }
    }

    @Test
    void goesOnAfterARowWithAnError() throws IOException {
        Filter filter = Filter.compile("f", "1 / (id - 1) > 0", STARS);
        assertThatThrownBy(() -> accepts(filter, BRIGHT)).isInstanceOf(FilterError.class);

        assertThat(accepts(filter, EMPTY)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vmag < 'abc' | filter 'bright', line 1, column 1: invalid input syntax for type double precision: \"abc\"",
                "band > 3 | filter 'bright', line 1, column 1: operator does not exist: text > integer",
                "vmag < 12 AND band > 3 | filter 'bright', line 1, column 15: operator does not exist: text > integer",
                "vmag + 1 | filter 'bright', line 1, column 1: argument of WHERE must be type boolean, not type double precision",
                "vmag AND TRUE | filter 'bright', line 1, column 1: argument of AND must be type boolean, not type double precision",
                "vmag > 1 / 0 | filter 'bright', line 1, column 8: division by zero",
                "vmag > 5 % 0.0 | filter 'bright', line 1, column 8: division by zero",
                "id = 99999999999 * 99999999999 | filter 'bright', line 1, column 6: bigint out of range",
                "vmag % 2 = 0 | filter 'bright', line 1, column 1: operator does not exist: double precision % integer",
                "nmag < 3 | filter 'bright', line 1, column 1: column \"nmag\" does not exist; the nearest name is vmag; "
                        + "the columns are id, vmag, gmag, plx, bv, band, seen, value, RAdeg, tags",
                "radeg < 3 | filter 'bright', line 1, column 1: column \"radeg\" does not exist; the nearest name is \"RAdeg\"; "
                        + "the columns are id, vmag, gmag, plx, bv, band, seen, value, RAdeg, tags",
                "stars.vmag < 3 | filter 'bright', line 1, column 1: stars.vmag: write the column's name alone",
                "vmag::int = 3 | filter 'bright', line 1, column 5: syntax error at or near \"::int = 3\": write CAST(... AS type) instead of ::",
                "band COLLATE \"C\" < 'g' | filter 'bright', line 1, column 6: syntax error at or near \"COLLATE \"C\" < 'g'\": "
                        + "COLLATE is not supported; text has =, <>, IN, LIKE and ILIKE",
                "vmag < | filter 'bright', line 1, column 6: syntax error at or near \"<\"",
                "band < 'h' | filter 'bright', line 1, column 1: text < text depends on the database's collation, which a row does not carry: "
                        + "use =, <>, IN or LIKE",
                "seen > current_date | filter 'bright', line 1, column 8: current_date is not supported, since a filter must give the same "
                        + "answer at every replay: write a literal, DATE '...'",
                "user = 'me' | filter 'bright', line 1, column 1: user is a function in PostgreSQL: if a column is meant, write it in double quotes",
                "lower(band) = 'g' | filter 'bright', line 1, column 1: the function lower is not supported: use one of abs, ceil, ceiling, "
                        + "coalesce, floor, pow, power, sqrt",
                "sqrt(plx) > 1 | filter 'bright', line 1, column 1: sqrt(numeric) is not supported: write sqrt(CAST(... AS double precision))",
                "seen - seen > 1 | filter 'bright', line 1, column 1: date and time arithmetic is not supported: compare with a date or "
                        + "timestamp literal",
                "id IN (SELECT 1) | filter 'bright', line 1, column 1: IN with a query is not supported: a filter sees one row; list the values",
                "band ~ 'g' | filter 'bright', line 1, column 6: syntax error at or near \"~ 'g'\"",
                "CAST(vmag AS text) = '1' | filter 'bright', line 1, column 1: a cast from double precision to text is not supported",
                "CAST(vmag AS bytea) = '1' | filter 'bright', line 1, column 1: a cast to bytea is not supported",
                "seen = TIMESTAMP '2025-01-01 00:00+02' | filter 'bright', line 1, column 8: a timestamp without time zone is written without "
                        + "an offset: \"2025-01-01 00:00+02\"; for a point in time write TIMESTAMP WITH TIME ZONE '...'",
                "seen = '1 Jan 2025' | filter 'bright', line 1, column 1: invalid input syntax for type timestamp with time zone: \"1 Jan 2025\"; "
                        + "write YYYY-MM-DD HH:MM:SS[.ffffff]",
                "plx = 'NaN' | filter 'bright', line 1, column 1: numeric NaN is not supported: cast the other side to double precision",
                "tags = '{}' | filter 'bright', line 1, column 1: column \"tags\" has the type json: a filter can only ask whether it IS NULL; "
                        + "for more, give the table's rows by a query that makes a column of it",
                "plx = 1e200000 | filter 'bright', line 1, column 7: value overflows numeric format",
                "band = E'g' | filter 'bright', line 1, column 8: E'g' is not supported: a filter has columns of one row, literals, AND, OR, NOT, "
                        + "comparisons, BETWEEN, IN, LIKE, IS, arithmetic, CASE, CAST and functions"
            })
    void refusesAtStartWithThePlaceAndWhatToWrite(String where, String message) {
        assertThatThrownBy(() -> Filter.compile("bright", where, STARS))
                .isInstanceOfSatisfying(SkyrollException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.CONFIGURATION))
                .hasMessage(message);
    }

    @Test
    void refusesAnEmptyPredicate() {
        assertThatThrownBy(() -> Filter.compile("bright", " \n", STARS))
                .hasMessage("filter 'bright' is empty: write a predicate, or leave the filter out");
    }

    @Test
    void tellsTheLineOfAnError() {
        assertThatThrownBy(() -> Filter.compile("bright", "vmag < 12\r\nAND  band > 3", STARS))
                .hasMessage("filter 'bright', line 2, column 6: operator does not exist: text > integer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id = 1 = TRUE",
                "vmag IS NULL = TRUE",
                "vmag IS DISTINCT FROM bv = TRUE",
                "(id = 1) = (id = 2) = (id = 3)"
            })
    void refusesWhatPostgresWouldReadInAnotherWay(String where) {
        assertThatThrownBy(() -> Filter.compile("bright", where, STARS))
                .hasMessageContaining("put parentheses where you mean them");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(id = 1) = TRUE",
                "( (id = 1)\n) /* ( */ = -- )\n TRUE",
                "(band = ')') IS FALSE",
                "id = 1 IS TRUE",
                "NOT id = 2 AND id = 1",
                "(vmag IS DISTINCT FROM bv) = TRUE"
            })
    void takesParenthesesAsTheyStand(String where) throws IOException {
        assertThat(accepts(where, BRIGHT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vmag < 12 AND bv IS NOT NULL",
                "gmag < 12.5 AND bv IS NOT NULL",
                "plx < 13 AND plx >= 0.0005 AND bv IS NOT NULL",
                "vmag + gmag * 2 < plx OR id IN (7, 8, 9)",
                "CASE WHEN seen > '2024-01-01' THEN vmag ELSE bv END IS DISTINCT FROM 3.5",
                "band = 'g' AND band IN ('r', 'g')"
            })
    void computesWithoutAllocation(String where) throws IOException {
        Filter filter = Filter.compile("f", where, STARS);
        byte[] row = NastyTable.encode(STARS, BRIGHT);
        int[] offsets = NastyTable.locate(STARS, row);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int accepted = count(filter, row, offsets, 1_000);

        long before = threads.getCurrentThreadAllocatedBytes();
        accepted += count(filter, row, offsets, 10_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // The measurement itself may allocate, but not something per row.
        assertThat(allocated).isLessThan(10_000);
        assertThat(accepted).isIn(0, 11_000);
    }

    @Test
    void isUsableByManyThreads() throws Exception {
        Filter filter = Filter.compile("f", "vmag + gmag > 4 AND band = 'g'", STARS);
        byte[] bright = NastyTable.encode(STARS, BRIGHT);
        byte[] empty = NastyTable.encode(STARS, EMPTY);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte[] row = i % 2 == 0 ? bright : empty;
                tasks.add(() -> count(filter, row, NastyTable.locate(STARS, row), 20_000));
            }

            List<Future<Integer>> counts = threads.invokeAll(tasks);

            for (int i = 0; i < counts.size(); i++) {
                assertThat(counts.get(i).get()).isEqualTo(i % 2 == 0 ? 20_000 : 0);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void readsARowInTheMiddleOfABatch() throws IOException {
        byte[] row = NastyTable.encode(STARS, BRIGHT);
        byte[] batch = new byte[row.length + 100];
        Arrays.fill(batch, (byte) -1);
        System.arraycopy(row, 0, batch, 50, row.length);
        int[] offsets = Arrays.stream(NastyTable.locate(STARS, row))
                .map(offset -> offset + 50)
                .toArray();

        assertThat(Filter.compile("f", "band = 'g' AND plx = 12.5 AND id = 1", STARS)
                        .accepts(batch, offsets))
                .isTrue();
    }

    private static int count(Filter filter, byte[] row, int[] offsets, int rows) {
        int accepted = 0;
        for (int i = 0; i < rows; i++) {
            accepted += filter.accepts(row, offsets) ? 1 : 0;
        }
        return accepted;
    }

    private static boolean accepts(String where, List<@Nullable String> values) throws IOException {
        return accepts(Filter.compile("f", where, STARS), values);
    }

    private static boolean accepts(Filter filter, List<@Nullable String> values) throws IOException {
        byte[] row = NastyTable.encode(STARS, values);
        return filter.accepts(row, NastyTable.locate(STARS, row));
    }
}
