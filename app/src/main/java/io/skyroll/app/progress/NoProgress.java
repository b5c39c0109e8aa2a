package io.skyroll.app.progress;

import io.skyroll.app.run.Observer;
import io.skyroll.app.run.StageProgress;
import java.util.List;

/** Shows nothing: for {@code --quiet}. */
public final class NoProgress implements Observer {
    @Override
    public void progress(String phase, List<StageProgress> stages, long expectedRows) {
        // Quiet was asked for.
    }

    @Override
    public void news(String line) {
        // Quiet was asked for.
    }

    @Override
    public void done() {
        // Nothing was shown.
    }
}
