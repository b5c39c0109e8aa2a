package io.skyroll.app.plan;

import java.util.List;
import java.util.Optional;

/**
 * What a run would do.
 *
 * @param source the server and the role
 * @param tables one per table, in the file's order; none when the source is in the way
 * @param disk bytes that a run needs, by where
 * @param seconds how long the stages would take, in one process on two cores
 * @param reading of these, how long the snapshot's transactions would be open
 * @param slot the replication slot that stays in the server; empty when no changes are followed
 * @param problems what would keep a run from starting
 * @param warnings what may go otherwise than wanted
 */
public record PipelinePlan(
        String pipeline,
        String source,
        List<TablePlan> tables,
        List<Disk> disk,
        long seconds,
        long reading,
        Optional<String> slot,
        List<String> problems,
        List<String> warnings) {
    public PipelinePlan {
        tables = List.copyOf(tables);
        disk = List.copyOf(disk);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /**
     * A table.
     *
     * @param rows how many it has
     * @param isExact whether they were counted; else they are an estimate
     * @param bytes what they take in the database, large values included
     * @param published how many of them would be published
     * @param chunks in how many transactions they are read
     * @param key columns of the primary key; none for an append-only table
     * @param replicaIdentity what the database's log says of an old row
     * @param leaves of a HATS catalog
     * @param files of a dataset
     * @param output what stands at the collection's path
     */
    public record TablePlan(
            String table,
            long rows,
            boolean isExact,
            long bytes,
            long published,
            int chunks,
            List<String> key,
            String replicaIdentity,
            List<ColumnPlan> columns,
            Optional<Leaves> leaves,
            Optional<Files> files,
            String collection,
            String output,
            List<String> notes) {
        public TablePlan {
            key = List.copyOf(key);
            columns = List.copyOf(columns);
            notes = List.copyOf(notes);
        }
    }

    /** A column, and what it is in topics and in leaves. */
    public record ColumnPlan(String name, String type, boolean nullable, String avro, String parquet) {}

    /**
     * The leaves of a table's catalog.
     *
     * @param count how many
     * @param lowestOrder order of the largest
     * @param highestOrder order of the smallest
     * @param mostRows rows of the fullest, about
     */
    public record Leaves(int count, int lowestOrder, int highestOrder, long mostRows) {}

    /**
     * The files of a dataset.
     *
     * @param count how many at least
     * @param folders what their folders are named by, of which each has files of its own
     */
    public record Files(long count, List<String> folders) {
        public Files {
            folders = List.copyOf(folders);
        }
    }

    /**
     * A place where bytes go.
     *
     * @param bytes how many at most
     * @param free how many are free there; empty where this machine cannot tell
     */
    public record Disk(String what, String where, long bytes, Optional<Long> free) {}
}
