package io.skyroll.sinks.publish;

import io.skyroll.sinks.margin.Margin;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes old versions and files that nothing needs. No clock is asked. A version is retained while it is one of the newest, or pinned. A
 * pool file is garbage when it was written for a step that is committed and no retained version names it: for such a step every manifest
 * and every part of the margins
 * exists, so whoever still works on it will lose, and be overtaken. Files of steps that are not committed are never touched.
 *
 * <p>Several processes may collect at once.
 */
public final class Garbage {
    private final Chain chain;
    private final Store store;
    /** A version's directory, or one that belongs to it and has more behind its name. */
    private final Pattern directory;

    private final int retained;

    /**
     * @param catalog what version directories' names start with
     * @param retained how many of the newest versions to keep, from 1
     */
    public Garbage(Chain chain, Store store, String catalog, int retained) {
        if (retained < 1) {
            throw new IllegalArgumentException("at least 1 version must be retained: %d".formatted(retained));
        }
        this.chain = chain;
        this.store = store;
        this.directory = Pattern.compile(Pattern.quote(catalog) + "_g(\\d+)_v(\\d+)(_.+)?");
        this.retained = retained;
    }

    void collect() throws IOException {
        Optional<Version> newest = chain.newestVersion();
        if (newest.isEmpty()) {
            return;
        }
        TreeSet<Key> versions = new TreeSet<>();
        for (long generation : chain.generations()) {
            for (long number : chain.versions((int) generation)) {
                versions.add(new Key((int) generation, number));
            }
        }
        Set<Key> kept = new HashSet<>();
        versions.descendingSet().stream().limit(retained).forEach(kept::add);
        chain.pin().ifPresent(pin -> kept.add(new Key(pin.generation(), pin.version())));
        chain.wanted().ifPresent(seen -> kept.add(new Key(seen.generation(), seen.number())));
        Key last = new Key(newest.get().generation(), newest.get().number());
        removeDirectories(kept, last);
        // Names are read before anything is forgotten, so that the pool is judged by complete manifests.
        Optional<Set<String>> named = named(kept);
        if (named.isEmpty()) {
            // Another process knows of newer versions and is removing what seemed to be retained: leave it to that one.
            return;
        }
        collectPool(named.get(), last);
        for (long generation : chain.generations()) {
            for (long number : chain.traces((int) generation)) {
                Key key = new Key((int) generation, number);
                if (!kept.contains(key) && key.compareTo(last) < 0) {
                    chain.forget(key.generation(), key.number());
                }
            }
        }
    }

    private void removeDirectories(Set<Key> kept, Key last) throws IOException {
        for (Store.Entry entry : store.list("")) {
            Matcher matcher = directory.matcher(entry.name());
            if (matcher.matches()) {
                Key key = new Key(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
                if (!kept.contains(key) && key.compareTo(last) < 0) {
                    store.delete(entry.name());
                }
            }
        }
    }

    /** The pool files that retained versions need; empty when a manifest, or a part of the margins, is gone. */
    private Optional<Set<String>> named(Set<Key> kept) throws IOException {
        Set<String> named = new HashSet<>();
        for (Key key : kept) {
            Generation generation = chain.generation(key.generation()).orElseThrow();
            for (int partition = 0; partition < generation.layout().partitions(); partition++) {
                Optional<Manifest> manifest = chain.manifest(key.generation(), key.number(), partition);
                if (manifest.isEmpty()) {
                    return Optional.empty();
                }
                named.addAll(manifest.get().poolFiles());
            }
            Optional<List<Margin>> margins = MarginPart.all(chain, generation, key.number());
            if (margins.isEmpty()) {
                return Optional.empty();
            }
            margins.get().forEach(margin -> margin.file().map(Border::file).ifPresent(named::add));
        }
        return Optional.of(named);
    }

    private void collectPool(Set<String> named, Key last) throws IOException {
        List<Store.Entry> files = store.list(Chain.POOL);
        for (Store.Entry file : files) {
            String path = Chain.POOL + "/" + file.name();
            boolean isSettled = PoolNames.isUpTo(file.name(), last.generation(), last.number());
            if (isSettled && !named.contains(path)) {
                store.delete(path);
            }
        }
    }

    /** A version by its number. */
    private record Key(int generation, long number) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byGeneration = Integer.compare(generation, other.generation);
            return byGeneration != 0 ? byGeneration : Long.compare(number, other.number);
        }
    }
}
