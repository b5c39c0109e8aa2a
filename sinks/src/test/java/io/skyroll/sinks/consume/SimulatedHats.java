package io.skyroll.sinks.consume;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogPixels;
import io.skyroll.sinks.hats.CatalogProperties;
import io.skyroll.sinks.hats.CollectionPointer;
import io.skyroll.sinks.hats.DataProduct;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.margin.MarginOracle;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.publish.CatalogSettings;
import io.skyroll.sinks.publish.HatsVersionDirectory;
import io.skyroll.sinks.publish.Layout;
import io.skyroll.sinks.publish.LeafManifestWriter;
import io.skyroll.sinks.publish.ManifestWriter;
import io.skyroll.sinks.publish.SkyLayout;
import io.skyroll.sinks.publish.VersionDirectory;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A HATS catalog, some with margins. */
final class SimulatedHats implements SimulatedOutput {
    private final SkyLayout layout;
    private final CatalogSettings settings =
            new CatalogSettings(CATALOG, DataProduct.OBJECT, "ra", "dec", "skyroll v0", RETAINED, CatalogExtras.NONE);

    SimulatedHats(Random random, int partitions) {
        layout = new SkyLayout(partitions, 0, 3, 5, random.nextBoolean(), 2, random.nextBoolean() ? 3600 : 0);
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public boolean dropsEmptySiblings() {
        return layout.dropEmptySiblings();
    }

    @Override
    public ManifestWriter writer(Store store, SchemaRegistry registry, Supplier<String> names) {
        return new LeafManifestWriter(store, registry, schema -> new PlainLeaves(), names);
    }

    @Override
    public VersionDirectory directory(Store store) {
        return new HatsVersionDirectory(store, settings, Path.of(""), schema -> new byte[0]);
    }

    @Override
    public String pointerFile() {
        return CatalogLayout.COLLECTION_PROPERTIES;
    }

    @Override
    public String pointed(byte[] pointer) {
        return CollectionPointer.parse(pointer).primary();
    }

    @Override
    public Optional<Position> cut(Store store, String directory) throws IOException {
        return store.read(directory + "/" + CatalogLayout.HATS_PROPERTIES)
                .map(text ->
                        Position.parse(CatalogProperties.parse(text).extra().getOrDefault("skyroll_position", "")));
    }

    @Override
    public List<Star> rows(Store store, String directory) throws IOException {
        List<Star> stars = new ArrayList<>();
        files(store, directory).forEach((pixel, rows) -> {
            rows.stream().filter(star -> !pixel.contains(star.healpix())).forEach(star -> {
                throw new AssertionError("row %d is misplaced in %s of %s".formatted(star.id(), pixel, directory));
            });
            stars.addAll(rows);
        });
        return stars;
    }

    @Override
    public void verifyMore(Store store, String directory) throws IOException {
        if (layout.marginOrder() == 0) {
            return;
        }
        Map<Pixel, List<Star>> leaves = files(store, directory);
        MarginOracle oracle = new MarginOracle(leaves.keySet(), layout.marginOrder());
        leaves.values().forEach(rows -> rows.forEach(oracle::add));
        Map<Pixel, List<Star>> margins = files(store, directory + "_margin");
        if (!margins.equals(oracle.margins())) {
            throw new AssertionError(
                    "margins of %s are %s instead of %s".formatted(directory, margins, oracle.margins()));
        }
    }

    /** The rows of a catalog's files, in sky order and in their order. */
    private static SortedMap<Pixel, List<Star>> files(Store store, String directory) throws IOException {
        SortedMap<Pixel, List<Star>> files = new TreeMap<>();
        CatalogPixels pixels = CatalogPixels.parse(
                store.read(directory + "/" + CatalogLayout.PARTITION_INFO).orElseThrow());
        for (Pixel pixel : pixels.pixels()) {
            String path = directory + "/" + CatalogLayout.leafPath(pixel);
            List<Star> stars = new ArrayList<>();
            try (LeafReader file = new PlainLeaves().open(store.open(path))) {
                for (int group = 0; group < file.groups().size(); group++) {
                    for (RowCursor rows = file.rows(group); rows.next(); ) {
                        stars.add(Star.at(rows));
                    }
                }
            }
            files.put(pixel, stars);
        }
        return files;
    }
}
