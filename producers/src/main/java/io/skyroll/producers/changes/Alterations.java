package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.AddedColumns;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.ColumnOrigins;
import io.skyroll.schemas.row.RowEvolution;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives tables that were altered another form in their topics. Owned by one thread. */
final class Alterations {
    private static final Logger log = LoggerFactory.getLogger(Alterations.class);

    private final Connections connections;
    private final SchemaRegistry registry;
    private final FormCheck check;

    Alterations(Connections connections, SchemaRegistry registry, FormCheck check) {
        this.connections = connections;
        this.registry = registry;
        this.check = check;
    }

    /**
     * Has a table's rows written in another form from now on. Nothing may stand behind its last cut.
     *
     * @throws SkyrollException when rows that were written before have no such form, the stages behind cannot go on with it, or the
     *     registry refuses it
     * @throws SQLException when the database does not answer
     */
    void apply(FollowedTable table, SourceTable form) throws SQLException {
        Map<Integer, byte[]> defaults = defaults(table, form);
        Schema rows = form.avro(defaults);
        RowEvolution.between(table.rows(), rows);
        check.require(form.name(), form.rows());
        table.become(form, table.topic().evolve(registry, rows), rows);
        log.atInfo()
                .addKeyValue("table", form.name().qualified())
                .addKeyValue("columns", form.rows().columns().size())
                .log("table was altered, its rows have another form from now on");
    }

    private Map<Integer, byte[]> defaults(FollowedTable table, SourceTable form) throws SQLException {
        List<Integer> known = numbers(table.rows());
        List<Integer> added = numbers(form.avro(Map.of())).stream()
                .filter(number -> !known.contains(number))
                .toList();
        if (added.isEmpty()) {
            return Map.of();
        }
        try (Session session = Session.open(connections, "skyroll changes catalog")) {
            return new AddedColumns(session).values(form, added, table.storage());
        }
    }

    private static List<Integer> numbers(Schema rows) {
        return ColumnOrigins.of(rows).orElseThrow().numbers();
    }
}
