package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.schemas.wire.AvroBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives the changes of one transaction that altered a table after some of them the form that the table has in the end. Owned by one thread. */
final class PresentRows {
    private final List<FollowedTable> tables;
    private final TransactionTables forms;
    private final Map<Integer, Integer> reached = new HashMap<>();
    private final Map<SourceTable, RowEvolution> evolutions = new HashMap<>();
    private final AvroBuffer row = new AvroBuffer(Long.BYTES);

    PresentRows(List<FollowedTable> tables, TransactionTables forms) {
        this.tables = tables;
        this.forms = forms;
    }

    /** The table's next form begins. */
    void next(int table) {
        reached.merge(table, 1, Integer::sum);
    }

    Change of(Change change) {
        List<SourceTable> all = forms.of(change.table());
        int form = reached.getOrDefault(change.table(), 0);
        if (form >= all.size() - 1) {
            return change;
        }
        RowEvolution evolution = evolutions.computeIfAbsent(
                all.get(form),
                former -> RowEvolution.between(
                        former.avro(Map.of()), tables.get(change.table()).rows()));
        return new Change(
                change.table(),
                change.op(),
                change.key(),
                convert(evolution, change.row()),
                convert(evolution, change.before()),
                change.unsent(),
                change.error());
    }

    private byte @Nullable [] convert(RowEvolution evolution, byte @Nullable [] former) {
        if (former == null) {
            return null;
        }
        row.clear();
        evolution.convert(former, 0, row);
        return row.toBytes();
    }
}
