package io.skyroll.sinks.publish;

import io.skyroll.sinks.intake.Frozen;
import java.io.IOException;
import java.util.Optional;

/** Writes a partition's leaves for a step and says what they are. */
public interface ManifestWriter {

    /**
     * Merges what was frozen into the base's leaves. Writes only into the pool, under names that nobody else uses, so that it may
     * be done twice or abandoned.
     *
     * @throws java.nio.file.NoSuchFileException when a file of the base is gone
     */
    Manifest write(Generation generation, Step step, int partition, Optional<Manifest> base, Frozen frozen)
            throws IOException;
}
