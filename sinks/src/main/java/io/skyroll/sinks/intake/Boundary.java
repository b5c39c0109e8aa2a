package io.skyroll.sinks.intake;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import java.util.Comparator;

/**
 * Where a stretch of a source's history ends for a sink. At one position a reset comes first (it voids what is before the position),
 * then rows, then a cut (it covers rows at the position).
 */
record Boundary(Position position, Mark mark) implements Comparable<Boundary> {
    private static final Comparator<Boundary> ORDER =
            Comparator.comparing(Boundary::position).thenComparing(Boundary::mark);

    /** The order of these matters. */
    enum Mark {
        RESET,
        ROW,
        CUT
    }

    static Boundary of(Control control) {
        return new Boundary(control.position(), control.kind() == Control.Kind.CUT ? Mark.CUT : Mark.RESET);
    }

    static Boundary cut(Position position) {
        return new Boundary(position, Mark.CUT);
    }

    /** The point that a row stands at: it belongs to the first boundary behind this. */
    static Boundary row(Position position) {
        return new Boundary(position, Mark.ROW);
    }

    @Override
    public int compareTo(Boundary other) {
        return ORDER.compare(this, other);
    }
}
