package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;
import java.util.Arrays;
import java.util.List;

/**
 * The number of rows in the fullest cell of each order: all that a topic partition has to tell the others so that every leaf
 * can be named.
 *
 * @param lowestOrder order of the first element
 * @param rows the fullest cell's rows, for the lowest order up to the highest
 */
public record OrderMaxima(int lowestOrder, List<Long> rows) {
    public OrderMaxima {
        rows = List.copyOf(rows);
        if (lowestOrder < 0 || rows.isEmpty() || lowestOrder + rows.size() - 1 > Healpix.MAX_ORDER) {
            throw new IllegalArgumentException("orders must be in [0, %d]: %d maxima from order %d"
                    .formatted(Healpix.MAX_ORDER, rows.size(), lowestOrder));
        }
    }

    /** The maxima of cells from a lowest order up to the order of the counts. */
    public static OrderMaxima of(CellCounts counts, int lowestOrder) {
        int orders = counts.order() - lowestOrder + 1;
        long[] maxima = new long[orders];
        // Rows before the cell of each order that the walk is in.
        long[] rowsBefore = new long[orders];
        for (int i = 0; i < counts.size(); i++) {
            int common = i + 1 < counts.size() ? commonOrder(counts, i, i + 1) : -1;
            long rowsSoFar = counts.rowsBefore(i + 1);
            for (int k = Math.max(0, common + 1 - lowestOrder); k < orders; k++) {
                maxima[k] = Math.max(maxima[k], rowsSoFar - rowsBefore[k]);
                rowsBefore[k] = rowsSoFar;
            }
        }
        return new OrderMaxima(lowestOrder, Arrays.stream(maxima).boxed().toList());
    }

    /** The maxima of both parts of the sky. */
    public OrderMaxima max(OrderMaxima other) {
        if (other.lowestOrder != lowestOrder || other.rows.size() != rows.size()) {
            throw new IllegalArgumentException("orders differ: [%d, %d] and [%d, %d]"
                    .formatted(lowestOrder, highestOrder(), other.lowestOrder, other.highestOrder()));
        }
        Long[] larger = new Long[rows.size()];
        Arrays.setAll(larger, k -> Math.max(rows.get(k), other.rows.get(k)));
        return new OrderMaxima(lowestOrder, List.of(larger));
    }

    /** Order of the last element. */
    public int highestOrder() {
        return lowestOrder + rows.size() - 1;
    }

    /** Rows in the fullest cell of an order. */
    public long rows(int order) {
        return rows.get(order - lowestOrder);
    }

    /** Order of the smallest cell that holds two cells given by their indexes; negative if that is the whole sky. */
    static int commonOrder(CellCounts counts, int index, int other) {
        int differingBits = Long.SIZE - Long.numberOfLeadingZeros(counts.cell(index) ^ counts.cell(other));
        return counts.order() - (differingBits + 1) / 2;
    }
}
