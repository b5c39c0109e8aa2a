package io.skyroll.producers.changes;

import io.skyroll.schemas.topic.Op;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction did to one row. All bytes are Avro binary without a prefix; the arrays belong to the change.
 *
 * @param table the index of the table among those that are followed
 * @param op insert, update or delete
 * @param key the row's key record; null when not even that can be represented
 * @param row the new row; null for a delete, and when it cannot be represented
 * @param before the old row, where the source tells it; else null
 * @param unsent the numbers of columns whose large values were not sent, as {@link io.skyroll.schemas.row.UnsentValues#pack} has them: null
 *     in the row; null when all were
 * @param error why the new row cannot be represented; null when it can, and for deletes
 */
// It lives from the reader to the stage, and nobody compares it.
@SuppressWarnings("ArrayRecordComponent")
public record Change(
        int table,
        Op op,
        byte @Nullable [] key,
        byte @Nullable [] row,
        byte @Nullable [] before,
        byte @Nullable [] unsent,
        @Nullable String error) {}
