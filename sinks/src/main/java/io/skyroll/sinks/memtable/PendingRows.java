package io.skyroll.sinks.memtable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Unpublished rows and deletions, one per identity: of several for one key, that with the newest position. Some are in memory, some in runs
 * on disk; it holds no more of these in memory than some blocks of each. Owned by one thread.
 */
public final class PendingRows implements AutoCloseable {
    /** So many runs are read at once; of more, some are joined first. */
    static final int MAX_OPEN_RUNS = 32;

    private final RowOrder order;
    private final SortedRows memory;
    private final List<RunReader> readers = new ArrayList<>();
    private final List<Run> joined = new ArrayList<>();

    private PendingRows(List<Segment> segments, RowOrder order) {
        this.order = order;
        this.memory = SortedRows.of(segments, order);
    }

    /**
     * The rows of segments that nothing is added to any more; to be closed before these are discarded.
     *
     * @param order used by nobody else until this is closed
     */
    public static PendingRows of(List<Segment> segments, RowOrder order) {
        PendingRows rows = new PendingRows(segments, order);
        try {
            rows.open(segments.stream()
                    .flatMap(segment -> segment.runs().stream())
                    .toList());
        } catch (RuntimeException failure) {
            rows.close();
            throw failure;
        }
        return rows;
    }

    /** Rows and deletions from one HEALPix-29 value on up to another (exclusive). */
    public PendingCursor in(long first, long afterLast) {
        PendingCursor inMemory = memory.in(first, afterLast, order);
        return readers.isEmpty() ? inMemory : join(inMemory, readers, first, afterLast);
    }

    /** Whether there are none from one HEALPix-29 value on up to another (exclusive). */
    public boolean isEmpty(long first, long afterLast) {
        return !in(first, afterLast).next();
    }

    @Override
    public void close() {
        readers.forEach(RunReader::close);
        readers.clear();
        joined.forEach(Run::delete);
        joined.clear();
    }

    private void open(List<Run> runs) {
        Deque<Run> left = new ArrayDeque<>(runs);
        while (left.size() > MAX_OPEN_RUNS) {
            List<Run> some = new ArrayList<>();
            while (some.size() < MAX_OPEN_RUNS) {
                some.add(left.remove());
            }
            left.add(join(some));
        }
        left.forEach(run -> readers.add(new RunReader(run)));
    }

    private Run join(List<Run> runs) {
        List<RunReader> parts = new ArrayList<>();
        try {
            runs.forEach(run -> parts.add(new RunReader(run)));
            Run run = runs.get(0).directory().write(join(memory.in(0, 0, order), parts, 0, Long.MAX_VALUE));
            joined.add(run);
            return run;
        } finally {
            parts.forEach(RunReader::close);
        }
    }

    private PendingCursor join(PendingCursor inMemory, List<RunReader> runs, long first, long afterLast) {
        List<PendingCursor> parts = new ArrayList<>(runs.size() + 1);
        parts.add(inMemory);
        runs.forEach(run -> parts.add(run.in(first, afterLast)));
        return new JoinedCursor(parts, order);
    }
}
