package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.publish.TableRun;
import java.util.List;
import java.util.Optional;

/** Follows the changes behind a snapshot; called by the snapshot's thread. */
public interface Handover {
    /**
     * The name of the slot that the snapshot is to be taken with and that stays behind it; there is none of that name before. Empty when changes
     * are read from another one already.
     */
    Optional<String> slot();

    /**
     * The topics are reset, and rows are about to be read: changes may be written from now on.
     *
     * @param tables as they are in the snapshot
     * @param runs where their rows go
     */
    void started(List<SourceTable> tables, List<TableRun> runs);

    /** All rows are written. Returns when the cut is, which covers the changes that were written by then too. */
    void copied();
}
