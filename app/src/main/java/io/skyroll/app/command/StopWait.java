package io.skyroll.app.command;

import io.skyroll.app.run.Failures;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits while stages work on threads of their own. */
final class StopWait {
    private static final long INTERVAL_MS = 200;

    private StopWait() {}

    /** Returns when the thread is interrupted, which is how the process is told to stop; throws when a stage has failed. */
    static void untilStopped(Supplier<Optional<? extends Throwable>> failure) {
        while (true) {
            Optional<? extends Throwable> failed = failure.get();
            if (failed.isPresent()) {
                throw Failures.of("a stage failed", failed.get());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }
}
