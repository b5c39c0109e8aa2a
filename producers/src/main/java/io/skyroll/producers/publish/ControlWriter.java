package io.skyroll.producers.publish;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Writes the control records of a pipeline's rows topics: each into every partition of every table, together with the progress
 * record that tells of it, in one transaction. Owned by one thread.
 */
public final class ControlWriter implements AutoCloseable {
    private final TransactionalWriter writer;
    private final ProgressTopic progress;

    private ControlWriter(TransactionalWriter writer, ProgressTopic progress) {
        this.writer = writer;
        this.progress = progress;
    }

    /** Opens the pipeline's writer; an earlier one can write nothing any more. */
    public static ControlWriter open(KafkaAccess kafka, ProgressTopic progress, String pipeline) {
        return new ControlWriter(TransactionalWriter.open(kafka, TransactionalIds.control(pipeline)), progress);
    }

    /** Makes void what the topics hold, and notes that new snapshots have started. */
    public void reset(List<TableRun> runs) {
        writer.begin();
        for (TableRun run : runs) {
            Control reset = Control.reset(
                    run.position(), run.topic().rowId(), run.started().system(), run.time());
            send(run, partition -> reset);
            writer.send(progress.message(run.topic().name(), SnapshotProgress.WHOLE_TABLE, run.started()));
        }
        writer.commit();
    }

    /** Ends the snapshots: all of their rows are in. */
    public void cut(List<TableRun> runs) {
        writer.begin();
        for (TableRun run : runs) {
            List<Long> rows = run.rows();
            Position position = run.position();
            send(
                    run,
                    partition -> Control.cut(
                            position,
                            Optional.empty(),
                            rows.get(partition),
                            run.topic().rowId(),
                            run.started().system(),
                            run.time()));
            writer.send(progress.cutWritten(run, rows));
        }
        writer.commit();
    }

    private void send(TableRun run, IntFunction<Control> control) {
        for (int partition = 0; partition < run.topic().partitions(); partition++) {
            writer.send(run.topic().message(partition, control.apply(partition)));
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
