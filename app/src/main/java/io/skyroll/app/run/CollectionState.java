package io.skyroll.app.run;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What stands where a table's catalog is to be published. Looking at it writes nothing.
 *
 * @param location where it is
 * @param generation the generation that a run would go on with; empty for a new collection, and for a foreign one
 * @param version the newest committed version; empty before the first
 * @param foreign what is there that is not this table's; empty when nothing is in the way
 */
public record CollectionState(
        String location, Optional<Generation> generation, Optional<Version> version, Optional<String> foreign) {
    /** What says that a directory is a catalog, or a collection of some. */
    private static final Set<String> CATALOG_FILES = Set.of(
            "collection.properties",
            "hats.properties",
            "properties",
            "dataset",
            "partition_info.csv",
            "_metadata",
            "_common_metadata");

    /** Looks at the collection of a table. */
    public static CollectionState of(Store store, TableName table) throws IOException {
        Chain chain = new Chain(store);
        Optional<Generation> generation = chain.newestGeneration();
        String location = store.uri("");
        if (generation.isEmpty()) {
            return new CollectionState(location, generation, Optional.empty(), catalog(store));
        }
        String topic = generation.get().topic();
        Optional<String> foreign = topic.equals(table.skyTopic())
                ? Optional.empty()
                : Optional.of(
                        "a catalog that is published from topic %s, of another pipeline or table".formatted(topic));
        return new CollectionState(location, generation, chain.newestVersion(), foreign);
    }

    private static Optional<String> catalog(Store store) throws IOException {
        List<String> found = store.list("").stream()
                .map(Store.Entry::name)
                .filter(CollectionState::isOfACatalog)
                .toList();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of("a catalog that was not made by Skyroll (%s)".formatted(String.join(", ", found)));
    }

    /** Also files of a dataset and its folders, by Hive's names. */
    private static boolean isOfACatalog(String name) {
        return CATALOG_FILES.contains(name) || name.endsWith(".parquet") || name.contains("=");
    }

    /**
     * Refuses a collection that holds something else.
     *
     * @throws SkyrollException that names what is there
     */
    public void requireOurs(TableName table) {
        if (foreign.isPresent()) {
            throw SkyrollException.configuration(
                    "%s holds %s, not the one of table %s in pipeline %s: nothing was written; give catalog.path a directory of its own, or move that catalog away"
                            .formatted(location, foreign.get(), table.qualified(), table.pipeline()));
        }
    }
}
