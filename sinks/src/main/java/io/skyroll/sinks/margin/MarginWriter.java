package io.skyroll.sinks.margin;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.merge.BorderWriter;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes margin files, each of the rows of its sources that belong to it, in leaf order. One row group of a border file and one of the
 * margin file are in memory at a time. A margin file is a function of the rows, as a leaf is. Immutable, thread-safe.
 */
public final class MarginWriter {
    private final Store store;
    private final LeafCodec codec;
    private final BorderRule rule;
    private final long groupRows;

    /**
     * @param rule the rule by which the border files were made
     * @param groupRows the most rows of a row group, from 1
     */
    public MarginWriter(Store store, LeafCodec codec, BorderRule rule, long groupRows) {
        this.store = store;
        this.codec = codec;
        this.rule = rule;
        this.groupRows = groupRows;
    }

    /**
     * Writes a margin's file, if it has rows.
     *
     * @param file gives the path to write to; asked once, if there are rows
     * @throws java.nio.file.NoSuchFileException if a border file is gone
     */
    public Margin write(MarginSources sources, Supplier<String> file) throws IOException {
        try (BorderWriter target = new BorderWriter(store, codec, groupRows, file)) {
            for (Border border : sources.borders()) {
                try (LeafReader source = codec.open(store.open(border.file()))) {
                    copy(source, sources.pixel(), target);
                }
            }
            Optional<Border> written = target.finish();
            return new Margin(sources.pixel(), sources.digest(), written);
        }
    }

    private void copy(LeafReader source, Pixel pixel, BorderWriter target) {
        for (int group = 0; group < source.groups().size(); group++) {
            for (RowCursor rows = source.rows(group); rows.next(); ) {
                if (rule.isInMargin(pixel, rows.healpix())) {
                    target.add(rows);
                }
            }
        }
    }
}
