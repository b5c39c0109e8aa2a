package io.skyroll.sinks.leaf;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Counts what a merge reads and writes: row groups are decoded and copied through it. Owned by one thread. */
public final class LeafMeter {
    private final Map<String, BitSet> decoded = new HashMap<>();
    private long groupsCopied;
    private long bytesCopied;
    private long bytesWritten;

    /**
     * Decodes a row group, which counts once however often that is.
     *
     * @param file the published file's path
     */
    public RowCursor rows(String file, LeafReader reader, int group) {
        decoded.computeIfAbsent(file, first -> new BitSet()).set(group);
        return reader.rows(group);
    }

    /** Copies a row group undecoded. */
    public void copy(LeafReader source, int group, LeafWriter target) {
        long before = target.bytes();
        target.copy(source, group);
        groupsCopied++;
        bytesCopied += target.bytes() - before;
    }

    /** Notes that a file was written, copied row groups included. */
    public void written(long bytes) {
        bytesWritten += bytes;
    }

    /** What was counted by now. */
    public LeafWork work() {
        long groupsDecoded =
                decoded.values().stream().mapToLong(BitSet::cardinality).sum();
        return new LeafWork(groupsDecoded, groupsCopied, bytesCopied, bytesWritten);
    }
}
