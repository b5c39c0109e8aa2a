package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableCatalog;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database's catalog now and then which tables were altered: the log tells it with a table's next change only, which may be long
 * in coming. Owned by one thread.
 */
final class AlterationWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AlterationWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Connections connections;
    private final List<SourceTable> tables;
    private final Map<Integer, String> known = new HashMap<>();
    private long lookedAt = System.nanoTime() - INTERVAL.toNanos();
    private @Nullable Session session;

    /**
     * A watch that looks at once.
     *
     * @param tables as they were inspected, in the order that changes name them by
     */
    AlterationWatch(Connections connections, List<SourceTable> tables) {
        this.connections = connections;
        this.tables = List.copyOf(tables);
    }

    /**
     * What the catalog says.
     *
     * @param lsn a place in the log behind the alterations
     * @param time the server's clock then
     * @param forms the tables whose columns are others than at the last look; all of them at the first
     */
    record Seen(long lsn, Instant time, Map<Integer, SourceTable> forms) {}

    /** Looks if it is time to; empty when nothing is new. */
    Optional<Seen> look() {
        if (System.nanoTime() - lookedAt < INTERVAL.toNanos()) {
            return Optional.empty();
        }
        lookedAt = System.nanoTime();
        try {
            Session open = session == null ? Session.open(connections, "skyroll changes catalog") : session;
            session = open;
            Map<Integer, SourceTable> forms = forms(open);
            if (forms.isEmpty()) {
                return Optional.empty();
            }
            Seen seen = seen(open, forms);
            if (forms(open).isEmpty()) {
                return Optional.of(seen);
            }
            // Altered again just now, before the place or behind it.
            known.clear();
            return Optional.empty();
        } catch (SQLException lost) {
            // The engine has its own connection, and says when the database is gone.
            log.atWarn().addKeyValue("error", lost.getMessage()).log("cannot look for altered tables");
            known.clear();
            close();
            return Optional.empty();
        }
    }

    private Map<Integer, SourceTable> forms(Session open) throws SQLException {
        Map<Integer, SourceTable> forms = new HashMap<>();
        for (int table = 0; table < tables.size(); table++) {
            SourceTable former = tables.get(table);
            String columns = columns(open, former);
            if (!columns.equals(known.put(table, columns))) {
                try {
                    forms.put(
                            table,
                            TableCatalog.inspect(open, List.of(former.request()))
                                    .get(0));
                } catch (SkyrollException unreadable) {
                    // It matters when its changes come.
                    log.atWarn()
                            .addKeyValue("table", former.name().qualified())
                            .addKeyValue("error", unreadable.getMessage())
                            .log("a table was altered so that it could not be read");
                }
            }
        }
        return forms;
    }

    private static String columns(Session open, SourceTable table) throws SQLException {
        return open.rows(
                        """
                        SELECT coalesce(string_agg(format('%s %s %s', attname, atttypid, atttypmod), ',' ORDER BY attnum), '')
                        FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped""",
                        row -> row.getString(1), table.sql())
                .get(0);
    }

    private static Seen seen(Session open, Map<Integer, SourceTable> forms) throws SQLException {
        return open.rows(
                        "SELECT (pg_current_wal_insert_lsn() - '0/0')::text, clock_timestamp() AT TIME ZONE 'UTC'",
                        row -> new Seen(
                                Long.parseUnsignedLong(row.getString(1)),
                                row.getObject(2, java.time.LocalDateTime.class).toInstant(ZoneOffset.UTC),
                                forms))
                .get(0);
    }

    @Override
    public void close() {
        Session open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException closing) {
                log.atInfo().addKeyValue("error", closing.getMessage()).log("a lost connection was closed");
            }
        }
    }
}
