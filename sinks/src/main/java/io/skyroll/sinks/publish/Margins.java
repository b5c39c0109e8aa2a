package io.skyroll.sinks.publish;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.hats.CatalogPixels;
import io.skyroll.sinks.hats.LeafNames;
import io.skyroll.sinks.hats.SkyTree;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.margin.Margin;
import io.skyroll.sinks.margin.MarginSources;
import io.skyroll.sinks.margin.MarginWriter;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes the margins of a step, once all its manifests are there and before its version is committed. A margin whose sources are those it
 * had in the version before is that version's file; only the others are written. Thread-safe.
 */
public final class Margins {
    private final Chain chain;
    private final Store store;
    private final Function<RowSchema, LeafCodec> codecs;
    private final Supplier<String> uniqueNames;

    /**
     * @param codecs gives the codec for a row schema
     * @param uniqueNames gives names that no process ever gives twice
     */
    public Margins(Chain chain, Store store, Function<RowSchema, LeafCodec> codecs, Supplier<String> uniqueNames) {
        this.chain = chain;
        this.store = store;
        this.codecs = codecs;
        this.uniqueNames = uniqueNames;
    }

    /** Whether nothing is left to do for a step; so it is at once in a generation without margins. */
    boolean areComplete(Generation generation, long step) throws IOException {
        return MarginPart.all(chain, generation, step).isPresent();
    }

    /**
     * Makes what is missing. Other processes may do so at once: each begins with a part of its own, and passes over parts that are there.
     *
     * @param manifests of all partitions for the step
     */
    void complete(Generation generation, long step, List<Manifest> manifests) throws IOException {
        List<SkyManifest> leaves = SkyManifest.of(manifests);
        List<MarginSources> sources = sources(generation.skyLayout(), leaves);
        Map<Pixel, Margin> former = former(generation, step);
        MarginWriter writer = writer(generation.skyLayout(), manifests);
        int parts = generation.layout().partitions();
        int first = Math.floorMod(uniqueNames.get().hashCode(), parts);
        for (int i = 0; i < parts; i++) {
            int part = (first + i) % parts;
            if (chain.marginPart(generation.number(), step, part).isEmpty()) {
                PoolNames pool = new PoolNames(generation.number(), step, part, uniqueNames);
                List<Margin> margins = new ArrayList<>();
                for (MarginSources each : share(sources, part, parts)) {
                    Optional<Margin> same = Optional.ofNullable(former.get(each.pixel()))
                            .filter(margin -> margin.sources().equals(each.digest()));
                    margins.add(same.isPresent() ? same.get() : writer.write(each, pool::margin));
                }
                chain.create(new MarginPart(generation.number(), step, part, margins));
            }
        }
    }

    private static List<MarginSources> sources(SkyLayout layout, List<SkyManifest> manifests) {
        LeafNames names = layout.names(manifests);
        List<Pixel> pixels = new ArrayList<>();
        Map<Pixel, Border> borders = new HashMap<>();
        for (SkyManifest manifest : manifests) {
            for (Leaf leaf : manifest.leaves()) {
                Pixel pixel = names.name(leaf.cell());
                pixels.add(pixel);
                leaf.border().ifPresent(border -> borders.put(pixel, border));
            }
        }
        return MarginSources.of(SkyTree.around(new CatalogPixels(pixels)), borders);
    }

    /**
     * The margins of the version before. It is retained as long as this step is not committed, and so are its files: no others may be taken
     * up again.
     */
    private Map<Pixel, Margin> former(Generation generation, long step) throws IOException {
        Map<Pixel, Margin> former = new HashMap<>();
        for (Margin margin : MarginPart.all(chain, generation, step - 1).orElse(List.of())) {
            former.put(margin.pixel(), margin);
        }
        return former;
    }

    private MarginWriter writer(SkyLayout layout, List<Manifest> manifests) {
        RowSchema schema = manifests.get(0).rowSchema();
        return new MarginWriter(store, codecs.apply(schema), layout.border(), layout.groupRows());
    }

    private static List<MarginSources> share(List<MarginSources> all, int part, int parts) {
        long count = all.size();
        return all.subList((int) (count * part / parts), (int) (count * (part + 1) / parts));
    }
}
