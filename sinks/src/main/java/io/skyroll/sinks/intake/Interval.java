package io.skyroll.sinks.intake;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.memtable.Segment;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows between two boundaries, and the copies of the control record that ends them, one from each upstream partition. */
final class Interval {
    private final BitSet arrived = new BitSet();
    private final Map<String, Long> rejects = new TreeMap<>();
    private final Segment segment = new Segment();
    private long firstOffset = Long.MAX_VALUE;
    private long rowsPromised;
    private long rowsIn;
    private Position newestRow = Position.ORIGIN;
    private @Nullable Control end;

    Segment segment() {
        return segment;
    }

    /** The offset of the first row or control record of this interval. */
    long firstOffset() {
        return firstOffset;
    }

    /** The newest position of a row; the origin when there is none. */
    Position newestRow() {
        return newestRow;
    }

    void sawRow(Position position, long offset) {
        sawOffset(offset);
        if (position.isAfter(newestRow)) {
            newestRow = position;
        }
    }

    /** Notes one upstream's copy of the control record that ends this interval. */
    void arrive(Control control, long offset) {
        sawOffset(offset);
        if (end != null && end.upstreams() != control.upstreams()) {
            throw SkyrollException.defect("control record at %s: one copy counts %d upstream partitions, another %d"
                    .formatted(control.position(), end.upstreams(), control.upstreams()));
        }
        end = control;
        if (arrived.get(control.upstream())) {
            return;
        }
        arrived.set(control.upstream());
        rowsPromised += control.rows();
        rowsIn += control.rowsIn();
        control.rejects().forEach((rule, count) -> rejects.merge(rule, count, Long::sum));
    }

    boolean isAligned() {
        return end != null && arrived.cardinality() == end.upstreams();
    }

    /** Gives up the rows: they are void, or published. */
    void discardRows() {
        segment.discard();
    }

    /** A copy of the control record that ends the interval. */
    Control end() {
        if (end == null) {
            throw new IllegalStateException("the interval has no end yet");
        }
        return end;
    }

    long rowsIn() {
        return rowsIn;
    }

    Map<String, Long> rejects() {
        return rejects;
    }

    /**
     * Compares the rows that came with those that the upstream partitions say they sent.
     *
     * @throws SkyrollException when they differ
     */
    void verifyComplete(String where) {
        if (segment.rows() != rowsPromised) {
            throw SkyrollException.defect(
                    "%s: the cut at %s promises %d rows, %d came: rows were lost or doubled between streams and sink; nothing was published"
                            .formatted(where, end().position(), rowsPromised, segment.rows()));
        }
    }

    private void sawOffset(long offset) {
        firstOffset = Math.min(firstOffset, offset);
    }
}
