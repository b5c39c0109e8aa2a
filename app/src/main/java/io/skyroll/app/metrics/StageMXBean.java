package io.skyroll.app.metrics;

/** What a stage of this process has done since it started. */
public interface StageMXBean {

    /** Rows that it took in. */
    long getRowsIn();

    /** Rows that it handed on. */
    long getRowsOut();
}
