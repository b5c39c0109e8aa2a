package io.skyroll.sinks.publish;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogColumns;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogPixels;
import io.skyroll.sinks.hats.CatalogProperties;
import io.skyroll.sinks.hats.CatalogSize;
import io.skyroll.sinks.hats.DataProduct;
import io.skyroll.sinks.hats.MarginOf;
import io.skyroll.sinks.hats.Skymaps;
import io.skyroll.sinks.margin.Margin;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The margin catalogs of versions, each in a directory beside its version's. They have the files that {@code hats-import} gives margins, so
 * no point map. The properties come last, so that a directory with properties is complete.
 */
final class MarginDirectory {
    private final Store store;
    private final Chain chain;
    private final CatalogSettings settings;

    MarginDirectory(Store store, CatalogSettings settings) {
        this.store = store;
        this.chain = new Chain(store);
        this.settings = settings;
    }

    /**
     * Assembles a version's margin catalog, if its generation has margins. May be done by several processes at once, and over again.
     *
     * @param commonMetadata a Parquet file without rows that has the schema of the leaves
     */
    void assemble(Generation generation, Version version, byte[] commonMetadata) throws IOException {
        if (generation.layout().marginOrder() == 0) {
            return;
        }
        String directory = name(version) + "/";
        List<Margin> margins = MarginPart.all(chain, generation, version.number())
                .orElseThrow(() -> new NoSuchFileException(
                        "margins of version %d of generation %d".formatted(version.number(), generation.number())));
        List<Pixel> pixels = new ArrayList<>();
        List<Border> files = new ArrayList<>();
        for (Margin margin : margins) {
            if (margin.file().isPresent()) {
                pixels.add(margin.pixel());
                files.add(margin.file().get());
                store.linkOrCopy(margin.file().get().file(), directory + CatalogLayout.leafPath(margin.pixel()));
            }
        }
        CatalogPixels catalogPixels = new CatalogPixels(pixels);
        store.replace(directory + CatalogLayout.COMMON_METADATA, commonMetadata);
        store.replace(directory + CatalogLayout.PARTITION_INFO, catalogPixels.toCsv());
        byte[] properties = properties(generation.skyLayout(), version, catalogPixels, files);
        store.replace(directory + CatalogLayout.PROPERTIES, properties);
        store.replace(directory + CatalogLayout.HATS_PROPERTIES, properties);
    }

    /** The names of an assembled version's margin catalogs: one, or none if its generation has no margins. */
    List<String> names(Version version) throws IOException {
        String name = name(version);
        return store.read(name + "/" + CatalogLayout.HATS_PROPERTIES).isPresent() ? List.of(name) : List.of();
    }

    private String name(Version version) {
        return version.marginDirectory(settings.name());
    }

    private byte[] properties(SkyLayout layout, Version version, CatalogPixels pixels, List<Border> files) {
        long rows = files.stream().mapToLong(Border::rows).sum();
        long maxRows = files.stream().mapToLong(Border::rows).max().orElse(1);
        long bytes = files.stream().mapToLong(Border::bytes).sum();
        Map<String, String> extra = new TreeMap<>();
        extra.put("skyroll_generation", Integer.toString(version.generation()));
        extra.put("skyroll_version", Long.toString(version.number()));
        extra.put("skyroll_position", version.cut().toString());
        return new CatalogProperties(
                        settings.name() + "_margin",
                        DataProduct.MARGIN,
                        new CatalogColumns(settings.raColumn(), settings.decColumn(), List.of()),
                        CatalogSize.of(pixels, rows, maxRows, bytes),
                        Skymaps.NONE,
                        settings.builder(),
                        version.created(),
                        new MarginOf(version.directory(settings.name()), layout.marginThresholdArcsec()),
                        extra)
                .toBytes();
    }
}
