package io.skyroll.sinks.verify;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogProperties;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.LeafNames;
import io.skyroll.sinks.margin.Margin;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.SkyLayout;
import io.skyroll.sinks.publish.SkyManifest;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the directory of a version with the manifests that it was made from. Owned by one thread. */
final class LinksCheck {
    private final Store store;
    private final Check check;
    private final String directory;

    /** @param directory the version's */
    LinksCheck(Store store, Check check, String directory) {
        this.store = store;
        this.check = check;
        this.directory = directory;
    }

    void check(Generation generation, Version version, List<SkyManifest> manifests) throws IOException {
        SkyLayout layout = generation.skyLayout();
        if (manifests.size() < layout.partitions()) {
            return;
        }
        LeafNames names = layout.names(manifests);
        for (SkyManifest manifest : manifests) {
            manifest.leaves()
                    .forEach(leaf -> checkLink(directory, names.name(leaf.cell()), leaf.file(), leaf.sha256()));
            checkCounts(layout, manifest);
        }
        checkProperties(version, manifests);
    }

    /** Compares the margin catalog's files with the chain's. */
    void checkMargins(List<Margin> margins, Version version) {
        // The version's directory is called as its margin's is, up to the suffix.
        String catalog = directory.substring(
                0, directory.length() - version.directory("").length());
        for (Margin margin : margins) {
            margin.file()
                    .ifPresent(file ->
                            checkLink(version.marginDirectory(catalog), margin.pixel(), file.file(), file.sha256()));
        }
    }

    private void checkLink(String directory, Pixel pixel, String file, String sha256) {
        String path = directory + "/" + CatalogLayout.leafPath(pixel);
        check.attempt(path, () -> {
            String digest = PoolCheck.digest(store, path);
            if (!digest.equals(sha256)) {
                check.found(path, "its SHA-256 must be that of %s, %s: %s", file, sha256, digest);
            }
        });
    }

    /** Counts the rows of the leaves anew, cell by cell. */
    private void checkCounts(SkyLayout layout, SkyManifest manifest) {
        check.attempt(manifest.countsFile(), () -> {
            Optional<byte[]> stored = store.read(manifest.countsFile());
            if (stored.isEmpty()) {
                return;
            }
            CellCounts.Builder counted = CellCounts.builder(layout.highestOrder());
            for (Leaf leaf : manifest.leaves()) {
                count(leaf.file(), counted);
            }
            if (!CellCounts.decode(stored.get()).equals(counted.build())) {
                check.found(
                        manifest.countsFile(),
                        "it does not count the rows of the leaves of partition %d",
                        manifest.partition());
            }
        });
    }

    private void count(String file, CellCounts.Builder counted) throws IOException {
        try (TableFile table = TableFile.open(store, file)) {
            for (int group = 0; group < table.groupCount(); group++) {
                for (TableRows row = table.rows(group, List.of(CatalogProperties.HEALPIX_COLUMN)); row.next(); ) {
                    counted.addHealpix29(row.integer(0));
                }
            }
        }
    }

    private void checkProperties(Version version, List<SkyManifest> manifests) throws IOException {
        Optional<PublishedCatalog> catalog = PublishedCatalog.open(store, directory);
        if (catalog.isEmpty()) {
            return;
        }
        Map<String, String> expected = Map.of(
                "hats_nrows",
                Long.toString(manifests.stream().mapToLong(SkyManifest::rows).sum()),
                "skyroll_generation",
                Integer.toString(version.generation()),
                "skyroll_version",
                Long.toString(version.number()),
                "skyroll_position",
                version.cut().toString());
        expected.forEach((key, value) -> {
            String said = catalog.get().properties().text(key);
            if (!said.equals(value)) {
                check.found(catalog.get().properties().path(), "%s must be %s, says the chain: '%s'", key, value, said);
            }
        });
    }
}
