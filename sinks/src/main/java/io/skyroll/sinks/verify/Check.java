package io.skyroll.sinks.verify;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** One kind of check of one catalog while it goes on: counts what is wrong, and keeps the first findings. Owned by one thread. */
@SuppressWarnings("AnnotateFormatMethod") // The annotation is in a library that is not needed for anything else.
final class Check {
    /** How many findings are told of; there may be one for every row. */
    static final int SHOWN = 10;

    private final String catalog;
    private final Kind kind;
    private final List<Finding> shown = new ArrayList<>();
    private long count;
    private String lookedAt = "";

    Check(String catalog, Kind kind) {
        this.catalog = catalog;
        this.kind = kind;
    }

    /** Work that a damaged file may end. */
    interface Work {
        void run() throws IOException;
    }

    /** Notes what is wrong. The text is put together only if it is told. */
    void found(String file, String text, Object... arguments) {
        count(1);
        if (shown.size() < SHOWN) {
            shown.add(new Finding(kind, file, arguments.length == 0 ? text : text.formatted(arguments)));
        }
    }

    /** Counts findings that are not told. */
    void count(long more) {
        count += more;
    }

    /** Says what was looked at. */
    void saw(String text, Object... arguments) {
        lookedAt = text.formatted(arguments);
    }

    boolean isShowing() {
        return shown.size() < SHOWN;
    }

    /**
     * Does work on a file, after which others go on whatever the file is like.
     *
     * @return whether it was done to the end
     */
    boolean attempt(String file, Work work) {
        try {
            work.run();
            return true;
        } catch (NoSuchFileException | FileNotFoundException absent) {
            found(file, "it is missing");
        } catch (IOException | RuntimeException | OutOfMemoryError damaged) {
            // Libraries throw anything at bytes that make no sense; a length among them may be beyond any memory.
            if (damaged instanceof java.nio.channels.ClosedByInterruptException) {
                throw new java.util.concurrent.CancellationException("interrupted");
            }
            found(file, "it cannot be read: %s", text(damaged));
        }
        return false;
    }

    private static String text(Throwable damaged) {
        String message = damaged.getMessage();
        return message == null || message.isBlank()
                ? damaged.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    CheckResult result() {
        return new CheckResult(catalog, kind, lookedAt, count, shown);
    }
}
