package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Relation;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.snapshot.SnapshotOutlook.TableOutlook;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Some rows of a table and where they are on the sky, by whole blocks that PostgreSQL chooses at random, the same each time.
 *
 * @param share which part of the table's blocks was read: up to 1, or 0 when nothing was read
 * @param rows how many rows these blocks hold
 * @param passing how many of them pass the filters, and have coordinates if the table has
 * @param places where those are; none for a table without coordinates
 * @param note what a person should know about the sample; empty when nothing
 */
public record SkySample(double share, long rows, long passing, List<Place> places, Optional<String> note) {
    /** Some 8 MB: a second's work, and places enough for a histogram. */
    private static final long BLOCKS = 1000;

    private static final String DATA_EXCEPTION = "22";

    public SkySample {
        places = List.copyOf(places);
    }

    /**
     * A place on the sky, in degrees.
     *
     * @param ra right ascension, finite
     * @param dec declination, from -90 to 90
     */
    public record Place(double ra, double dec) {}

    /**
     * Reads a sample; writes nothing.
     *
     * @param coordinates names of the columns of right ascension and declination; none for a table without them
     * @param predicates in PostgreSQL's language; rows that one of them is not true for are left out
     * @throws SkyrollException when the database does not answer, or refuses
     */
    public static SkySample take(
            Connections connections, TableOutlook table, List<String> coordinates, List<String> predicates) {
        if (table.table().isWhole()) {
            // Reading it may take as long as the snapshot itself.
            return new SkySample(
                    0,
                    0,
                    0,
                    List.of(),
                    Optional.of("a view or query is not sampled: what it holds is seen when it is read"));
        }
        try (Session session = SnapshotOutlook.readOnly(connections)) {
            try {
                return take(session, table, coordinates, predicates, Optional.empty());
            } catch (SQLException failure) {
                boolean isOfARow = String.valueOf(failure.getSQLState()).startsWith(DATA_EXCEPTION);
                if (predicates.isEmpty() || !isOfARow) {
                    throw failure;
                }
                String note =
                        "a filter fails on some rows (%s), which will be rejected; the estimate takes all filters as passed"
                                .formatted(failure.getMessage());
                return take(session, table, coordinates, List.of(), Optional.of(note));
            }
        } catch (SQLException failure) {
            throw SkyrollException.unavailable(
                    "the source database, reading a sample of %s: %s"
                            .formatted(table.table().name().qualified(), failure.getMessage()),
                    failure);
        }
    }

    private static SkySample take(
            Session session,
            TableOutlook table,
            List<String> coordinates,
            List<String> predicates,
            Optional<String> note)
            throws SQLException {
        long blocks = Math.max(1, table.bytes() / Long.parseLong(session.text("SHOW block_size")));
        double share = Math.min(1, (double) BLOCKS / blocks);
        StringBuilder passes = new StringBuilder("true");
        // A predicate may end in a comment.
        predicates.forEach(
                predicate -> passes.append(" AND ((").append(predicate).append("\n) IS TRUE)"));
        coordinates.forEach(
                column -> passes.append(", ").append(Relation.quote(column)).append("::float8"));
        String sql = "SELECT %s FROM %s%s"
                .formatted(
                        passes,
                        table.table().sql(),
                        share == 1
                                ? ""
                                : String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%.8f) REPEATABLE (1)", 100 * share));
        List<Place> places = new ArrayList<>();
        List<Boolean> passed = session.rows(sql, row -> {
            if (coordinates.isEmpty() || !row.getBoolean(1)) {
                return row.getBoolean(1);
            }
            double ra = row.getDouble(2);
            boolean hasPlace = !row.wasNull();
            double dec = row.getDouble(3);
            hasPlace &= !row.wasNull() && Double.isFinite(ra) && Math.abs(dec) <= 90;
            if (hasPlace) {
                places.add(new Place(ra, dec));
            }
            return hasPlace;
        });
        long passing = passed.stream().filter(pass -> pass).count();
        return new SkySample(share, passed.size(), passing, places, note);
    }

    /**
     * How many rows the table has: counted when all was read, else the planner's estimate, else what the sample says.
     *
     * @param estimated the planner's estimate; 0 when it has none
     */
    public long tableRows(long estimated) {
        return share == 1 ? rows : estimated > 0 ? estimated : Math.round(rows / share);
    }
}
