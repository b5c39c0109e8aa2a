package io.skyroll.app.progress;

import io.skyroll.app.run.Observer;
import io.skyroll.app.run.StageProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows progress on a terminal: a line per stage, written over and over in place. */
public final class TerminalProgress implements Observer {
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final int BAR_WIDTH = 24;

    private final PrintStream out;
    private int lines;

    public TerminalProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void progress(String phase, List<StageProgress> stages, long expectedRows) {
        StringBuilder screen = new StringBuilder();
        if (lines > 0) {
            screen.append("\u001b[%dA".formatted(lines));
        }
        screen.append('\r').append(CLEAR_LINE).append(phase);
        timeLeft(stages, expectedRows)
                .ifPresent(left -> screen.append(", about ").append(left).append(" left"));
        screen.append('\n');
        for (StageProgress stage : stages) {
            screen.append(CLEAR_LINE).append(line(stage, expectedRows)).append('\n');
        }
        lines = stages.size() + 1;
        out.print(screen);
        out.flush();
    }

    /** Takes the place of the stages, which come back below it. */
    @Override
    public void news(String line) {
        if (lines > 0) {
            out.print("\u001b[%dA\r\u001b[J".formatted(lines));
            lines = 0;
        }
        out.println(line);
    }

    @Override
    public void done() {
        lines = 0;
        out.flush();
    }

    private static String line(StageProgress stage, long expectedRows) {
        String line = String.format(
                Locale.ROOT,
                "  %-8s %s %,13d rows  %,10.0f rows/s",
                stage.name(),
                bar(stage.rows(), expectedRows),
                stage.rows(),
                stage.rate());
        return stage.lag().isEmpty()
                ? line
                : line + String.format(Locale.ROOT, "  lag %,11d", stage.lag().getAsLong());
    }

    private static String bar(long rows, long expectedRows) {
        if (expectedRows <= 0) {
            return "";
        }
        int filled = (int) Math.min(BAR_WIDTH, rows * BAR_WIDTH / expectedRows);
        return "[" + "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled) + "]";
    }

    /** Judged by the first stage: what it has not read at the rate so far. */
    private static Optional<String> timeLeft(List<StageProgress> stages, long expectedRows) {
        StageProgress first = stages.get(0);
        if (first.rate() <= 0 || expectedRows <= first.rows()) {
            return Optional.empty();
        }
        Duration left = Duration.ofSeconds((long) ((expectedRows - first.rows()) / first.rate()) + 1);
        return Optional.of(
                left.toHours() > 0
                        ? "%d h %02d min".formatted(left.toHours(), left.toMinutesPart())
                        : "%d:%02d min".formatted(left.toMinutes(), left.toSecondsPart()));
    }
}
