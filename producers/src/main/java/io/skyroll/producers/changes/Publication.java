package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.Relation;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The publication that says which tables' changes the slot gives. */
final class Publication {
    private static final String NO_RIGHT = "42501";
    private static final int FIRST_WITH_GENERATED_COLUMNS = 180_000;

    private Publication() {}

    /**
     * Makes sure that the publication has the tables, and no other; makes it, or changes it, where it has not.
     *
     * @throws SkyrollException when the role may not do that
     */
    static void ensure(Session session, String name, List<SourceTable> tables) throws SQLException {
        Set<String> wanted =
                tables.stream().map(table -> table.name().qualified()).collect(Collectors.toCollection(TreeSet::new));
        boolean exists = !session.rows("SELECT 1 FROM pg_catalog.pg_publication WHERE pubname = ?", row -> true, name)
                .isEmpty();
        Set<String> found = new TreeSet<>(session.rows(
                "SELECT schemaname || '.' || tablename FROM pg_catalog.pg_publication_tables WHERE pubname = ?",
                row -> row.getString(1),
                name));
        if (exists && found.equals(wanted)) {
            return;
        }
        String list = tables.stream()
                .map(table -> table.partitioned() ? table.sql() : "ONLY " + table.sql())
                .collect(Collectors.joining(", "));
        boolean hasGenerated =
                Integer.parseInt(session.text("SHOW server_version_num")) >= FIRST_WITH_GENERATED_COLUMNS;
        String command = exists
                ? "ALTER PUBLICATION %s SET TABLE %s".formatted(Relation.quote(name), list)
                : "CREATE PUBLICATION %s FOR TABLE %s WITH (publish_via_partition_root = true%s)"
                        .formatted(
                                Relation.quote(name), list, hasGenerated ? ", publish_generated_columns = stored" : "");
        try {
            session.execute(command);
        } catch (SQLException refused) {
            if (NO_RIGHT.equals(refused.getSQLState())) {
                throw SkyrollException.configuration(
                        "the role may not publish the tables (%s): have their owner run: %s"
                                .formatted(refused.getMessage(), command),
                        refused);
            }
            throw refused;
        }
    }
}
