package io.skyroll.sinks.consume;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.publish.Layout;
import io.skyroll.sinks.publish.ManifestWriter;
import io.skyroll.sinks.publish.VersionDirectory;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What simulated sinks publish, and how its readers find it. */
interface SimulatedOutput {
    String CATALOG = "sim";
    int RETAINED = 2;

    Layout layout();

    default boolean dropsEmptySiblings() {
        return false;
    }

    ManifestWriter writer(Store store, SchemaRegistry registry, Supplier<String> names);

    VersionDirectory directory(Store store);

    /** The file that tells readers where to look. */
    String pointerFile();

    /** The directory that a pointer names. */
    String pointed(byte[] pointer);

    /** The cut that a directory says it shows; empty when it is gone. */
    Optional<Position> cut(Store store, String directory) throws IOException;

    /** The rows that readers find in it; one in the wrong place is an error. */
    List<Star> rows(Store store, String directory) throws IOException;

    /** Looks at what else there is. */
    default void verifyMore(Store store, String directory) throws IOException {}
}
