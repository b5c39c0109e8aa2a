package io.skyroll.producers.publish;

import java.util.ArrayList;
import java.util.List;

/** The transactional writers of a pipeline's snapshot workers. Closed by the thread that opened it, when the workers are done. */
public final class WorkerWriters implements AutoCloseable {
    private final List<TransactionalWriter> writers = new ArrayList<>();

    private WorkerWriters() {}

    /**
     * Opens a writer per worker, after fencing every worker of an earlier run.
     *
     * @param workers how many are needed
     * @param before how many an earlier run may have left behind
     */
    public static WorkerWriters open(KafkaAccess kafka, String pipeline, int workers, int before) {
        for (int worker = workers; worker < before; worker++) {
            TransactionalWriter.open(kafka, TransactionalIds.worker(pipeline, worker))
                    .close();
        }
        WorkerWriters opened = new WorkerWriters();
        try {
            for (int worker = 0; worker < workers; worker++) {
                opened.writers.add(TransactionalWriter.open(kafka, TransactionalIds.worker(pipeline, worker)));
            }
            return opened;
        } catch (RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }

    public TransactionalWriter writer(int worker) {
        return writers.get(worker);
    }

    @Override
    public void close() {
        writers.forEach(TransactionalWriter::close);
    }
}
