package io.skyroll.schemas.meter;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a stage did, for displays and reports; it decides nothing. Thread-safe. */
public final class StageMeter {
    private final LongAdder rowsIn = new LongAdder();
    private final LongAdder rowsOut = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    public void addRowsIn(long rows) {
        rowsIn.add(rows);
    }

    public void addRowsOut(long rows) {
        rowsOut.add(rows);
    }

    public void addBytesOut(long bytes) {
        bytesOut.add(bytes);
    }

    /** Rows that the stage took in since it was made. */
    public long rowsIn() {
        return rowsIn.sum();
    }

    /** Rows that the stage handed on since it was made. */
    public long rowsOut() {
        return rowsOut.sum();
    }

    /** Bytes that the stage handed on since it was made. */
    public long bytesOut() {
        return bytesOut.sum();
    }
}
