package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.util.ArrayList;
import java.util.List;

/** Which tables' changes can be followed. */
public final class Followable {
    private Followable() {}

    /** @throws SkyrollException that names every table whose changes cannot be followed, and why */
    static void require(List<SourceTable> tables) {
        List<String> problems = problems(tables);
        if (!problems.isEmpty()) {
            throw SkyrollException.configuration(
                    "changes cannot be followed:\n  - %s".formatted(String.join("\n  - ", problems)));
        }
    }

    /** What keeps tables from being followed, a line each. */
    public static List<String> problems(List<SourceTable> tables) {
        List<String> problems = new ArrayList<>();
        for (SourceTable table : tables) {
            String name = table.name().qualified();
            if (table.isWhole()) {
                problems.add(
                        "%s: the changes of views and queries cannot be followed; use mode: snapshot".formatted(name));
            } else if (!table.rows().hasKey()) {
                problems.add(
                        "%s: it has no primary key, so nobody can tell which row changed; add one, or use mode: snapshot"
                                .formatted(name));
            } else if (table.identity().isEmpty()) {
                problems.add(
                        "%s: its replica identity is neither the primary key nor the whole row, or its partitions have different ones; ALTER TABLE %s REPLICA IDENTITY FULL, and of each partition"
                                .formatted(name, table.sql()));
            }
        }
        return problems;
    }
}
