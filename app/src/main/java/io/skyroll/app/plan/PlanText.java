package io.skyroll.app.plan;

import io.skyroll.app.plan.PipelinePlan.ColumnPlan;
import io.skyroll.app.plan.PipelinePlan.Disk;
import io.skyroll.app.plan.PipelinePlan.TablePlan;
import java.util.Locale;

/** A plan for people. */
public final class PlanText {
    private final StringBuilder text = new StringBuilder();

    private PlanText() {}

    public static String of(PipelinePlan plan) {
        PlanText of = new PlanText();
        of.add("pipeline %s: what a run would do; nothing was written%n", plan.pipeline());
        of.row("source", plan.source());
        plan.tables().forEach(of::table);
        of.cost(plan);
        return of.text.toString();
    }

    private void table(TablePlan table) {
        add("%ntable %s%n", table.table());
        row(
                "rows",
                "%s%,d, of which %s%,d would be published",
                table.isExact() ? "" : "about ",
                table.rows(),
                table.isExact() ? "" : "about ",
                table.published());
        row("size", "%,d bytes, read in %,d chunks", table.bytes(), table.chunks());
        row(
                "key",
                table.key().isEmpty()
                        ? "no primary key: append-only, identified by ctid"
                        : String.join(", ", table.key()));
        row("replica identity", table.replicaIdentity());
        String about = table.isExact() ? "" : "about ";
        table.leaves()
                .ifPresent(leaves -> row(
                        "leaves",
                        "%s%,d, of orders %d to %d, the fullest with %s%,d rows",
                        about,
                        leaves.count(),
                        leaves.lowestOrder(),
                        leaves.highestOrder(),
                        about,
                        leaves.mostRows()));
        table.files()
                .ifPresent(files -> row(
                        "files",
                        "about %,d%s",
                        files.count(),
                        files.folders().isEmpty()
                                ? ""
                                : " or more, by how many values there are of " + String.join(", ", files.folders())));
        row("collection", "%s (%s)", table.collection(), table.output());
        table.notes().forEach(note -> row("note", "%s", note));
        add("  %-24s %-22s %-28s %s%n", "column", "type", "Avro", "Parquet");
        for (ColumnPlan column : table.columns()) {
            add(
                    "  %-24s %-22s %-28s %s%n",
                    column.name(),
                    column.type() + (column.nullable() ? "" : " not null"),
                    column.avro(),
                    column.parquet());
        }
    }

    private void cost(PipelinePlan plan) {
        add("%ncost%n");
        for (Disk disk : plan.disk()) {
            row(
                    "disk",
                    "%s: at most %,d bytes in %s%s",
                    disk.what(),
                    disk.bytes(),
                    disk.where(),
                    disk.free()
                            .map(free -> String.format(Locale.ROOT, ", which has %,d free", free))
                            .orElse(""));
        }
        row(
                "",
                "(as much as in the database, where each row has a header of 28 bytes; compression makes it less. Each further version takes as much again, at most, until retain_versions removes an older one)");
        row(
                "time",
                "about %,d s, at %,d rows/s: one process with two cores takes 130,000 to 175,000 short rows a second, wide ones fewer",
                plan.seconds(),
                Planner.ROWS_PER_SECOND);
        plan.slot()
                .ifPresent(slot -> row(
                        "changes",
                        "the replication slot %s stays in the server, which keeps its log until it is read; drop it when the pipeline is given up. It is checked before each start",
                        slot));
        row(
                "log (WAL)",
                plan.slot().isPresent()
                        ? "changes are read while the snapshot is taken, so that no log is kept back. Transactions of the snapshot are open for about %,d s; VACUUM keeps what died meanwhile"
                        : "a temporary replication slot exists while the snapshot starts, and ends before rows are read: no log is kept back. Transactions of the snapshot are open for about %,d s; VACUUM keeps what died meanwhile",
                plan.reading());
        row(
                "locks",
                "ACCESS SHARE on the tables while they are read: TRUNCATE and ALTER TABLE wait, reading and writing go on");
    }

    private void row(String name, String form, Object... values) {
        add("  %-18s %s%n", name, values.length == 0 ? form : String.format(Locale.ROOT, form, values));
    }

    private void add(String form, Object... values) {
        text.append(String.format(Locale.ROOT, form, values));
    }
}
