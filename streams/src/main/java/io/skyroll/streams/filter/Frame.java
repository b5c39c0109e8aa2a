package io.skyroll.streams.filter;

import io.skyroll.schemas.wire.AvroCursor;

/**
 * The row that is being looked at, and the registers that pass results from one piece of code to the next without allocation.
 * Owned by one thread.
 */
final class Frame {
    private static final byte[] NOTHING = {};

    final AvroCursor cursor = new AvroCursor();
    byte[] row = NOTHING;
    int[] offsets = {};

    /** Set by every piece of code that returns a value (other than a truth): whether that value is NULL. */
    boolean isNull;

    /** Set by text code: the array that its slice is in. */
    byte[] text = NOTHING;

    /** Set while a decimal is read: how many bytes it has. */
    int length;

    Frame at(byte[] newRow, int[] newOffsets) {
        row = newRow;
        offsets = newOffsets;
        return this;
    }
}
