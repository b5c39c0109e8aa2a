package io.skyroll.producers.postgres;

import io.skyroll.schemas.topic.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What is to be read as a table: a table, a view, or the answer to a query.
 *
 * @param name the table or view; for a query, what its topics are named by
 * @param sql the query; empty for a table or view
 * @param key the columns that identify the rows of a view or query, which has no primary key; empty when none do, or for a table
 * @param types what becomes of values and types without a form of their own
 * @param followed whether its changes are followed: every column that is not of the key may then become null
 */
public record TableRequest(
        TableName name, Optional<String> sql, List<String> key, TypePolicies types, boolean followed) {

    public TableRequest {
        key = List.copyOf(key);
        if (new HashSet<>(key).size() < key.size()) {
            throw new IllegalArgumentException("key columns must be named once each: %s".formatted(key));
        }
    }

    /** What is read as it is now, and not followed. */
    public TableRequest(TableName name, Optional<String> sql, List<String> key, TypePolicies types) {
        this(name, sql, key, types, false);
    }

    /** A table, read strictly. */
    public static TableRequest table(TableName name) {
        return new TableRequest(name, Optional.empty(), List.of(), TypePolicies.STRICT);
    }

    /** The same, when its changes are followed. */
    public TableRequest follow() {
        return new TableRequest(name, sql, key, types, true);
    }
}
