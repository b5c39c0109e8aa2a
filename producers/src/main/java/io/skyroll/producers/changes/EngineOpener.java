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
     * @param start everything up to this place in the log is known already
     */
    ChangeEngine open(List<SourceTable> tables, long start) throws SQLException;
}
