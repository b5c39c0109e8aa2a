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

/** Shows progress as a line every few seconds while there is some, for logs and pipes. */
public final class PlainProgress implements Observer {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final PrintStream out;
    private final InstantSource clock;
    private Instant next;
    private String lastPhase = "";
    private long lastRows;

    public PlainProgress(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.next = clock.instant().plus(INTERVAL);
    }

    @Override
    public void progress(String phase, List<StageProgress> stages, long expectedRows) {
        Instant now = clock.instant();
        long rows = stages.stream().mapToLong(StageProgress::rows).sum();
        if (phase.equals(lastPhase) && (now.isBefore(next) || rows == lastRows)) {
            return;
        }
        lastPhase = phase;
        lastRows = rows;
        next = now.plus(INTERVAL);
        out.println(phase + ": " + stages.stream().map(PlainProgress::line).collect(Collectors.joining("; ")));
    }

    private static String line(StageProgress stage) {
        String line = String.format(Locale.ROOT, "%s %,d rows, %,.0f rows/s", stage.name(), stage.rows(), stage.rate());
        return stage.lag().isEmpty()
                ? line
                : line + String.format(Locale.ROOT, ", lag %,d", stage.lag().getAsLong());
    }

    @Override
    public void news(String line) {
        out.println(line);
    }

    @Override
    public void done() {
        out.flush();
    }
}
