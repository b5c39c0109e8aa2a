package io.skyroll.sinks.hats;

import io.skyroll.healpix.Pixel;
import java.util.ArrayList;
import java.util.List;

/**
 * The leaves of one topic partition and what the whole catalog needs from it to name them.
 *
 * @param leaves in the order of the sky
 * @param maxima the fullest cell of each order
 */
public record LocalLeaves(List<LeafCell> leaves, OrderMaxima maxima) {
    public LocalLeaves {
        leaves = List.copyOf(leaves);
    }

    /**
     * Divides rows into leaves: from the lowest order down, a cell with at most {@code maxRows} rows is a leaf, and so is every
     * cell of the highest order.
     *
     * @param counts rows per cell of the rule's highest order, of whole cells of its lowest order
     */
    public static LocalLeaves of(CellCounts counts, LeafRule rule) {
        if (counts.order() != rule.highestOrder()) {
            throw new IllegalArgumentException(
                    "order of the counts must be %d: %d".formatted(rule.highestOrder(), counts.order()));
        }
        Division division = new Division(counts, rule.maxRows());
        division.divide(rule.lowestOrder(), 0, counts.size());
        return new LocalLeaves(division.leaves, OrderMaxima.of(counts, rule.lowestOrder()));
    }

    /** One walk down the tree of cells; a node is a range of indexes into the counts. */
    private static final class Division {
        private final List<LeafCell> leaves = new ArrayList<>();
        private final CellCounts counts;
        private final long maxRows;

        Division(CellCounts counts, long maxRows) {
            this.counts = counts;
            this.maxRows = maxRows;
        }

        void divide(int order, int from, int to) {
            int shift = 2 * (counts.order() - order);
            int first = from;
            while (first < to) {
                long cell = counts.cell(first) >>> shift;
                int end = counts.indexOf((cell + 1) << shift);
                long rows = counts.rowsBefore(end) - counts.rowsBefore(first);
                if (rows <= maxRows || order == counts.order()) {
                    leaves.add(new LeafCell(new Pixel(order, cell), smallestCell(first, end - 1), rows));
                } else {
                    divide(order + 1, first, end);
                }
                first = end;
            }
        }

        /** Cells ascend, so what the first and the last have in common all have in common. */
        private Pixel smallestCell(int first, int last) {
            int order = OrderMaxima.commonOrder(counts, first, last);
            return new Pixel(counts.order(), counts.cell(first)).parent(order);
        }
    }
}
