package io.skyroll.app.command;

import io.skyroll.app.progress.NoProgress;
import io.skyroll.app.progress.PlainProgress;
import io.skyroll.app.progress.TerminalProgress;
import io.skyroll.app.run.Observer;
import java.time.InstantSource;
import picocli.CommandLine.Option;

/** What commands that take long show meanwhile. */
final class DisplayOptions {
    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    private boolean quiet;

    /** Progress goes to standard error, so that standard output has the report alone. */
    Observer observer() {
        if (quiet) {
            return new NoProgress();
        }
        // The launcher knows whether standard error is a terminal; Java does not.
        return Boolean.getBoolean("skyroll.terminal")
                ? new TerminalProgress(System.err)
                : new PlainProgress(System.err, InstantSource.system());
    }
}
