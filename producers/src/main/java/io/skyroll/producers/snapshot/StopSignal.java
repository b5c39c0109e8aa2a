package io.skyroll.producers.snapshot;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a run that it shall end early. Thread-safe. */
final class StopSignal {
    private final CountDownLatch stopped = new CountDownLatch(1);

    void stop() {
        stopped.countDown();
    }

    boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** @throws CancellationException when the run shall end */
    void check() {
        if (isStopped() || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the snapshot was stopped before it was whole");
        }
    }

    /**
     * Waits.
     *
     * @throws CancellationException when the run shall end meanwhile
     */
    void pause(Duration length) {
        try {
            if (stopped.await(length.toNanos(), TimeUnit.NANOSECONDS)) {
                check();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            check();
        }
    }
}
