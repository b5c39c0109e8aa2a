package io.skyroll.app.run;

import java.util.List;

/** Is told how a run goes on, a few times per second; called by one thread at a time. */
public interface Observer {

    /**
     * The run goes on.
     *
     * @param phase what the run is at, in a few words
     * @param stages in the order of the data's way
     * @param expectedRows how many rows the source is thought to have; 0 when nobody knows
     */
    void progress(String phase, List<StageProgress> stages, long expectedRows);

    /** Something happened that is worth a line of its own, such as a new version. */
    void news(String line);

    /** The run is over, or failed. */
    void done();
}
