package io.skyroll.app.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Measures how long a stage worked, from the samples of its row counter: from before its first row to its last. Owned by one thread. */
final class StageClock {
    private long rows;
    private @Nullable Instant before;
    private @Nullable Instant first;
    private @Nullable Instant last;

    /** Notes how many rows the stage has seen by now. */
    void sample(long rowsNow, Instant now) {
        if (rowsNow > rows) {
            if (first == null) {
                first = before == null ? now : before;
            }
            last = now;
            rows = rowsNow;
        }
        before = now;
    }

    long rows() {
        return rows;
    }

    /** From before the first row to the last; zero when there was none. */
    Duration worked() {
        return first == null || last == null ? Duration.ZERO : Duration.between(first, last);
    }

    /** Rows per second while the stage worked. */
    double rate() {
        double seconds = worked().toNanos() / 1e9;
        return seconds == 0 ? 0 : rows / seconds;
    }
}
