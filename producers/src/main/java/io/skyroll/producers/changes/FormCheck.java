package io.skyroll.producers.changes;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.TableName;

/** Decides whether rows of a table may have another form from now on. Called by the thread that follows. */
@FunctionalInterface
public interface FormCheck {
    /**
     * Agrees to it.
     *
     * @throws SkyrollException when the stages behind cannot go on with it, as when a filter's column is gone
     */
    void require(TableName table, RowSchema rows);
}
