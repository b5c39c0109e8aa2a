package io.skyroll.sinks.merge;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;

/**
 * Writes published leaves anew in a later form of their rows. Which rows share a leaf or a row group does not depend on their columns, so
 * what comes of it are the leaves that a fresh import of the rows in their later form gives. Owned by one thread.
 */
public final class EvolvedLeaves {
    private final Store store;
    private final LeafCodec former;
    private final LeafCodec later;
    private final RowEvolution evolution;
    private final NewFiles files;

    /**
     * @param former reads the leaves
     * @param later writes them in the later form
     * @param files names what is written
     */
    public EvolvedLeaves(Store store, LeafCodec former, LeafCodec later, RowEvolution evolution, NewFiles files) {
        this.store = store;
        this.former = former;
        this.later = later;
        this.evolution = evolution;
        this.files = files;
    }

    /** The leaves in their later form, in the same order. */
    public List<Leaf> of(List<Leaf> leaves) {
        return leaves.stream().map(this::evolve).toList();
    }

    private Leaf evolve(Leaf leaf) {
        String path = files.leaf();
        LeafFile written = write(leaf.file(), path);
        return new Leaf(
                leaf.top(),
                leaf.branch(),
                leaf.rows(),
                written.groups(),
                written.bytes(),
                written.sha256(),
                path,
                leaf.border().map(this::evolve));
    }

    private Border evolve(Border border) {
        String path = files.border();
        LeafFile written = write(border.file(), path);
        return new Border(written.rows(), written.bytes(), written.sha256(), path);
    }

    private LeafFile write(String from, String to) {
        try (LeafReader reader = former.open(store.open(from));
                LeafWriter writer = later.create(store.create(to))) {
            for (int group = 0; group < reader.groups().size(); group++) {
                writer.evolve(reader, group, evolution);
            }
            return writer.finish();
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot write %s in another form: %s".formatted(store.uri(from), failure.getMessage()), failure);
        }
    }
}
