package io.skyroll.sinks.publish;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.catalog.CatalogLeaf;
import io.skyroll.sinks.catalog.IndexCatalogs;
import io.skyroll.sinks.catalog.SideFiles;
import io.skyroll.sinks.hats.CatalogColumns;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogPixels;
import io.skyroll.sinks.hats.CatalogProperties;
import io.skyroll.sinks.hats.CatalogSize;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.CollectionPointer;
import io.skyroll.sinks.hats.LeafCell;
import io.skyroll.sinks.hats.LeafNames;
import io.skyroll.sinks.hats.LeafRule;
import io.skyroll.sinks.hats.Skymaps;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Version directories that are HATS catalogs, in a HATS collection. Leaves are linked (or copied) from the pool under the names that the
 * whole sky gives them; the properties come last, so that a directory with properties is complete, and its margin
 * catalog beside it, too.
 */
public final class HatsVersionDirectory implements VersionDirectory {
    private static final Logger log = LoggerFactory.getLogger(HatsVersionDirectory.class);

    private final Store store;
    private final CatalogSettings settings;
    private final Function<RowSchema, byte[]> commonMetadata;
    private final SideFiles sideFiles;
    private final IndexCatalogs indexes;
    private final MarginDirectory margins;

    /**
     * @param scratch a local directory for what is too large for memory
     * @param commonMetadata gives a Parquet file without rows that has the schema of the leaves of a row schema
     */
    public HatsVersionDirectory(
            Store store, CatalogSettings settings, Path scratch, Function<RowSchema, byte[]> commonMetadata) {
        this.store = store;
        this.settings = settings;
        this.commonMetadata = commonMetadata;
        this.sideFiles = new SideFiles(store, settings.extras());
        this.indexes = new IndexCatalogs(store, settings.extras().indexes(), scratch);
        this.margins = new MarginDirectory(store, settings);
    }

    @Override
    public String name(Version version) {
        return version.directory(settings.name());
    }

    @Override
    public void assemble(Generation generation, Version version, List<Manifest> states) throws IOException {
        String directory = name(version) + "/";
        SkyLayout layout = generation.skyLayout();
        List<SkyManifest> manifests = SkyManifest.of(states);
        LeafNames names = layout.names(manifests);
        List<CatalogLeaf> leaves = new ArrayList<>();
        long bytes = 0;
        warnOfOverfullLeaves(layout.rule(), manifests);
        for (SkyManifest manifest : manifests) {
            for (Leaf leaf : manifest.leaves()) {
                Pixel pixel = names.name(leaf.cell());
                leaves.add(new CatalogLeaf(pixel, leaf.file(), leaf.rows(), leaf.groups()));
                bytes += leaf.bytes();
                store.linkOrCopy(leaf.file(), directory + CatalogLayout.leafPath(pixel));
            }
        }
        CatalogPixels catalogPixels =
                new CatalogPixels(leaves.stream().map(CatalogLeaf::pixel).toList());
        SkyManifest any = manifests.get(0);
        RowSchema schema = any.rowSchema();
        byte[] common = commonMetadata.apply(schema);
        margins.assemble(generation, version, common);
        store.replace(directory + CatalogLayout.COMMON_METADATA, common);
        Skymaps skymaps = sideFiles.writeMaps(name(version), sky(layout, manifests));
        sideFiles.write(name(version), schema, leaves);
        indexes.write(settings.name(), name(version), schema, leaves, settings.builder(), version.created());
        store.replace(directory + CatalogLayout.PARTITION_INFO, catalogPixels.toCsv());
        byte[] properties = properties(generation, version, manifests, catalogPixels, bytes, skymaps);
        store.replace(directory + CatalogLayout.PROPERTIES, properties);
        store.replace(directory + CatalogLayout.HATS_PROPERTIES, properties);
    }

    @Override
    public String pointed() throws IOException {
        Optional<byte[]> pointer = store.read(CatalogLayout.COLLECTION_PROPERTIES);
        return pointer.map(text -> CollectionPointer.parse(text).primary()).orElse("");
    }

    @Override
    public void point(Version version) throws IOException {
        CollectionPointer pointer = new CollectionPointer(
                settings.name(),
                name(version),
                margins.names(version),
                indexes.directories(name(version)),
                settings.builder(),
                version.created());
        store.replace(CatalogLayout.COLLECTION_PROPERTIES, pointer.toBytes());
    }

    private void warnOfOverfullLeaves(LeafRule rule, List<SkyManifest> manifests) {
        List<LeafCell> overfull = manifests.stream()
                .flatMap(manifest -> manifest.leaves().stream())
                .map(Leaf::cell)
                .filter(rule::isOverfull)
                .toList();
        overfull.stream()
                .max(Comparator.comparingLong(LeafCell::rows))
                .ifPresent(fullest -> log.warn(
                        "{}: {} leaves of the highest order {} have more than {} rows, pixel {} has {}: raise catalog.highest_order",
                        settings.name(),
                        overfull.size(),
                        rule.highestOrder(),
                        rule.maxRows(),
                        fullest.branch(),
                        fullest.rows()));
    }

    /** How many rows there are in every cell of the sky. */
    private CellCounts sky(SkyLayout layout, List<SkyManifest> manifests) throws IOException {
        List<CellCounts> parts = new ArrayList<>();
        for (SkyManifest manifest : manifests) {
            parts.add(CellCounts.decode(store.read(manifest.countsFile())
                    .orElseThrow(() -> new java.nio.file.NoSuchFileException(store.uri(manifest.countsFile())))));
        }
        return CellCounts.concat(layout.highestOrder(), parts);
    }

    private byte[] properties(
            Generation generation,
            Version version,
            List<SkyManifest> manifests,
            CatalogPixels pixels,
            long bytes,
            Skymaps skymaps) {
        Manifest.requireAgreement(version, manifests);
        SkyManifest any = manifests.get(0);
        long rows = manifests.stream().mapToLong(SkyManifest::rows).sum();
        Map<String, String> extra = new TreeMap<>();
        extra.put("skyroll_generation", Integer.toString(version.generation()));
        extra.put("skyroll_version", Long.toString(version.number()));
        extra.put("skyroll_position", version.cut().toString());
        extra.put("skyroll_position_time", any.cutTime().toString());
        extra.put("skyroll_topic_offsets", Manifest.topicOffsets(manifests));
        extra.put("skyroll_rows_in", Long.toString(any.rowsIn()));
        Manifest.work(manifests).ifPresent(work -> extra.put("skyroll_work", work.properties()));
        if (!any.rejects().isEmpty()) {
            extra.put(
                    "skyroll_rejects",
                    new TreeMap<>(any.rejects())
                            .entrySet().stream()
                                    .map(reject -> reject.getKey() + "=" + reject.getValue())
                                    .collect(Collectors.joining(" ")));
        }
        return new CatalogProperties(
                        settings.name(),
                        settings.product(),
                        new CatalogColumns(settings.raColumn(), settings.decColumn(), List.of()),
                        CatalogSize.of(pixels, rows, generation.skyLayout().thresholdRows(), bytes),
                        skymaps,
                        settings.builder(),
                        version.created(),
                        null,
                        extra)
                .toBytes();
    }
}
