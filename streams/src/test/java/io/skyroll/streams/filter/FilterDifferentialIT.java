package io.skyroll.streams.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Holds filters against PostgreSQL itself: same rows accepted, same rows in error with the same message, same predicates refused. */
class FilterDifferentialIT {
    private static final int RANDOM_PREDICATES = 2000;

    /** What filters refuse though PostgreSQL would take it. */
    private static final Pattern REFUSED = Pattern.compile(
            "not supported|depends on the database's collation|put parentheses|write YYYY|without an offset|without a time");

    private static final String PROBE =
            """
            CREATE FUNCTION probe(predicate text) RETURNS TABLE (id int, outcome text) LANGUAGE plpgsql AS $$
            BEGIN
              FOR id IN 0..%d LOOP
                BEGIN
                  EXECUTE 'SELECT CASE WHEN (' || predicate || ') THEN ''accepted'' ELSE ''rejected'' END FROM nasty WHERE id = $1'
                    INTO outcome USING id;
                EXCEPTION WHEN OTHERS THEN
                  outcome := SQLERRM;
                END;
                RETURN NEXT;
              END LOOP;
            END $$"""
                    .formatted(NastyTable.ROWS - 1);

    private static final long SEED = Long.getLong("test.seed", System.nanoTime());

    private static EmbeddedDatabase database;
    private static Connection connection;
    private static NastyTable table;

    @BeforeAll
    static void fill(@TempDir Path directory) throws SQLException, IOException {
        table = new NastyTable(new Random(SEED));
        database = EmbeddedDatabase.start(directory, 0, EmbeddedDatabase.Durability.PROCESS);
        connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
            statement.execute(table.createStatement());
            statement.execute(table.insertStatement());
            statement.execute(PROBE);
        }
    }

    @AfterAll
    static void stop() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    void agreesOnRandomPredicates() throws SQLException {
        PredicateGenerator generator = new PredicateGenerator(new Random(SEED));
        List<String> differences = new ArrayList<>();
        int evaluated = 0;
        int refused = 0;
        for (int i = 0; i < RANDOM_PREDICATES; i++) {
            String predicate = generator.predicate(2);
            List<String> ours = ours(predicate);
            refused += ours.size() == 1 && REFUSED.matcher(ours.get(0)).find() ? 1 : 0;
            evaluated += ours.size() == NastyTable.ROWS ? 1 : 0;
            compare(predicate, ours, differences);
        }
        assertThat(differences)
                .as("seed %d, -Dtest.seed repeats it; %s", SEED, table)
                .isEmpty();
        // Otherwise the comparison above would say little.
        assertThat(evaluated).as("evaluated, of %d", RANDOM_PREDICATES).isGreaterThan(RANDOM_PREDICATES * 3 / 4);
        assertThat(refused).as("refused, of %d", RANDOM_PREDICATES).isLessThan(RANDOM_PREDICATES / 10);
    }

    @ParameterizedTest
    @FieldSource("io.skyroll.streams.filter.TrickyPredicates#ALL")
    void agreesOnTrickyPredicates(String predicate) throws SQLException {
        List<String> differences = new ArrayList<>();
        List<String> ours = ours(predicate);

        compare(predicate, ours, differences);

        assertThat(differences)
                .as("seed %d, -Dtest.seed repeats it; %s", SEED, table)
                .isEmpty();
        assertThat(ours.get(0)).doesNotContainPattern(REFUSED);
        if (ours.stream().allMatch(outcome -> outcome.equals("accepted") || outcome.equals("rejected"))) {
            assertThatSelectedRowsAreAccepted(predicate, ours);
        }
    }

    private static void assertThatSelectedRowsAreAccepted(String predicate, List<String> ours) throws SQLException {
        List<String> selected = query("SELECT id FROM nasty WHERE " + predicate + " ORDER BY id");

        assertThat(IntStream.range(0, NastyTable.ROWS)
                        .filter(id -> ours.get(id).equals("accepted"))
                        .mapToObj(String::valueOf))
                .as("seed %d", SEED)
                .containsExactlyElementsOf(selected);
    }

    private static void compare(String predicate, List<String> ours, List<String> differences) throws SQLException {
        List<String> theirs = theirs(predicate);
        if (ours.size() == NastyTable.ROWS) {
            for (int id = 0; id < NastyTable.ROWS; id++) {
                if (!ours.get(id).equals(theirs.get(id))) {
                    differences.add("%s%n  row %d: filter %s, PostgreSQL %s%n"
                            .formatted(predicate, id, ours.get(id), theirs.get(id)));
                    return;
                }
            }
        } else if (!REFUSED.matcher(ours.get(0)).find()
                && theirs.stream().anyMatch(outcome -> outcome.equals("accepted") || outcome.equals("rejected"))) {
            differences.add("%s%n  filter refuses it (%s), PostgreSQL: %s%n".formatted(predicate, ours.get(0), theirs));
        }
    }

    /** One outcome per row, or one message if the predicate is refused at start. */
    private static List<String> ours(String predicate) {
        Filter filter;
        try {
            filter = Filter.compile("f", predicate, NastyTable.SCHEMA);
        } catch (SkyrollException refused) {
            return List.of(String.valueOf(refused.getMessage()));
        }
        List<String> outcomes = new ArrayList<>();
        for (int id = 0; id < NastyTable.ROWS; id++) {
            try {
                outcomes.add(filter.accepts(table.row(id), table.offsets(id)) ? "accepted" : "rejected");
            } catch (FilterError error) {
                outcomes.add(String.valueOf(error.getMessage()));
            }
        }
        return outcomes;
    }

    private static List<String> theirs(String predicate) throws SQLException {
        try {
            return query(
                    "SELECT CASE WHEN (" + predicate + ") THEN 'accepted' ELSE 'rejected' END FROM nasty ORDER BY id");
        } catch (SQLException someRowHasAnError) {
            try (PreparedStatement probe = connection.prepareStatement("SELECT outcome FROM probe(?) ORDER BY id")) {
                probe.setString(1, predicate);
                return outcomes(probe.executeQuery());
            }
        }
    }

    private static List<String> query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return outcomes(statement.executeQuery(sql));
        }
    }

    private static List<String> outcomes(ResultSet results) throws SQLException {
        List<String> outcomes = new ArrayList<>();
        while (results.next()) {
            outcomes.add(results.getString(1));
        }
        return outcomes;
    }
}
