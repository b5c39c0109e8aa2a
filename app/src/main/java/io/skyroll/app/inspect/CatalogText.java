package io.skyroll.app.inspect;

import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PropertiesFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A catalog's description, from its properties, the footers of its leaves and the sizes of its files. Owned by one thread. */
@SuppressWarnings("AnnotateFormatMethod") // The annotation is in a library that is not needed for anything else.
final class CatalogText {
    private final PublishedCatalog catalog;
    private final List<CatalogFile> files;
    private final List<CatalogFile> leaves;
    private final StringBuilder text = new StringBuilder();

    private CatalogText(PublishedCatalog catalog) throws IOException {
        this.catalog = catalog;
        this.files = catalog.files();
        this.leaves = catalog.leaves();
    }

    /** Describes the catalog and, if it is in a collection, its margins and indexes. */
    static String of(PublishedCatalog catalog) throws IOException {
        CatalogText description = new CatalogText(catalog);
        description.describe();
        return description.text.toString();
    }

    private void describe() throws IOException {
        line(
                "catalog",
                "%s (%s), %s",
                catalog.name(),
                catalog.type(),
                catalog.store().uri(catalog.directory()));
        describeLeaves();
        line("on disk", "%s in %,d files", bytes(files), files.size());
        describeOthers();
        describeColumns();
    }

    private void describeLeaves() throws IOException {
        Map<Integer, Long> orders = leaves.stream()
                .collect(Collectors.groupingBy(
                        leaf -> leaf.pixel().orElseThrow().order(), TreeMap::new, Collectors.counting()));
        long[] rows = new long[leaves.size()];
        long groups = 0;
        for (int i = 0; i < rows.length; i++) {
            try (TableFile table =
                    TableFile.open(catalog.store(), catalog.path(leaves.get(i).path()))) {
                rows[i] = table.rows();
                groups += table.groupCount();
            }
        }
        java.util.Arrays.sort(rows);
        long sum = java.util.Arrays.stream(rows).sum();
        line("rows", "%,d (hats_nrows %s)", sum, catalog.properties().text("hats_nrows"));
        line("leaves", "%,d, %s", leaves.size(), bytes(leaves));
        if (rows.length > 0) {
            line("rows per leaf", "%,d to %,d, median %,d", rows[0], rows[rows.length - 1], rows[rows.length / 2]);
            line("row groups", "%,d, %,d rows each on average", groups, groups == 0 ? 0 : sum / groups);
        }
        orders.forEach((order, count) -> line("order " + order, "%,d leaves", count));
    }

    private void describeOthers() throws IOException {
        Optional<PropertiesFile> pointer = catalog.directory().isEmpty()
                ? Optional.empty()
                : PropertiesFile.read(catalog.store(), CatalogLayout.COLLECTION_PROPERTIES);
        if (pointer.isEmpty()) {
            return;
        }
        for (String margin : pointer.get().list("all_margins")) {
            describe("margin", margin, "hats_margin_threshold", "arcsec");
        }
        List<String> indexes = pointer.get().list("all_indexes");
        for (int i = 1; i < indexes.size(); i += 2) {
            describe("index", indexes.get(i), "hats_index_column", "");
        }
    }

    private void describe(String what, String directory, String key, String unit) throws IOException {
        Store store = catalog.store();
        Optional<PublishedCatalog> other = PublishedCatalog.open(store, directory);
        if (other.isEmpty()) {
            line(what, "%s is missing", directory);
        } else {
            line(
                    what,
                    "%s, %s%s, %s rows, %s",
                    directory,
                    other.get().properties().text(key),
                    unit.isEmpty() ? "" : " " + unit,
                    other.get().properties().text("hats_nrows"),
                    bytes(other.get().files()));
        }
    }

    private void describeColumns() throws IOException {
        String common = catalog.path(CatalogLayout.COMMON_METADATA);
        boolean hasCommon = files.stream().anyMatch(file -> file.path().equals(CatalogLayout.COMMON_METADATA));
        if (!hasCommon && leaves.isEmpty()) {
            return;
        }
        String path = hasCommon ? common : catalog.path(leaves.get(0).path());
        try (TableFile table = TableFile.open(catalog.store(), path)) {
            line("columns", "%d", table.columns().size());
            table.columns().forEach(column -> text.append("  %s%n".formatted(column)));
        }
    }

    private static String bytes(List<CatalogFile> files) {
        return CollectionText.bytes(files.stream().mapToLong(CatalogFile::bytes).sum());
    }

    private void line(String name, String value, Object... arguments) {
        text.append("%-14s %s%n".formatted(name, value.formatted(arguments)));
    }
}
