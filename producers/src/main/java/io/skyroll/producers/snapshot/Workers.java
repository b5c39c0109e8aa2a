package io.skyroll.producers.snapshot;

import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs workers on a thread each, until all are done or the first fails. Owned by one thread. */
final class Workers {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration END_LIMIT = Duration.ofSeconds(60);

    private final List<ChunkWorker> workers;
    private final StopSignal stop;

    Workers(List<ChunkWorker> workers, StopSignal stop) {
        this.workers = List.copyOf(workers);
        this.stop = stop;
    }

    /**
     * Returns when every worker is done. When one fails, or the run shall end, the others are stopped, and have ended when this
     * throws.
     */
    void run() throws SQLException {
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(
                workers.size(), task -> new Thread(task, "snapshot-worker-" + number.getAndIncrement()));
        ExecutorCompletionService<Boolean> completion = new ExecutorCompletionService<>(threads);
        boolean done = false;
        try {
            for (ChunkWorker worker : workers) {
                completion.submit(() -> {
                    worker.run();
                    return true;
                });
            }
            for (int left = workers.size(); left > 0; left--) {
                await(completion);
            }
            done = true;
        } finally {
            end(threads, done);
        }
    }

    private void await(ExecutorCompletionService<Boolean> completion) {
        try {
            @Nullable Future<Boolean> ended = null;
            while (ended == null) {
                stop.check();
                ended = completion.poll(TICK.toNanos(), TimeUnit.NANOSECONDS);
            }
            ended.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted before the snapshot was whole");
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw SkyrollException.defect("a snapshot worker failed", failure);
        }
    }

    private void end(ExecutorService threads, boolean done) throws SQLException {
        if (done) {
            threads.shutdown();
            return;
        }
        stop.stop();
        threads.shutdownNow();
        for (ChunkWorker worker : workers) {
            worker.cut();
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!threads.awaitTermination(END_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw SkyrollException.defect("snapshot workers did not end in %d s".formatted(END_LIMIT.toSeconds()));
            }
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
