package io.skyroll.sinks.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The chain of small objects that publishing consists of, under {@code _skyroll/} in a collection. All but pins and pauses hang on a generation.
 * Every object is created once and never changed. Thread-safe.
 *
 * <pre>
 * generations/1              what generation 1 reads and how it lays rows out
 * steps/1/7                  which cut becomes version 7
 * manifests/1/7/3            partition 3's state at that cut
 * margins/1/7/3              the third part of the margins at that cut, if there are margins
 * versions/1/7               the commit of version 7
 * pins/2                     the second pin
 * pauses/1                   the first pause
 * pool/                      leaf, border and margin files and cell counts under unique names
 * </pre>
 */
public final class Chain {
    /** Where everything but the catalogs' directories is kept, relative to the collection. */
    public static final String ROOT = "_skyroll/";

    /** Where leaf, border and margin files and cell counts are kept. */
    public static final String POOL = ROOT + "pool";

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    /** What there is one of per step, or one directory, in the order in which it is forgotten. */
    private static final List<String> KINDS_OF_STEP = List.of("manifests", "margins", "steps", "versions");

    // Paths are put together by "+": the digits that a format writes depend on the locale, and it is slow for what is
    // asked all the time.
    private final Store store;

    public Chain(Store store) {
        this.store = store;
    }

    public Optional<Generation> generation(int number) throws IOException {
        return read("generations/" + number, Generation.class);
    }

    /** The newest generation. */
    public Optional<Generation> newestGeneration() throws IOException {
        long newest = newestNumber("generations");
        return newest == 0 ? Optional.empty() : generation((int) newest);
    }

    public boolean create(Generation generation) throws IOException {
        return create("generations/" + generation.number(), generation);
    }

    public Optional<Step> step(int generation, long number) throws IOException {
        return read("steps/" + generation + "/" + number, Step.class);
    }

    public boolean create(int generation, Step step) throws IOException {
        return create("steps/" + generation + "/" + step.number(), step);
    }

    public Optional<Manifest> manifest(int generation, long step, int partition) throws IOException {
        return read("manifests/" + generation + "/" + step + "/" + partition, Manifest.class);
    }

    public boolean create(Manifest manifest) throws IOException {
        return create(
                "manifests/" + manifest.generation() + "/" + manifest.step() + "/" + manifest.partition(), manifest);
    }

    /** How many partitions have written their manifest for a step. */
    public int manifestCount(int generation, long step) throws IOException {
        return store.list(ROOT + "manifests/" + generation + "/" + step).size();
    }

    Optional<MarginPart> marginPart(int generation, long step, int part) throws IOException {
        return read("margins/" + generation + "/" + step + "/" + part, MarginPart.class);
    }

    boolean create(MarginPart part) throws IOException {
        return create("margins/" + part.generation() + "/" + part.step() + "/" + part.part(), part);
    }

    public Optional<Version> version(int generation, long number) throws IOException {
        return read("versions/" + generation + "/" + number, Version.class);
    }

    public boolean create(Version version) throws IOException {
        return create("versions/" + version.generation() + "/" + version.number(), version);
    }

    /** The committed versions of a generation that have not been removed, oldest first. */
    public List<Long> versions(int generation) throws IOException {
        return numbers("versions/" + generation);
    }

    /** The generations, oldest first. */
    public List<Long> generations() throws IOException {
        return numbers("generations");
    }

    /** The newest committed version of a generation. */
    public Optional<Version> newestVersion(int generation) throws IOException {
        while (true) {
            long newest = newestNumber("versions/" + generation);
            Optional<Version> version = newest == 0 ? Optional.empty() : version(generation, newest);
            if (version.isPresent() || newest == 0) {
                return version;
            }
            // Forgotten since it was listed, so a newer one is there now.
        }
    }

    /** The newest committed version of all generations. */
    public Optional<Version> newestVersion() throws IOException {
        List<Long> generations = generations();
        for (int i = generations.size() - 1; i >= 0; i--) {
            Optional<Version> newest = newestVersion(generations.get(i).intValue());
            if (newest.isPresent()) {
                return newest;
            }
        }
        return Optional.empty();
    }

    /**
     * The version that readers are to see: the pinned one, else the newest. A generation that reads the topic of the one before from the
     * start takes over when it shows as much.
     */
    public Optional<Version> wanted() throws IOException {
        Optional<Pin> pin = pin();
        if (pin.isPresent()) {
            return version(pin.get().generation(), pin.get().version());
        }
        Optional<Version> wanted = Optional.empty();
        List<Long> generations = generations();
        for (int i = generations.size() - 1; i >= 0; i--) {
            Optional<Version> newest = newestVersion(generations.get(i).intValue());
            if (wanted.isEmpty() || (newest.isPresent() && isAhead(newest.get(), wanted.get()))) {
                wanted = newest;
            }
        }
        return wanted;
    }

    /** Whether a version of an earlier generation shows more; in another topic, positions need not follow the former ones. */
    private boolean isAhead(Version earlier, Version later) throws IOException {
        Optional<Generation> one = generation(earlier.generation());
        Optional<Generation> other = generation(later.generation());
        return earlier.cut().isAfter(later.cut())
                && one.isPresent()
                && other.isPresent()
                && one.get().readsWhat(other.get());
    }

    /** The newest pin, if it holds. */
    public Optional<Pin> pin() throws IOException {
        long newest = newestNumber("pins");
        return newest == 0
                ? Optional.empty()
                : read("pins/" + newest, Pin.class).filter(Pin::holds);
    }

    /** Pins readers to a version, whatever is committed afterwards. */
    public void pin(Version version) throws IOException {
        append("pins", number -> new Pin(number, version.generation(), version.number()));
    }

    /** Lets readers see the newest version again. */
    public void release() throws IOException {
        append("pins", Pin::release);
    }

    /** The numbers of all steps of a generation that anything is left of, oldest first. */
    SortedSet<Long> traces(int generation) throws IOException {
        SortedSet<Long> traces = new TreeSet<>();
        for (String kind : KINDS_OF_STEP) {
            traces.addAll(numbers(kind + "/" + generation));
        }
        return traces;
    }

    /** Forgets a step and its version; the version's object goes last, so that a crash in between is made good later. */
    void forget(int generation, long number) throws IOException {
        for (String kind : KINDS_OF_STEP) {
            store.delete(ROOT + kind + "/" + generation + "/" + number);
        }
    }

    /** Whether no version is to be begun for now. */
    public boolean isPaused() throws IOException {
        long newest = newestNumber("pauses");
        return newest > 0
                && read("pauses/" + newest, Pause.class).filter(Pause::holds).isPresent();
    }

    /** Has sinks begin no version, or go on with that. */
    public void pause(boolean holds) throws IOException {
        append("pauses", number -> new Pause(number, holds));
    }

    private void append(String kind, Function<Long, Object> object) throws IOException {
        long number = newestNumber(kind);
        do {
            number++;
        } while (!create(kind + "/" + number, object.apply(number)));
    }

    private long newestNumber(String directory) throws IOException {
        List<Long> numbers = numbers(directory);
        return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
    }

    /** Other names are passed over: some object stores keep files there for a moment while they write ours. */
    private List<Long> numbers(String directory) throws IOException {
        return store.list(ROOT + directory).stream()
                .map(Store.Entry::name)
                .filter(NUMBER.asMatchPredicate())
                .map(Long::parseLong)
                .sorted()
                .toList();
    }

    private <T> Optional<T> read(String path, Class<T> type) throws IOException {
        Optional<byte[]> content = store.read(ROOT + path);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ChainJson.decode(content.get(), type));
        } catch (JsonProcessingException damaged) {
            throw SkyrollException.defect(
                    "%s is not a %s: restore it from a backup, or start a new generation"
                            .formatted(store.uri(ROOT + path), type.getSimpleName()),
                    damaged);
        }
    }

    private boolean create(String path, Object content) throws IOException {
        return store.createIfAbsent(ROOT + path, ChainJson.encode(content));
    }
}
