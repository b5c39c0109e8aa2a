package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a leaf into row groups by its content alone: a cell with at most so many rows is a group, a larger one is divided into its
 * four children. So a leaf's groups do not depend on how its rows came to be there.
 */
final class GroupCells {
    private static final int MAX_ORDER = 29;

    private GroupCells() {}

    /** Counts the rows in a cell. */
    interface RowCount {
        long in(Pixel cell);
    }

    /** The cells of the leaf's non-empty groups, in sky order. */
    static List<Pixel> of(Pixel leaf, long groupRows, RowCount rows) {
        List<Pixel> groups = new ArrayList<>();
        divide(leaf, groupRows, rows, groups);
        return groups;
    }

    private static void divide(Pixel cell, long groupRows, RowCount rows, List<Pixel> groups) {
        long count = rows.in(cell);
        if (count == 0) {
            return;
        }
        if (count <= groupRows || cell.order() == MAX_ORDER) {
            groups.add(cell);
            return;
        }
        for (int child = 0; child < 4; child++) {
            divide(cell.child(child), groupRows, rows, groups);
        }
    }
}
