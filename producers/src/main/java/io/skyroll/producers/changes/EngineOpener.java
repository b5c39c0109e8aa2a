package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SourceTable;
import java.sql.SQLException;
import java.util.List;

/** Attaches an engine to a slot. */
@FunctionalInterface
public interface EngineOpener {
    /**
     * Attaches.
     *
     * @param tables what is followed, in the order that changes name them by
     */
    ChangeEngine open(List<SourceTable> tables) throws SQLException;

    /**
     * What keeps the engine from following tables exactly, a line each.
     *
     * @param tables whose changes could be followed otherwise
     */
    default List<String> problems(List<SourceTable> tables) {
        return List.of();
    }
}
