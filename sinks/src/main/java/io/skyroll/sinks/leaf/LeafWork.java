package io.skyroll.sinks.leaf;

/**
 * What a merge has read and written.
 *
 * @param groupsDecoded published row groups that were decoded
 * @param groupsCopied published row groups that were copied undecoded
 * @param bytesCopied size of the latter
 * @param bytesWritten size of all files that were written, what was copied into them included
 */
public record LeafWork(long groupsDecoded, long groupsCopied, long bytesCopied, long bytesWritten) {
    public static final LeafWork NONE = new LeafWork(0, 0, 0, 0);

    /** The same, with further files. */
    public LeafWork andWritten(long bytes) {
        return new LeafWork(groupsDecoded, groupsCopied, bytesCopied, bytesWritten + bytes);
    }
}
