package io.skyroll.sinks.intake;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.sinks.memtable.RowOrders;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.SpillDirectory;
import io.skyroll.sinks.memtable.SpillableRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one partition of a sky topic delivered beyond its published cut. Rows of several upstream partitions arrive interleaved, each
 * upstream's in order; a cut is <em>aligned</em> when every upstream's copy of it has arrived. A row belongs to the first cut that is
 * not before the row's position.
 *
 * <p>That is well defined, because when a control record arrives for the first time, every row that arrived before it stands before its
 * position, or belongs to a control record that is known already: each upstream sends its rows behind a control record
 * after its own copy of it.
 *
 * <p>Thread-safe: the consumer's thread adds, the publishing thread freezes, and the thread that finds too much in memory spills. Frozen
 * segments do not change until they are released.
 */
public final class PartitionIntake implements SpillableRows {
    private final String where;
    private final NavigableMap<Boundary, Interval> intervals = new TreeMap<>();
    private Interval open = new Interval();
    private Boundary published;
    private long nextOffset;

    /**
     * @param where topic and partition, for messages
     * @param published the cut that is published; {@link Position#ORIGIN} when nothing is
     * @param restartOffset the offset that reading starts at
     */
    public PartitionIntake(String where, Position published, long restartOffset) {
        this.where = where;
        this.published = Boundary.cut(published);
        this.nextOffset = restartOffset;
    }

    /** Adds a batch of snapshot rows; a batch that is published or void already is passed over. */
    public synchronized void addBatch(
            Position position, long offset, byte[] value, byte[] packedHealpix, RowPlan plan) {
        Optional<Segment> segment = segment(position, offset);
        if (segment.isPresent()) {
            try {
                segment.get().addBatch(position, value, packedHealpix, plan);
            } catch (IllegalStateException | IndexOutOfBoundsException torn) {
                throw SkyrollException.defect("%s@%d: a batch cannot be read".formatted(where, offset), torn);
            }
        }
    }

    /** Adds a single row. */
    public synchronized void addRow(Position position, long offset, byte[] skyKey, byte[] value) {
        segment(position, offset).ifPresent(segment -> segment.addRow(position, skyKey, value));
    }

    /** Adds a deletion. */
    public synchronized void addDelete(Position position, long offset, byte[] skyKey) {
        segment(position, offset).ifPresent(segment -> segment.addDelete(position, skyKey));
    }

    /** Adds one upstream's copy of a control record. */
    public synchronized void addControl(Control control, long offset) {
        nextOffset = offset + 1;
        Boundary boundary = Boundary.of(control);
        if (boundary.compareTo(published) <= 0) {
            return;
        }
        Interval interval = intervals.get(boundary);
        if (interval == null) {
            interval = endOpenInterval(control, boundary, offset);
        }
        interval.arrive(control, offset);
    }

    /**
     * The newest aligned cut that is not published and can be the next version: all rows up to it that are not void have one schema. All
     * partitions have the same cuts, so they find the same ones.
     */
    public synchronized Optional<Position> newestAligned() {
        Optional<Position> newest = Optional.empty();
        OptionalInt schema = OptionalInt.empty();
        boolean isMixed = false;
        for (Map.Entry<Boundary, Interval> entry : intervals.entrySet()) {
            if (entry.getKey().mark() == Boundary.Mark.RESET) {
                schema = OptionalInt.empty();
                isMixed = false;
                continue;
            }
            Interval interval = entry.getValue();
            int found = interval.end().schemaId();
            isMixed |= schema.orElse(found) != found;
            schema = OptionalInt.of(found);
            if (interval.isAligned() && !isMixed) {
                newest = Optional.of(entry.getKey().position());
            }
        }
        return newest;
    }

    /** Whether rows of another schema are known to come behind a cut, so that the next version cannot cover more. */
    public synchronized boolean isAnotherFormBehind(Position cut) {
        Interval interval = intervals.get(Boundary.cut(cut));
        Map.Entry<Boundary, Interval> next = intervals.higherEntry(Boundary.cut(cut));
        return interval != null
                && next != null
                && next.getKey().mark() == Boundary.Mark.CUT
                && next.getValue().end().schemaId() != interval.end().schemaId();
    }

    public synchronized boolean isAligned(Position cut) {
        Interval interval = intervals.get(Boundary.cut(cut));
        return interval != null && interval.isAligned();
    }

    /**
     * Everything up to an aligned cut. It stays in the intake until {@link #release}.
     *
     * @throws SkyrollException when rows are missing
     */
    public synchronized Frozen freeze(Position cut) {
        List<Segment> segments = new ArrayList<>();
        Map<String, Long> rejects = new TreeMap<>();
        long rowsIn = 0;
        Optional<Position> reset = Optional.empty();
        for (Map.Entry<Boundary, Interval> entry :
                intervals.headMap(Boundary.cut(cut), true).entrySet()) {
            Interval interval = entry.getValue();
            if (entry.getKey().mark() == Boundary.Mark.RESET) {
                reset = Optional.of(entry.getKey().position());
                segments.clear();
                rejects.clear();
                rowsIn = 0;
                continue;
            }
            interval.verifyComplete(where);
            interval.segment().freeze();
            segments.add(interval.segment());
            rowsIn += interval.rowsIn();
            interval.rejects().forEach((rule, count) -> rejects.merge(rule, count, Long::sum));
        }
        Interval last = intervals.get(Boundary.cut(cut));
        if (last == null || !last.isAligned()) {
            throw new IllegalStateException("%s: the cut at %s is not aligned".formatted(where, cut));
        }
        Control end = last.end();
        return new Frozen(
                cut, end.time(), reset, segments, rowsIn, rejects, end.schemaId(), end.system(), restartOffset(cut));
    }

    /**
     * Drops everything up to a cut that is published now.
     *
     * @param cut an aligned cut: before it is aligned, nobody can tell which rows it covers
     */
    public synchronized void release(Position cut) {
        if (!isAligned(cut)) {
            throw new IllegalStateException("%s: the cut at %s is not aligned".formatted(where, cut));
        }
        published = Boundary.cut(cut);
        Map<Boundary, Interval> done = intervals.headMap(published, true);
        done.values().forEach(Interval::discardRows);
        done.clear();
    }

    /** Gives everything up; the intake is of no more use. Nobody reads what was frozen any more. */
    public synchronized void close() {
        intervals.values().forEach(Interval::discardRows);
        intervals.clear();
        open.discardRows();
    }

    @Override
    public synchronized long heldBytes() {
        return segments().mapToLong(Segment::sizeBytes).sum();
    }

    @Override
    public synchronized long spillableBytes() {
        return largest().map(Segment::sizeBytes).orElse(0L);
    }

    @Override
    public synchronized boolean isFrozen() {
        return segments().anyMatch(Segment::isFrozen);
    }

    @Override
    public synchronized boolean isPublishable() {
        return newestAligned().isPresent();
    }

    @Override
    public synchronized void spill(RowOrders orders, SpillDirectory directory) {
        largest().ifPresent(segment -> segment.spill(orders, directory));
    }

    private Optional<Segment> largest() {
        return segments().filter(segment -> !segment.isFrozen()).max(Comparator.comparingLong(Segment::sizeBytes));
    }

    private Stream<Segment> segments() {
        return Stream.concat(intervals.values().stream(), Stream.of(open)).map(Interval::segment);
    }

    private long restartOffset(Position cut) {
        long first = Math.min(nextOffset, open.firstOffset());
        for (Interval later : intervals.tailMap(Boundary.cut(cut), false).values()) {
            first = Math.min(first, later.firstOffset());
        }
        return first;
    }

    private Optional<Segment> segment(Position position, long offset) {
        nextOffset = offset + 1;
        Boundary row = Boundary.row(position);
        if (row.compareTo(published) < 0) {
            return Optional.empty();
        }
        Map.Entry<Boundary, Interval> entry = intervals.ceilingEntry(row);
        if (entry != null && entry.getKey().mark() == Boundary.Mark.RESET) {
            return Optional.empty();
        }
        Interval interval = entry == null ? open : entry.getValue();
        interval.sawRow(position, offset);
        return Optional.of(interval.segment());
    }

    private Interval endOpenInterval(Control control, Boundary boundary, long offset) {
        if (!intervals.isEmpty() && intervals.lastKey().compareTo(boundary) > 0) {
            throw SkyrollException.defect("%s@%d: the control record at %s comes after that at %s for the first time"
                    .formatted(where, offset, boundary, intervals.lastKey()));
        }
        Position newest = open.newestRow();
        if (newest.isAfter(Position.ORIGIN) && Boundary.row(newest).compareTo(boundary) > 0) {
            throw SkyrollException.defect(
                    "%s@%d: a row at %s came before the first copy of the control record at %s: whether that covers it cannot be told"
                            .formatted(where, offset, newest, control.position()));
        }
        Position before =
                intervals.isEmpty() ? published.position() : intervals.lastKey().position();
        control.since().filter(since -> !since.equals(before)).ifPresent(since -> {
            throw SkyrollException.defect(
                    "%s@%d: the cut at %s continues from %s, the last one seen is %s: one is missing"
                            .formatted(where, offset, control.position(), since, before));
        });
        Interval ended = open;
        if (boundary.mark() == Boundary.Mark.RESET) {
            ended.discardRows();
        }
        intervals.put(boundary, ended);
        open = new Interval();
        return ended;
    }
}
