package io.skyroll.sinks.verify;

import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.margin.Margin;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.DatasetManifest;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.MarginPart;
import io.skyroll.sinks.publish.SkyManifest;
import io.skyroll.sinks.publish.Step;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.published.PropertiesFile;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows the chain by which Skyroll published the versions that are retained. Owned by one thread. */
final class ChainCheck {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String PRIMARY = "hats_primary_table_url";
    private static final Pattern DIRECTORY = Pattern.compile(".+_g(\\d{1,9})_v(\\d{6,18})");

    private final Store store;
    private final Chain chain;
    private final Check check;
    private final PoolCheck pool;
    private final Duration patience;
    private int versions;

    /** @param patience how long a sink that runs may take to point readers to a committed version */
    ChainCheck(Store store, Check check, Duration patience) {
        this.patience = patience;
        this.store = store;
        this.chain = new Chain(store);
        this.check = check;
        this.pool = new PoolCheck(store, check);
    }

    void check() {
        check.attempt(Chain.ROOT + "generations", () -> {
            for (long number : chain.generations()) {
                String path = Chain.ROOT + "generations/" + number;
                check.attempt(path, () -> check(chain.generation((int) number).orElseThrow()));
            }
        });
        check.attempt(CatalogLayout.COLLECTION_PROPERTIES, this::checkPointer);
        check.attempt(DatasetProperties.POINTER, this::checkDatasetPointer);
        check.saw("%d versions, %,d files in the pool", versions, pool.files());
    }

    private void check(Generation generation) throws IOException {
        for (long number : chain.versions(generation.number())) {
            versions++;
            String path = Chain.ROOT + "versions/%d/%d".formatted(generation.number(), number);
            check.attempt(
                    path,
                    () -> check(
                            generation,
                            chain.version(generation.number(), number).orElseThrow()));
        }
    }

    private void check(Generation generation, Version version) {
        String path = Chain.ROOT + "steps/%d/%d".formatted(version.generation(), version.number());
        check.attempt(path, () -> {
            Optional<Step> step = chain.step(version.generation(), version.number());
            if (step.isEmpty()) {
                check.found(path, "it is missing; its version is committed");
            } else if (!step.get().cut().equals(version.cut())) {
                check.found(
                        path,
                        "its cut must be %s: %s",
                        version.cut(),
                        step.get().cut());
            }
        });
        for (Manifest manifest : manifests(generation, version)) {
            if (manifest instanceof SkyManifest sky) {
                pool.check(generation.skyLayout(), sky);
            } else if (manifest instanceof DatasetManifest dataset) {
                pool.check(dataset);
            }
        }
        String margins = Chain.ROOT + "margins/%d/%d".formatted(version.generation(), version.number());
        check.attempt(margins, () -> margins(generation, version, margins).forEach(file -> pool.check(margins, file)));
    }

    private List<Manifest> manifests(Generation generation, Version version) {
        List<Manifest> manifests = new ArrayList<>();
        for (int i = 0; i < generation.layout().partitions(); i++) {
            int partition = i;
            String path = manifestPath(version.generation(), version.number(), partition);
            check.attempt(path, () -> {
                Optional<Manifest> manifest = chain.manifest(version.generation(), version.number(), partition);
                if (manifest.isEmpty()) {
                    check.found(path, "it is missing; its version is committed");
                } else {
                    check(path, version, partition, manifest.get());
                    manifests.add(manifest.get());
                }
            });
        }
        return manifests;
    }

    private List<Border> margins(Generation generation, Version version, String path) throws IOException {
        Optional<List<Margin>> margins = MarginPart.all(chain, generation, version.number());
        if (margins.isEmpty()) {
            check.found(path, "a part of the margins is missing; their version is committed");
        }
        return margins.orElse(List.of()).stream()
                .flatMap(margin -> margin.file().stream())
                .toList();
    }

    static String manifestPath(int generation, long step, int partition) {
        return Chain.ROOT + "manifests/%d/%d/%d".formatted(generation, step, partition);
    }

    private void check(String path, Version version, int partition, Manifest manifest) {
        if (manifest.generation() != version.generation()
                || manifest.step() != version.number()
                || manifest.partition() != partition) {
            check.found(
                    path,
                    "it is that of partition %d at step %d of generation %d",
                    manifest.partition(),
                    manifest.step(),
                    manifest.generation());
        }
        if (!manifest.cut().equals(version.cut())) {
            check.found(path, "its cut must be %s: %s", version.cut(), manifest.cut());
        }
    }

    private void checkPointer() throws IOException {
        Optional<Version> wanted = wanted();
        Optional<PropertiesFile> pointer = pointer(CatalogLayout.COLLECTION_PROPERTIES, PRIMARY, wanted);
        if (pointer.isEmpty()) {
            return;
        }
        String directory = pointer.get().text(PRIMARY);
        if (!DIRECTORY.matcher(directory).matches()) {
            check.found(pointer.get().path(), "it does not name a version: '%s'", directory);
            return;
        }
        Optional<Version> version = named(directory);
        if (version.isEmpty()) {
            check.found(pointer.get().path(), "it names %s, a version that is not committed", directory);
            return;
        }
        if (!isWanted(version.get(), wanted)) {
            check.found(
                    pointer.get().path(),
                    "it must name %s; a sink that runs will see to it: %s",
                    wanted.map(Version::toString).orElse("nothing"),
                    directory);
        }
        int generation = version.get().generation();
        Optional<Generation> of = chain.generation(generation);
        if (of.isPresent()) {
            List<Manifest> manifests = new ArrayList<>();
            for (int partition = 0; partition < of.get().layout().partitions(); partition++) {
                chain.manifest(generation, version.get().number(), partition).ifPresent(manifests::add);
            }
            LinksCheck links = new LinksCheck(store, check, directory);
            links.check(of.get(), version.get(), SkyManifest.of(manifests));
            links.checkMargins(
                    MarginPart.all(chain, of.get(), version.get().number()).orElse(List.of()), version.get());
        }
    }

    /** What it leads to is checked with the dataset. */
    private void checkDatasetPointer() throws IOException {
        Optional<Version> wanted = wanted();
        Optional<PropertiesFile> pointer = pointer(DatasetProperties.POINTER, DatasetProperties.VERSION, wanted);
        if (pointer.isEmpty() || wanted.isEmpty()) {
            return;
        }
        String directory = pointer.get().text(DatasetProperties.VERSION);
        Optional<Version> version = named(directory);
        if (version.isEmpty() || !isWanted(version.get(), wanted)) {
            check.found(
                    pointer.get().path(),
                    "it must name %s; a sink that runs will see to it: %s",
                    wanted.get(),
                    directory);
        }
    }

    /** Reads a pointer file; while it names an older version than it must, it may be that a sink is about to change that. */
    private Optional<PropertiesFile> pointer(String path, String key, Optional<Version> wanted) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<PropertiesFile> pointer = PropertiesFile.read(store, path);
            Optional<Version> version =
                    pointer.isPresent() ? named(pointer.get().text(key)) : Optional.empty();
            if (version.isEmpty() || isWanted(version.get(), wanted) || System.nanoTime() - deadline >= 0) {
                return pointer;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** The committed version that a directory is named after. */
    private Optional<Version> named(String directory) throws IOException {
        Matcher matcher = DIRECTORY.matcher(directory);
        return matcher.matches()
                ? chain.version(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)))
                : Optional.empty();
    }

    /** Whether readers may be pointed to a version: to the one that is pinned, or else to none that is older than the newest was. */
    private boolean isWanted(Version version, Optional<Version> wanted) throws IOException {
        return version.equals(wanted.orElse(null))
                || (chain.pin().isEmpty() && wanted.isPresent() && version.compareTo(wanted.get()) > 0);
    }

    /** The version that readers are to see. */
    private Optional<Version> wanted() throws IOException {
        return chain.wanted();
    }
}
