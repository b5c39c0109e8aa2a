package io.skyroll.sinks.verify;

import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows the names by which readers find a version of a dataset. Owned by one thread. */
final class DatasetPointer {
    private static final Pattern DIRECTORY = Pattern.compile("(.+)_g(\\d{1,9})_v(\\d{6,18})");

    private final Store store;
    private final Chain chain;
    private final Check check;

    DatasetPointer(Store store, Check check) {
        this.store = store;
        this.chain = new Chain(store);
        this.check = check;
    }

    /** The check of the version that readers see; empty if they find none. */
    Optional<DatasetCheck> follow(Checks checks) {
        List<DatasetCheck> found = new ArrayList<>();
        check.attempt(DatasetProperties.POINTER, () -> {
            Optional<byte[]> text = store.read(DatasetProperties.POINTER);
            if (text.isEmpty()) {
                check.found(DatasetProperties.POINTER, "it is missing, so readers find nothing");
            } else {
                String directory = DatasetProperties.parse(DatasetProperties.POINTER, text.get())
                        .text(DatasetProperties.VERSION);
                check.saw("%s", directory);
                follow(directory, checks).ifPresent(found::add);
            }
        });
        return found.stream().findFirst();
    }

    private Optional<DatasetCheck> follow(String directory, Checks checks) throws IOException {
        Matcher matcher = DIRECTORY.matcher(directory);
        if (!matcher.matches()) {
            check.found(DatasetProperties.POINTER, "it does not name a version: '%s'", directory);
            return Optional.empty();
        }
        int number = Integer.parseInt(matcher.group(2));
        Optional<Generation> generation = chain.generation(number);
        Optional<Version> version = chain.version(number, Long.parseLong(matcher.group(3)));
        if (generation.isEmpty() || version.isEmpty()) {
            check.found(DatasetProperties.POINTER, "it names %s, a version that is not committed", directory);
            return Optional.empty();
        }
        alias(DatasetProperties.CURRENT, directory);
        if (generation.get().datasetLayout().singleFile()) {
            singleFile(directory, DatasetProperties.singleFile(matcher.group(1)));
        }
        return Optional.of(new DatasetCheck(
                store,
                checks,
                generation.get(),
                version.get(),
                directory,
                DatasetCheck.manifests(chain, generation.get(), version.get())));
    }

    private void singleFile(String directory, String name) throws IOException {
        String path = directory + "/" + name;
        if (store.aliased(name).isPresent()) {
            alias(name, path);
        } else if (!PoolCheck.digest(store, name).equals(PoolCheck.digest(store, path))) {
            check.found(name, "it must be a copy of %s", path);
        }
    }

    /** Stores without other names have none that could lead elsewhere. */
    private void alias(String name, String target) throws IOException {
        Optional<String> aliased = store.aliased(name);
        if (aliased.isPresent() && !aliased.get().equals(target)) {
            check.found(name, "it must lead to %s: %s", target, aliased.get());
        }
    }
}
