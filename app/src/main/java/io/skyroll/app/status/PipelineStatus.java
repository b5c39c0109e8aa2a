package io.skyroll.app.status;

import java.util.List;
import java.util.Optional;

/**
 * How a pipeline stands.
 *
 * @param tables one per table, in the file's order; without those whose collections could not be read
 * @param slot the replication slot; empty when no changes are followed, and when the database did not answer
 * @param kafka where lags come from, or why there are none
 * @param lags of every table's stream and sink; none without a Kafka cluster to ask
 * @param attention what somebody should see to, a line each
 * @param unreached what did not answer, a line each
 */
public record PipelineStatus(
        String pipeline,
        List<TableStatus> tables,
        Optional<SlotStatus> slot,
        String kafka,
        List<LagStatus> lags,
        List<String> attention,
        List<String> unreached) {
    public PipelineStatus {
        tables = List.copyOf(tables);
        lags = List.copyOf(lags);
        attention = List.copyOf(attention);
        unreached = List.copyOf(unreached);
    }

    /**
     * A table's catalog.
     *
     * @param version the newest committed one; empty before the first
     * @param pinned the version's directory that readers are pinned to; empty when they see the newest
     * @param isPaused whether no new version is begun
     */
    public record TableStatus(
            String table,
            String collection,
            Optional<VersionStatus> version,
            Optional<String> pinned,
            boolean isPaused) {}

    /**
     * How far a stage is behind.
     *
     * @param table whose
     * @param stage stream or sink
     * @param topic what it reads
     * @param records how many of the topic's records it has not read, some of Kafka's own among them
     */
    public record LagStatus(String table, String stage, String topic, long records) {}

    /**
     * A version.
     *
     * @param directory its directory in the collection
     * @param position the source's position that it shows
     * @param positionTime when the source was there
     * @param ageSeconds how long ago that was
     * @param committed when the version was
     */
    public record VersionStatus(
            int generation,
            long number,
            String directory,
            String position,
            String positionTime,
            long ageSeconds,
            String committed,
            long rows) {}

    /**
     * The replication slot.
     *
     * @param state what PostgreSQL calls its wal_status, or missing
     * @param activePid the server process that reads it; empty when nobody follows the database now
     * @param retainedBytes how much of its log the server keeps for it
     * @param leftBytes how much the log may grow until the slot is given up, by the server or by a run; empty when nothing limits that
     * @param confirmed the place in the log, as PostgreSQL writes it, up to which changes are in Kafka
     * @param behindBytes how far that is behind the end of the log
     */
    public record SlotStatus(
            String name,
            String state,
            Optional<Integer> activePid,
            long retainedBytes,
            Optional<Long> leftBytes,
            String confirmed,
            long behindBytes) {}
}
