package io.skyroll.app.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows how a stage in a process of its own goes on. It looks from a thread of its own and decides nothing. Single use.
 */
public final class StageWatch {
    private static final Duration SAMPLE = Duration.ofMillis(200);
    private static final Duration RATE_SPAN = Duration.ofSeconds(5);

    private final String stage;
    private final LongSupplier rows;
    private final long expectedRows;
    private final Supplier<List<String>> news;
    private final Observer observer;
    private final InstantSource clock = InstantSource.system();
    private final Thread thread = new Thread(this::watch, "progress");
    private Instant markedAt = clock.instant();
    private long markedRows;
    private double rate;

    /**
     * @param rows reads how many rows the stage has taken in; thread-safe
     * @param expectedRows how many rows there will be; 0 when nobody knows
     * @param news tells what happened since it was last asked, a line each; called by the watching thread only
     */
    public StageWatch(
            String stage, LongSupplier rows, long expectedRows, Supplier<List<String>> news, Observer observer) {
        this.stage = stage;
        this.rows = rows;
        this.expectedRows = expectedRows;
        this.news = news;
        this.observer = observer;
    }

    /** Works, and shows meanwhile how it goes on. */
    public <T> T during(Callable<T> work) throws Exception {
        thread.setDaemon(true);
        thread.start();
        try {
            return work.call();
        } finally {
            thread.interrupt();
            thread.join(SAMPLE.toMillis());
        }
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(SAMPLE.toMillis());
                look();
            }
        } catch (InterruptedException over) {
            look();
            observer.done();
        }
    }

    private void look() {
        long rowsNow = rows.getAsLong();
        Instant now = clock.instant();
        Duration span = Duration.between(markedAt, now);
        if (span.compareTo(RATE_SPAN) >= 0 || markedRows == 0) {
            rate = (rowsNow - markedRows) / (span.toNanos() / 1e9);
            markedAt = now;
            markedRows = rowsNow;
        }
        news.get().forEach(observer::news);
        observer.progress(
                "running", List.of(new StageProgress(stage, rowsNow, rate, OptionalLong.empty())), expectedRows);
    }
}
