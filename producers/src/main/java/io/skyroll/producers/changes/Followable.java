package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.util.ArrayList;
import java.util.List;

/** Which tables' changes can be followed, and what ends that. */
public final class Followable {
    private Followable() {}

    /** @throws SkyrollException that names every table whose changes cannot be followed, and why */
    static void require(List<SourceTable> tables, EngineOpener engines) {
        List<String> problems = problems(tables, engines);
        if (!problems.isEmpty()) {
            throw SkyrollException.configuration(
                    "changes cannot be followed:\n  - %s".formatted(String.join("\n  - ", problems)));
        }
    }

    /** What keeps tables from being followed by an engine, a line each. */
    public static List<String> problems(List<SourceTable> tables, EngineOpener engines) {
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
        problems.addAll(engines.problems(tables));
        return problems;
    }

    /** The table's changes do not tell the old row any more, by which its place is found. */
    public static SkyrollException lostIdentity(SourceTable table) {
        return SkyrollException.configuration(
                "table %s: a row was changed while it, or its partition, did not have REPLICA IDENTITY FULL: ALTER TABLE %s REPLICA IDENTITY FULL, its partitions too; then start again with --resnapshot"
                        .formatted(table.name().qualified(), table.sql()));
    }

    /** PostgreSQL does not send a large value that an update left alone, and by the row's new key nobody knows it. */
    public static SkyrollException unsent(SourceTable table, int column) {
        return SkyrollException.configuration(
                "table %s: the primary key of a row was updated, but not its large value of column \"%s\", and PostgreSQL does not send it: ALTER TABLE %s REPLICA IDENTITY FULL; then start again with --resnapshot"
                        .formatted(
                                table.name().qualified(),
                                table.rows().columns().get(column).name(),
                                table.sql()));
    }

    /** The columns are not those any more that the table's rows are read by. */
    public static SkyrollException altered(SourceTable table, Object known, Object found) {
        return SkyrollException.configuration(
                "table %s: its columns were changed while its changes were followed: from %s to %s; start again with --resnapshot"
                        .formatted(table.name().qualified(), known, found));
    }
}
