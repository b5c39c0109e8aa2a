package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Divides a leaf into row groups by its content alone: a cell with at most so many rows is a group, a larger one is divided into its
 * four children. So a leaf's groups do not depend on how its rows came to be there. A cell of the highest order cannot be divided and is
 * given as one, however many rows it has.
 *
 * <p>Is shown the leaf's rows in the order of the sky and remembers no more of them than a row group has. Owned by one thread.
 */
final class GroupCells {
    private static final int MAX_ORDER = 29;

    private final long groupRows;
    private final List<Pixel> groups = new ArrayList<>();
    /** The cells that rows may still come in, the next one first. */
    private final Deque<Pixel> cells = new ArrayDeque<>();
    /** What came in the first of these cells, and has to be divided if there is too much of it. */
    private List<Stretch> inCell = new ArrayList<>();

    private long rowsInCell;

    /** @param groupRows the most rows of a row group, from 1 */
    GroupCells(Pixel leaf, long groupRows) {
        this.groupRows = groupRows;
        cells.push(leaf);
    }

    /** Adds a row. */
    void add(long healpix) {
        add(new Stretch(healpix, healpix, 1, null));
    }

    /** Adds all rows of a published group that no unpublished row falls into; they are looked at only if a boundary divides them. */
    void add(PublishedGroup untouched) {
        add(new Stretch(untouched.firstHealpix(), untouched.lastHealpix(), untouched.rows(), untouched));
    }

    /** The cells of the leaf's non-empty groups, in sky order. */
    List<Pixel> finish() {
        while (!cells.isEmpty()) {
            endCell();
        }
        return groups;
    }

    private void add(Stretch stretch) {
        while (stretch.first() >= cells.element().end29()) {
            endCell();
        }
        Pixel cell = cells.element();
        PublishedGroup group = stretch.group();
        if (group != null && stretch.last() >= cell.end29()) {
            group.forEachPublished(this::add);
            return;
        }
        rowsInCell += stretch.rows();
        if (cell.order() == MAX_ORDER) {
            return;
        }
        inCell.add(stretch);
        if (rowsInCell > groupRows) {
            divide(cells.pop());
        }
    }

    private void divide(Pixel cell) {
        for (int child = 3; child >= 0; child--) {
            cells.push(cell.child(child));
        }
        List<Stretch> stretches = inCell;
        inCell = new ArrayList<>();
        rowsInCell = 0;
        stretches.forEach(this::add);
    }

    private void endCell() {
        Pixel ended = cells.pop();
        if (rowsInCell > 0) {
            groups.add(ended);
        }
        inCell.clear();
        rowsInCell = 0;
    }

    /**
     * Rows that follow each other.
     *
     * @param first the HEALPix-29 value of the first one
     * @param last that of the last one
     * @param rows how many, from 1
     * @param group where they come from, if they are more than one
     */
    private record Stretch(long first, long last, long rows, @Nullable PublishedGroup group) {}
}
