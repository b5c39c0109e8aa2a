package io.skyroll.app.metrics;

import org.jspecify.annotations.Nullable;

/** The replication slot that this process follows, as it was seen some seconds ago; nothing before the first look. */
public interface SlotMXBean {

    /** PostgreSQL's word for whether the log that the slot needs is there. */
    @Nullable String getWalStatus();

    /** Bytes of its log that the server keeps for the slot. */
    @Nullable Long getRetainedBytes();

    /** Bytes that the log may grow by until the slot is given up; nothing when nothing limits that. */
    @Nullable Long getBudgetLeftBytes();

    /** Bytes that the confirmed place is behind the end of the log. */
    @Nullable Long getConfirmedLagBytes();
}
