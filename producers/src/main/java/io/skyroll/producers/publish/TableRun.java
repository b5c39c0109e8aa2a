package io.skyroll.producers.publish;

import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** One table's part in a run of the snapshot producer: where its rows go and how many went. Thread-safe. */
public final class TableRun {
    private final RowsTopic topic;
    private final SnapshotProgress started;
    private final StageMeter meter;
    private final AtomicLongArray rows;

    public TableRun(RowsTopic topic, SnapshotRun run, int chunks, StageMeter meter) {
        this.topic = topic;
        this.started = SnapshotProgress.started(run.position(), run.system(), run.workers(), chunks, run.time());
        this.meter = meter;
        this.rows = new AtomicLongArray(topic.partitions());
    }

    public RowsTopic topic() {
        return topic;
    }

    /** The source's system identifier. */
    public String system() {
        return started.system();
    }

    SnapshotProgress started() {
        return started;
    }

    /** Where the table is read. */
    public Position position() {
        return started.position();
    }

    /** When the source was in the state that is read. */
    public Instant time() {
        return started.time();
    }

    /** Adds what a committed chunk put into each partition. */
    void add(long[] written, long bytes) {
        long sum = 0;
        for (int partition = 0; partition < written.length; partition++) {
            rows.addAndGet(partition, written[partition]);
            sum += written[partition];
        }
        meter.addRowsIn(sum);
        meter.addRowsOut(sum);
        meter.addBytesOut(bytes);
    }

    /** Rows put into each partition by the chunks committed so far. */
    public List<Long> rows() {
        return IntStream.range(0, rows.length()).mapToObj(rows::get).toList();
    }

    /** Rows put into the topic by the chunks committed so far. */
    public long rowCount() {
        return rows().stream().mapToLong(Long::longValue).sum();
    }
}
