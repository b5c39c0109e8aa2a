package io.skyroll.sinks.leaf;

import io.skyroll.sinks.storage.StoreInput;
import io.skyroll.sinks.storage.StoreOutput;

/** Writes and reads leaf files of one row schema. Thread-safe; what it opens is owned by the opener's thread. */
public interface LeafCodec {

    /** Starts a leaf file. Closing the writer before {@link LeafWriter#finish()} leaves the output uncommitted. */
    LeafWriter create(StoreOutput output);

    /** Opens a leaf file that this codec wrote. */
    LeafReader open(StoreInput input);
}
