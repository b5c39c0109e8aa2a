package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the transaction that is being read does to tables: which it changes, in which forms rows come, as it may alter a table between two
 * of its changes, and which changes cannot be told. Owned by one thread.
 */
final class TransactionTables {
    private final Map<Integer, SourceTable> latest = new HashMap<>();
    private final Map<Integer, List<SourceTable>> inTransaction = new HashMap<>();
    private final Set<Integer> changed = new HashSet<>();
    private final Map<Integer, SkyrollException> refused = new HashMap<>();

    /** Another transaction begins; tables stay as they are. */
    void begin() {
        inTransaction.clear();
        changed.clear();
        refused.clear();
    }

    /**
     * Rows of a table have this form from now on.
     *
     * @return whether they had another one before, as far as is known
     */
    boolean add(int table, SourceTable form) {
        Optional<SourceTable> before = latest(table);
        latest.put(table, form);
        if (before.isPresent() && before.get().equals(form)) {
            return false;
        }
        List<SourceTable> forms = inTransaction.computeIfAbsent(
                table, first -> new ArrayList<>(before.map(List::of).orElse(List.of())));
        forms.add(form);
        return forms.size() > 1;
    }

    /** The transaction changes the table. */
    void change(int table) {
        changed.add(table);
    }

    /** A change of the table cannot be told; the first reason counts. */
    void refuse(int table, SkyrollException why) {
        refused.putIfAbsent(table, why);
    }

    /** The tables of which changes cannot be told, and why. */
    Map<Integer, SkyrollException> refused() {
        return refused;
    }

    /** The tables that the transaction changes. */
    Set<Integer> changed() {
        return changed;
    }

    /** The form that rows of a table have by now; empty before its first change is seen. */
    Optional<SourceTable> latest(int table) {
        return Optional.ofNullable(latest.get(table));
    }

    /** The forms that rows of a table have had in the transaction one after the other, the last one being that of now; empty when there is one. */
    List<SourceTable> of(int table) {
        return inTransaction.getOrDefault(table, List.of());
    }
}
