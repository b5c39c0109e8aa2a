package io.skyroll.sinks.merge;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.RowCursor;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of a published border file, read once from the first to the last. Owned by one thread. */
final class FormerBorder implements AutoCloseable {
    private final Optional<LeafReader> file;
    private int nextGroup;
    private @Nullable RowCursor rows;

    /** @param file a border file, closed with this; empty when no row was at the border */
    FormerBorder(Optional<LeafReader> file) {
        this.file = file;
        goOn();
    }

    /** Gives the rows in a cell. Each call asks for a later cell than the one before. */
    void forEachIn(Pixel cell, Consumer<RowCursor> taker) {
        while (rows != null && rows.healpix() < cell.end29()) {
            if (rows.healpix() >= cell.first29()) {
                taker.accept(rows);
            }
            goOn();
        }
    }

    @Override
    public void close() {
        file.ifPresent(LeafReader::close);
    }

    private void goOn() {
        while (rows == null || !rows.next()) {
            if (file.isEmpty() || nextGroup == file.get().groups().size()) {
                rows = null;
                return;
            }
            rows = file.get().rows(nextGroup++);
        }
    }
}
