package io.skyroll.app.progress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.run.StageProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);
    private Instant now = Instant.EPOCH;

    @Test
    void plainLinesComeEveryFewSecondsWhileRowsMove() {
        PlainProgress progress = new PlainProgress(out, () -> now);

        progress.progress("reading", List.of(new StageProgress("produce", 1000, 500, OptionalLong.of(20))), 0);
        progress.progress("reading", List.of(new StageProgress("produce", 2000, 500, OptionalLong.of(20))), 0);
        now = now.plusSeconds(6);
        progress.progress("reading", List.of(new StageProgress("produce", 3000, 500, OptionalLong.empty())), 0);
        now = now.plusSeconds(6);
        progress.progress("reading", List.of(new StageProgress("produce", 3000, 500, OptionalLong.empty())), 0);
        progress.news("version 7");

        assertThat(bytes.toString(UTF_8).lines())
                .containsExactly(
                        "reading: produce 1,000 rows, 500 rows/s, lag 20",
                        "reading: produce 3,000 rows, 500 rows/s",
                        "version 7");
    }

    @Test
    void terminalWritesOverItsOwnLinesAndKeepsNewsAboveThem() {
        TerminalProgress progress = new TerminalProgress(out);

        progress.progress("reading", List.of(new StageProgress("sink", 50, 10, OptionalLong.of(50))), 100);
        progress.news("version 7");
        progress.progress("reading", List.of(new StageProgress("sink", 100, 10, OptionalLong.of(0))), 100);

        assertThat(new Screen().show(bytes.toString(UTF_8)))
                .containsExactly(
                        "version 7",
                        "reading",
                        "  sink     [########################]           100 rows          10 rows/s  lag           0");
    }

    /** As much of a terminal as the progress display uses. */
    private static final class Screen {
        private final ArrayList<StringBuilder> lines = new ArrayList<>();
        private int row;

        List<String> show(String text) {
            lines.add(new StringBuilder());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\u001b') {
                    int end = i + 2;
                    while (Character.isDigit(text.charAt(end))) {
                        end++;
                    }
                    command(text.charAt(end), text.substring(i + 2, end));
                    i = end;
                } else if (c == '\n') {
                    row++;
                    if (row == lines.size()) {
                        lines.add(new StringBuilder());
                    }
                } else if (c != '\r') {
                    lines.get(row).append(c);
                }
            }
            return lines.stream()
                    .map(StringBuilder::toString)
                    .filter(line -> !line.isEmpty())
                    .toList();
        }

        private void command(char letter, String number) {
            switch (letter) {
                case 'A' -> row -= Integer.parseInt(number);
                case 'K' -> lines.set(row, new StringBuilder());
                case 'J' -> {
                    lines.subList(row, lines.size()).clear();
                    lines.add(new StringBuilder());
                }
                default -> throw new AssertionError("unknown command " + letter);
            }
        }
    }
}
