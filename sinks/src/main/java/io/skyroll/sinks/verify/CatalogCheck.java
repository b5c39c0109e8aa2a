package io.skyroll.sinks.verify;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.MessageType;

/** Checks a catalog by itself: everything but what only its main catalog can tell. Owned by one thread. */
final class CatalogCheck {
    private final PublishedCatalog catalog;
    private final Checks checks;
    private final List<CatalogFile> files;
    private final List<CatalogFile> leaves;

    CatalogCheck(PublishedCatalog catalog, Checks checks) throws IOException {
        this.catalog = catalog;
        this.checks = checks;
        this.files = catalog.files();
        this.leaves = catalog.leaves();
    }

    PublishedCatalog catalog() {
        return catalog;
    }

    /** The leaves, in the order of the sky. */
    List<CatalogFile> leaves() {
        return leaves;
    }

    /** Checks a catalog whose rows are in leaves. */
    void ofLeaves() {
        PropertiesCheck properties = new PropertiesCheck(catalog, begin(Kind.PROPERTIES));
        properties.checkFiles();
        List<Pixel> pixels = new PartitionsCheck(catalog, begin(Kind.PARTITIONS)).check(leaves);
        properties.checkPixels(pixels);
        FilesCheck.check(catalog, files, begin(Kind.FILES));
        MapsCheck maps = new MapsCheck(catalog, files, begin(Kind.MAPS));
        Check schema = begin(Kind.SCHEMA);
        Optional<MessageType> common = common(properties, schema);
        LeafPass pass = new LeafPass(catalog, checks, schema, common, maps.tally());
        leaves.forEach(pass::read);
        long rows = pass.finish();
        maps.compare();
        checkRows(rows);
        if (has(FilesCheck.METADATA)) {
            new MetadataCheck(catalog, begin(Kind.METADATA))
                    .compare(leaves.stream().map(CatalogFile::path).toList());
        }
        if (has(FilesCheck.STATISTICS)) {
            new StatisticsCheck(catalog, leaves, begin(Kind.STATISTICS)).compare();
        }
        if (has(CatalogLayout.THUMBNAIL)) {
            new ThumbnailCheck(catalog, leaves, begin(Kind.THUMBNAIL)).compare(common);
        }
    }

    /** Checks an index, whose rows are in parts. */
    void ofParts() {
        PropertiesCheck properties = new PropertiesCheck(catalog, begin(Kind.PROPERTIES));
        properties.checkFiles();
        List<CatalogFile> others = new ArrayList<>(files);
        others.removeIf(file -> IndexCheck.isPart(file.path()));
        FilesCheck.check(catalog, others, begin(Kind.FILES));
        Check schema = begin(Kind.SCHEMA);
        IndexCheck.checkParts(catalog, files, common(properties, schema), schema, begin(Kind.ROWS));
        new MetadataCheck(catalog, begin(Kind.METADATA))
                .compare(IndexCheck.parts(files).stream().map(CatalogFile::path).toList());
    }

    /** Compares an index with its main catalog. */
    void ofIndex(CatalogCheck main) {
        new IndexCheck(main.catalog, main.leaves, catalog, files, begin(Kind.INDEX)).compare();
    }

    /** Compares a margin with its main catalog. */
    void ofMargin(CatalogCheck main) {
        new MarginCheck(main.catalog, main.leaves, catalog, leaves, begin(Kind.MARGIN)).compare();
    }

    private Optional<MessageType> common(PropertiesCheck properties, Check schema) {
        List<MessageType> read = new ArrayList<>();
        String path = catalog.path(CatalogLayout.COMMON_METADATA);
        schema.attempt(path, () -> {
            try (TableFile table = TableFile.open(catalog.store(), path)) {
                read.add(table.schema());
                properties.checkColumns(table.schema());
            }
        });
        return read.stream().findFirst();
    }

    private void checkRows(long rows) {
        Check check = begin(Kind.ROWS);
        String said = catalog.properties().text("hats_nrows");
        if (!said.equals(Long.toString(rows))) {
            check.found(catalog.properties().path(), "hats_nrows must be %d: '%s'", rows, said);
        }
        check.saw("%,d rows in all leaves, hats_nrows %s", rows, said);
    }

    private boolean has(String file) {
        return files.stream().anyMatch(other -> other.path().equals(file));
    }

    private Check begin(Kind kind) {
        return checks.begin(catalog.directory(), kind);
    }
}
