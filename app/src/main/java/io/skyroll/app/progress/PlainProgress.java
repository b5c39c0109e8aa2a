package io.skyroll.app.progress;

import io.skyroll.app.run.Observer;
import io.skyroll.app.run.StageProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows progress as a line every few seconds, for logs and pipes. */
public final class PlainProgress implements Observer {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final PrintStream out;
    private final InstantSource clock;
    private Instant next;
    private String lastPhase = "";

    public PlainProgress(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.next = clock.instant().plus(INTERVAL);
    }

    @Override
    public void progress(String phase, List<StageProgress> stages, long expectedRows) {
        Instant now = clock.instant();
        if (now.isBefore(next) && phase.equals(lastPhase)) {
            return;
        }
        lastPhase = phase;
        next = now.plus(INTERVAL);
        out.println(phase + ": "
                + stages.stream()
                        .map(stage -> String.format(
                                Locale.ROOT,
                                "%s %,d rows, %,.0f rows/s, lag %,d",
                                stage.name(),
                                stage.rows(),
                                stage.rate(),
                                stage.lag()))
                        .collect(Collectors.joining("; ")));
    }

    @Override
    public void done() {
        out.flush();
    }
}
