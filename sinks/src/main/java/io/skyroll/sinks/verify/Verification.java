package io.skyroll.sinks.verify;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.published.PropertiesFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies a catalog, a collection with its margins and indexes, or a dataset. Reads files one row group at a time and, where that is enough, a
 * few columns; what it keeps does not grow with the number of rows. Owned by one thread, single use.
 */
public final class Verification {
    private static final String PRIMARY = "hats_primary_table_url";
    private static final String INDEX = "index";

    /** Readers refuse a collection with any other key. */
    private static final Set<String> COLLECTION_KEYS = Set.of(
            ("obs_collection name hats_primary_table_url all_margins default_margin all_indexes default_index addendum_did bib_reference"
                            + " bib_reference_url creator_did data_ucd hats_builder hats_coordinate_epoch hats_copyright"
                            + " hats_creation_date hats_creator hats_estsize hats_progenitor_url hats_release_date"
                            + " hats_service_url hats_status hats_version moc_sky_fraction obs_ack obs_copyright"
                            + " obs_copyright_url obs_description obs_regime obs_title prov_progenitor publisher_id t_max t_min")
                    .split(" "));

    /** By then, a sink that runs has pointed readers to what was committed. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Store store;
    private final Duration patience;
    private final Checks checks = new Checks();

    private Verification(Store store, Duration patience) {
        this.store = store;
        this.patience = patience;
    }

    /**
     * Verifies what is at the root of a store; goes on whatever it finds.
     *
     * @throws SkyrollException when there is neither a catalog nor a collection nor a dataset
     */
    public static Report of(Store store) throws IOException {
        return of(store, PATIENCE);
    }

    /** @param patience how long a sink that runs may take to point readers to a committed version */
    static Report of(Store store, Duration patience) throws IOException {
        Verification verification = new Verification(store, patience);
        verification.verify();
        return verification.checks.report();
    }

    private void verify() throws IOException {
        boolean isCollection = store.read(CatalogLayout.COLLECTION_PROPERTIES).isPresent();
        Optional<Generation> generation = new Chain(store).newestGeneration();
        boolean isMadeBySkyroll = generation.isPresent();
        if (generation
                .filter(newest -> newest.layout() instanceof DatasetLayout)
                .isPresent()) {
            DatasetCheck.check(store, checks);
        } else if (isCollection || isMadeBySkyroll) {
            verifyCollection(checks.begin("", Kind.COLLECTION));
        } else {
            verifySingle(PublishedCatalog.main(store));
        }
        if (isMadeBySkyroll) {
            new ChainCheck(store, checks.begin("", Kind.CHAIN), patience).check();
        }
    }

    /** A catalog of which nobody says which others it belongs to. */
    private void verifySingle(PublishedCatalog catalog) throws IOException {
        if (catalog.type().equals(INDEX)) {
            verifyParts(catalog);
        } else {
            verifyLeaves(catalog);
        }
    }

    private CatalogCheck verifyParts(PublishedCatalog index) throws IOException {
        CatalogCheck check = new CatalogCheck(index, checks);
        check.ofParts();
        return check;
    }

    private CatalogCheck verifyLeaves(PublishedCatalog catalog) throws IOException {
        CatalogCheck check = new CatalogCheck(catalog, checks);
        check.ofLeaves();
        return check;
    }

    private void verifyCollection(Check check) throws IOException {
        String path = CatalogLayout.COLLECTION_PROPERTIES;
        for (String stray : List.of(CatalogLayout.HATS_PROPERTIES, CatalogLayout.PROPERTIES)) {
            if (store.read(stray).isPresent()) {
                check.found(stray, "it hides the collection from readers");
            }
        }
        Optional<PropertiesFile> pointer = pointer(check);
        if (pointer.isEmpty()) {
            return;
        }
        pointer.get().values().keySet().stream()
                .filter(key -> !COLLECTION_KEYS.contains(key))
                .forEach(key -> check.found(path, "readers refuse a collection with the key %s", key));
        if (pointer.get().text("obs_collection").isEmpty()
                && pointer.get().text("name").isEmpty()) {
            check.found(path, "obs_collection is missing");
        }
        Optional<PublishedCatalog> main = named(check, PRIMARY, pointer.get().text(PRIMARY));
        List<PublishedCatalog> margins = margins(check, pointer.get());
        Map<String, PublishedCatalog> indexes = indexes(check, pointer.get());
        check.saw("%s, %d margins, %d indexes", pointer.get().text(PRIMARY), margins.size(), indexes.size());
        if (main.isPresent()) {
            verify(main.get(), margins, indexes);
        }
    }

    private Optional<PropertiesFile> pointer(Check check) {
        List<PropertiesFile> read = new ArrayList<>();
        check.attempt(CatalogLayout.COLLECTION_PROPERTIES, () -> PropertiesFile.read(
                        store, CatalogLayout.COLLECTION_PROPERTIES)
                .ifPresentOrElse(
                        read::add,
                        () -> check.found(
                                CatalogLayout.COLLECTION_PROPERTIES, "it is missing, so readers find nothing")));
        return read.stream().findFirst();
    }

    private void verify(PublishedCatalog main, List<PublishedCatalog> margins, Map<String, PublishedCatalog> indexes)
            throws IOException {
        CatalogCheck checked = verifyLeaves(main);
        for (PublishedCatalog margin : margins) {
            verifyLeaves(margin).ofMargin(checked);
        }
        for (PublishedCatalog index : indexes.values()) {
            verifyParts(index).ofIndex(checked);
        }
    }

    private Optional<PublishedCatalog> named(Check check, String key, String directory) {
        String path = CatalogLayout.COLLECTION_PROPERTIES;
        List<PublishedCatalog> found = new ArrayList<>();
        if (directory.isEmpty() || directory.matches(".*[;,\\s].*")) {
            check.found(path, "%s must name a directory: '%s'", key, directory);
            return Optional.empty();
        }
        boolean isRead = check.attempt(
                path, () -> PublishedCatalog.open(store, directory).ifPresent(found::add));
        if (isRead && found.isEmpty()) {
            check.found(path, "%s names %s, where no catalog is", key, directory);
        }
        return found.stream().findFirst();
    }

    private List<PublishedCatalog> margins(Check check, PropertiesFile pointer) {
        List<PublishedCatalog> margins = new ArrayList<>();
        List<String> directories = pointer.list("all_margins");
        for (String directory : directories) {
            named(check, "all_margins", directory)
                    .filter(margin -> isOfType(check, margin, "margin"))
                    .ifPresent(margins::add);
        }
        String chosen = pointer.text("default_margin");
        if (!chosen.isEmpty() && !directories.contains(chosen)) {
            check.found(pointer.path(), "default_margin must be one of all_margins: '%s'", chosen);
        }
        return margins;
    }

    private Map<String, PublishedCatalog> indexes(Check check, PropertiesFile pointer) {
        Map<String, PublishedCatalog> indexes = new HashMap<>();
        List<String> pairs = pointer.list("all_indexes");
        if (pairs.size() % 2 != 0) {
            check.found(pointer.path(), "all_indexes must be pairs of a column and a directory: %s", pairs);
            return indexes;
        }
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            String field = pairs.get(i);
            fields.add(field);
            named(check, "all_indexes", pairs.get(i + 1))
                    .filter(index -> isOfType(check, index, INDEX))
                    .ifPresent(index -> {
                        String column = index.properties().text("hats_index_column");
                        if (!column.equals(field)) {
                            check.found(index.properties().path(), "hats_index_column must be %s: '%s'", field, column);
                        }
                        indexes.put(field, index);
                    });
        }
        String chosen = pointer.text("default_index");
        if (!chosen.isEmpty() && !fields.contains(chosen)) {
            check.found(pointer.path(), "default_index must be one of the columns in all_indexes: '%s'", chosen);
        }
        return indexes;
    }

    private static boolean isOfType(Check check, PublishedCatalog catalog, String type) {
        if (!catalog.type().equals(type)) {
            check.found(catalog.properties().path(), "dataproduct_type must be %s: '%s'", type, catalog.type());
        }
        return catalog.type().equals(type);
    }
}
