package io.skyroll.app.inspect;

import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Pin;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.publish.VersionSummary;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.Optional;

/** What there is in a collection or a catalog, in words. */
public final class CollectionText {
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    private static final int STEP = 1024;

    private CollectionText() {}

    /**
     * Describes what readers see, and every version that Skyroll keeps.
     *
     * @throws io.skyroll.schemas.failure.SkyrollException when there is neither a catalog nor a dataset
     */
    public static String of(Store store) throws IOException {
        Chain chain = new Chain(store);
        Optional<Generation> generation = chain.newestGeneration();
        String seen = generation.isPresent() && generation.get().layout() instanceof DatasetLayout layout
                ? DatasetText.of(store, layout)
                : CatalogText.of(PublishedCatalog.main(store));
        return seen + versions(chain);
    }

    private static String versions(Chain chain) throws IOException {
        StringBuilder text = new StringBuilder();
        for (long generation : chain.generations()) {
            for (long number : chain.versions((int) generation)) {
                Optional<Version> version = chain.version((int) generation, number);
                if (version.isPresent()) {
                    text.append(line(chain, version.get()));
                }
            }
        }
        if (text.isEmpty()) {
            return "versions       none: not made by Skyroll%n".formatted();
        }
        Optional<Pin> pin = chain.pin();
        String pinned = pin.map(
                        held -> "pinned to version %d of generation %d".formatted(held.version(), held.generation()))
                .orElse("not pinned");
        return "versions       %s%n%s%s".formatted(pinned, text, newest(chain));
    }

    private static String newest(Chain chain) throws IOException {
        Optional<Version> newest = chain.newestVersion();
        return newest.isEmpty()
                ? ""
                : VersionSummary.of(chain, newest.get())
                        .work()
                        .map(work -> "  the newest took %s%n".formatted(work.text()))
                        .orElse("");
    }

    private static String line(Chain chain, Version version) throws IOException {
        VersionSummary summary = VersionSummary.of(chain, version);
        boolean isDataset = chain.generation(version.generation())
                .filter(generation -> generation.layout() instanceof DatasetLayout)
                .isPresent();
        return "  generation %d, version %d at %s, committed %s: %,d rows, %,d %s, %s%n"
                .formatted(
                        version.generation(),
                        version.number(),
                        version.cut(),
                        version.created(),
                        summary.rows(),
                        summary.files(),
                        isDataset ? "files" : "leaves",
                        bytes(summary.bytes()));
    }

    /** A size as people read it. */
    static String bytes(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= STEP && unit < UNITS.length - 1) {
            size /= STEP;
            unit++;
        }
        return unit == 0 ? "%d %s".formatted(bytes, UNITS[0]) : "%.1f %s".formatted(size, UNITS[unit]);
    }
}
