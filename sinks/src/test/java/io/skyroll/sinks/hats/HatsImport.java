package io.skyroll.sinks.hats;

import io.skyroll.healpix.Pixel;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The partitioning of hats-import, step by step over dense histograms, written from its description in order to judge ours. It gives
 * each cell of the highest order the partition its rows are in.
 */
final class HatsImport {
    private final int lowest;
    private final int highest;
    private final long threshold;
    /** Rows per cell, for each order. */
    private final long[][] sums;

    HatsImport(long[] histogram, int lowest, int highest, long threshold) {
        this.lowest = lowest;
        this.highest = highest;
        this.threshold = threshold;
        sums = new long[highest + 1][];
        sums[highest] = histogram;
        for (int order = highest - 1; order >= 0; order--) {
            sums[order] = new long[12 << (2 * order)];
            for (int child = 0; child < sums[order + 1].length; child++) {
                sums[order][child / 4] += sums[order + 1][child];
            }
        }
    }

    /** Step 1: such an input is an error for hats-import. */
    boolean isRefused() {
        return max(highest) > threshold;
    }

    /** Step 3. */
    int effectiveHighestOrder() {
        int effective = highest;
        for (int order = highest; order > lowest; order--) {
            if (max(order) > threshold) {
                break;
            }
            effective = order;
        }
        return effective;
    }

    /** Step 4a: from small cells to large ones. */
    Pixel[] droppingEmptySiblings() {
        int effective = effectiveHighestOrder();
        Pixel[] partitions = new Pixel[sums[effective].length];
        for (int cell = 0; cell < partitions.length; cell++) {
            if (sums[effective][cell] > 0) {
                partitions[cell] = new Pixel(effective, cell);
            }
        }
        for (int order = effective - 1; order >= lowest; order--) {
            for (int cell = 0; cell < sums[order].length; cell++) {
                long[] children = sums[order + 1];
                long fullestChild = Math.max(
                        Math.max(children[4 * cell], children[4 * cell + 1]),
                        Math.max(children[4 * cell + 2], children[4 * cell + 3]));
                if (sums[order][cell] <= threshold && sums[order][cell] != fullestChild) {
                    int descendants = 1 << (2 * (effective - order));
                    Arrays.fill(partitions, cell * descendants, (cell + 1) * descendants, new Pixel(order, cell));
                }
            }
        }
        return atHighestOrder(partitions, effective);
    }

    /** Step 4b: from large cells to small ones. */
    Pixel[] keepingEmptySiblings() {
        int effective = effectiveHighestOrder();
        Pixel[] partitions = new Pixel[sums[effective].length];
        for (int order = lowest; order <= effective; order++) {
            int descendants = 1 << (2 * (effective - order));
            for (int cell = 0; cell < sums[order].length; cell++) {
                long rows = sums[order][cell];
                if (rows > 0 && rows <= threshold && partitions[cell * descendants] == null) {
                    Arrays.fill(partitions, cell * descendants, (cell + 1) * descendants, new Pixel(order, cell));
                }
            }
        }
        return atHighestOrder(partitions, effective);
    }

    /** Rows per partition. */
    Map<Pixel, Long> rows(Pixel[] partitions) {
        Map<Pixel, Long> rows = new TreeMap<>();
        for (int cell = 0; cell < partitions.length; cell++) {
            if (sums[highest][cell] > 0) {
                rows.merge(partitions[cell], sums[highest][cell], Long::sum);
            }
        }
        return rows;
    }

    private Pixel[] atHighestOrder(Pixel[] partitions, int order) {
        Pixel[] result = new Pixel[sums[highest].length];
        for (int cell = 0; cell < result.length; cell++) {
            result[cell] = sums[highest][cell] > 0 ? partitions[cell >> (2 * (highest - order))] : null;
        }
        return result;
    }

    private long max(int order) {
        return Arrays.stream(sums[order]).max().orElseThrow();
    }
}
