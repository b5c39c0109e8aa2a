package io.skyroll.sinks.consume;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.sinks.consume.SimulatedSource.Row;
import io.skyroll.sinks.margin.Margin;
import io.skyroll.sinks.memtable.RowMemory;
import io.skyroll.sinks.memtable.SpillDirectory;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Generations;
import io.skyroll.sinks.publish.Layout;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.MarginPart;
import io.skyroll.sinks.publish.Pin;
import io.skyroll.sinks.publish.Rollback;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.storage.InMemoryStore;
import io.skyroll.sinks.storage.MortalStore;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * The publishing protocol in one thread: the sinks' own code over an in-memory topic and an in-memory store, and a scheduler that decides
 * by its seed who does what next: reads a little, makes one transition, is killed between two calls of the store, or held up there while
 * the others go on, loses its partition without knowing, comes back. After each step the invariants are checked.
 */
final class ProtocolSimulation {
    private static final int PARTITIONS = 3;
    private static final int UPSTREAMS = 3;
    private static final int SINKS = 3;
    /** Who rolls back, among those that can be held up; sinks have the numbers before. */
    private static final int OPERATOR = SINKS;

    /** How long readers have to go on seeing a cut: time enough for each sink to publish twice, and to lose its patience. */
    private static final int STEADY_ROUNDS = 8;

    private static final int RETAINED = SimulatedOutput.RETAINED;

    private final Random random;
    private final InMemoryStore store = new InMemoryStore();
    private final Chain chain = new Chain(store);
    private final SimulatedSource source;
    private final List<List<ConsumerRecord<byte[], byte[]>>> logs = new ArrayList<>();
    private final List<SimulatedSink> sinks = new ArrayList<>();
    private final SpillDirectory spilled;
    /** Bytes: in some seeds less than a row, in some enough for a few, in most for all. */
    private final long memory;

    private final int[] owner = new int[PARTITIONS];
    private final SchemaRegistry registry = new FixedRegistry();
    private final SimulatedOutput output;
    private final Generation generation;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long names;
    private int kills;
    private int heldUp = -1;
    private boolean isPointerOld;
    private int repairs;
    private boolean draining;
    /** What readers read last, and what it says; most steps leave it as it is. */
    private byte[] pointerRead = new byte[0];

    private String pointed = "";
    private Optional<String> lastPointer = Optional.empty();
    private Optional<Position> lastCut = Optional.empty();
    private boolean pinChanged;

    /**
     * @param kind gives what is published, for a number of partitions
     * @param spilled for spilled rows, empty now and after a run
     */
    ProtocolSimulation(long seed, BiFunction<Random, Integer, SimulatedOutput> kind, SpillDirectory spilled)
            throws IOException {
        this.spilled = spilled;
        memory = seed % 16 == 1 ? 1 : seed % 16 == 2 ? 1 << 16 : 1 << 30;
        // Mixed, for neighbouring seeds begin with the same bit.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        source = new SimulatedSource(random, new SkyPartitions(0, PARTITIONS), UPSTREAMS);
        output = kind.apply(random, PARTITIONS);
        Layout layout = output.layout();
        generation = new Generations(chain).open(new Generation(0, "sim.sky", "topic", "cluster", layout));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            logs.add(new ArrayList<>());
        }
        for (int sink = 0; sink < SINKS; sink++) {
            sinks.add(newSink(sink));
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            owner[partition] = random.nextInt(SINKS);
            sinks.get(owner[partition]).assign(partition, logs.get(partition));
        }
    }

    /** What a run came to. */
    record Outcome(int versions, int kills, int repairs, boolean dropEmptySiblings) {}

    Outcome run(int steps) throws IOException {
        source.snapshot();
        for (int i = 0; i < steps; i++) {
            step();
            verifyReaders();
        }
        // Twice, so that what the interrupted ones left behind is behind a committed step, and collected.
        for (int i = 0; i < 2; i++) {
            source.change();
            source.cut();
            drain();
        }
        verifyNothingIsLeftBehind();
        Version last = chain.newestVersion().orElseThrow();
        if (!last.cut().equals(source.truth().lastKey())) {
            throw new AssertionError("the last version shows %s, the last cut is at %s"
                    .formatted(last.cut(), source.truth().lastKey()));
        }
        sinks.forEach(SimulatedSink::die);
        if (spilled.usedBytes() > 0) {
            throw new AssertionError("%d bytes of spilled rows are left".formatted(spilled.usedBytes()));
        }
        return new Outcome((int) last.number(), kills, repairs, output.dropsEmptySiblings());
    }

    private void step() throws IOException {
        int dice = random.nextInt(100);
        if (dice < 8) {
            source.change();
        } else if (dice < 11) {
            source.cut();
        } else if (dice == 11 && random.nextInt(4) == 0) {
            source.snapshot();
        } else if (dice < 28) {
            append(random.nextInt(UPSTREAMS));
        } else if (dice < 31) {
            now = now.plusSeconds(random.nextInt(4));
        } else if (dice < 33) {
            rebalance(random.nextInt(PARTITIONS));
        } else if (dice == 33 && random.nextInt(4) == 0) {
            pinOrRelease();
        } else {
            let(random.nextInt(SINKS));
        }
    }

    /** Lets one sink do one thing, and kills it meanwhile now and then. */
    private void let(int index) throws IOException {
        if (index == heldUp) {
            return;
        }
        SimulatedSink sink = sinks.get(index);
        if (random.nextInt(40) == 0) {
            sink.store().killAfter(1 + random.nextInt(6), random.nextBoolean());
        }
        try {
            List<Integer> mine = sink.partitions();
            int what = random.nextInt(8);
            if (what < 2 || mine.isEmpty()) {
                sink.assemble();
            } else {
                int partition = mine.get(random.nextInt(mine.size()));
                if (what < 4) {
                    sink.read(partition, logs.get(partition), 1 + random.nextInt(30));
                } else {
                    sink.publish(partition, logs.get(partition));
                }
            }
        } catch (MortalStore.Killed killed) {
            kills++;
            isPointerOld |= sink.store().wrotePointer();
            sink.die();
            sinks.set(index, newSink(index));
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (owner[partition] == index) {
                    owner[partition] = random.nextInt(SINKS);
                    sinks.get(owner[partition]).assign(partition, logs.get(partition));
                }
            }
        }
    }

    /** Holds a sink up in the middle of what it does, while the others go on. */
    private void holdUp(int index) {
        if (draining || heldUp >= 0 || random.nextInt(50) > 0) {
            return;
        }
        heldUp = index;
        try {
            for (int i = random.nextInt(200); i > 0; i--) {
                step();
                verifyReaders();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            heldUp = -1;
        }
    }

    /** Another sink gets the partition; the one before may go on for a while without knowing. */
    private void rebalance(int partition) throws IOException {
        if (random.nextBoolean()) {
            sinks.forEach(sink -> sink.revoke(partition));
        }
        owner[partition] = random.nextInt(SINKS);
        sinks.get(owner[partition]).assign(partition, logs.get(partition));
    }

    private void pinOrRelease() throws IOException {
        pinChanged = true;
        List<Long> versions = chain.versions(generation.number());
        if (random.nextBoolean() || versions.isEmpty()) {
            chain.release();
        } else {
            long number = versions.get(random.nextInt(versions.size()));
            Chain operators = new Chain(new MortalStore(store, () -> holdUp(OPERATOR)));
            try {
                new Rollback(operators, RETAINED).to(number);
            } catch (SkyrollException refused) {
                List<Long> left = chain.versions(generation.number());
                if (left.indexOf(number) >= left.size() - RETAINED) {
                    throw refused;
                }
            }
            pinChanged = true;
        }
    }

    private void append(int upstream) {
        List<SimulatedSource.Written> transaction = source.poll(upstream);
        for (SimulatedSource.Written written : transaction) {
            List<ConsumerRecord<byte[], byte[]>> log = logs.get(written.partition());
            long offset = log.isEmpty() ? 0 : log.get(log.size() - 1).offset() + 1 + random.nextInt(2);
            log.add(new ConsumerRecord<>(
                    generation.topic(),
                    written.partition(),
                    offset,
                    0,
                    TimestampType.LOG_APPEND_TIME,
                    0,
                    0,
                    written.key(),
                    written.value(),
                    written.headers(),
                    Optional.empty()));
        }
    }

    private void drain() throws IOException {
        draining = true;
        while (!source.isDrained()) {
            append(random.nextInt(UPSTREAMS));
        }
        Optional<Pin> pin = chain.pin();
        if (pin.isPresent()) {
            Version pinned =
                    chain.version(pin.get().generation(), pin.get().version()).orElseThrow();
            settleAt(pinned.cut());
            verifyRows(lastPointer.orElseThrow(), pinned.cut());
        }
        chain.release();
        pinChanged = true;
        settleAt(source.truth().lastKey());
    }

    /** Lets the sinks work undisturbed until readers see a cut and go on seeing it. */
    private void settleAt(Position cut) throws IOException {
        int steady = 0;
        for (int round = 0; round < 2_000; round++) {
            for (SimulatedSink sink : sinks) {
                sink.store().killAfter(Integer.MAX_VALUE, true);
                for (int partition : sink.partitions()) {
                    sink.read(partition, logs.get(partition), 100);
                    sink.publish(partition, logs.get(partition));
                }
                now = now.plusSeconds(2);
                sink.assemble();
                verifyReaders();
            }
            steady = lastCut.equals(Optional.of(cut)) ? steady + 1 : 0;
            if (steady == STEADY_ROUNDS) {
                return;
            }
        }
        throw new AssertionError("publishing hangs: readers see %s instead of %s".formatted(lastCut, cut));
    }

    /**
     * Readers see a whole version that is a true cut, and never go back but by a pin, or while whoever has written an old pointer has
     * not looked at the chain again: it was held up, or killed, and then another one repairs it.
     */
    private void verifyReaders() throws IOException {
        Optional<byte[]> pointer = store.read(output.pointerFile());
        if (pointer.isEmpty()) {
            return;
        }
        if (!Arrays.equals(pointer.get(), pointerRead)) {
            pointerRead = pointer.get();
            pointed = output.pointed(pointerRead);
        }
        String directory = pointed;
        if (lastPointer.equals(Optional.of(directory))) {
            isPointerOld = false;
            return;
        }
        boolean isHeldUp = heldUp >= 0 && heldUp < SINKS;
        boolean mayBeOld =
                isPointerOld || (isHeldUp && sinks.get(heldUp).store().wrotePointer());
        Optional<Position> shown = output.cut(store, directory);
        if (shown.isEmpty() && mayBeOld) {
            repairs++;
            return;
        }
        Position cut = shown.orElseThrow();
        boolean isBack = lastCut.isPresent() && lastCut.get().isAfter(cut);
        if (isBack && mayBeOld && !isPinned(directory)) {
            repairs++;
            return;
        }
        if (isBack && !pinChanged && !isPinned(directory)) {
            throw new AssertionError("readers went back from %s to %s".formatted(lastCut, cut));
        }
        verifyRows(directory, cut);
        isPointerOld = false;
        lastPointer = Optional.of(directory);
        lastCut = Optional.of(cut);
        if (!isBack) {
            pinChanged = false;
        }
    }

    private boolean isPinned(String directory) throws IOException {
        Optional<Pin> pin = chain.pin();
        return pin.isPresent()
                && chain.version(pin.get().generation(), pin.get().version())
                        .filter(version ->
                                version.directory(SimulatedOutput.CATALOG).equals(directory))
                        .isPresent();
    }

    /** Once all is quiet the store holds the retained versions and what they need, and attempts at steps that are not committed. */
    private void verifyNothingIsLeftBehind() throws IOException {
        List<Long> versions = chain.versions(generation.number());
        if (versions.size() > RETAINED) {
            throw new AssertionError("%s are retained".formatted(versions));
        }
        Set<String> needed = new HashSet<>();
        for (long version : versions) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                Manifest manifest =
                        chain.manifest(generation.number(), version, partition).orElseThrow();
                needed.addAll(manifest.poolFiles());
            }
            for (Margin margin : MarginPart.all(chain, generation, version).orElseThrow()) {
                margin.file().map(Border::file).ifPresent(needed::add);
            }
        }
        for (String file : needed) {
            if (store.read(file).isEmpty()) {
                throw new AssertionError("%s is gone, and a retained version needs it".formatted(file));
            }
        }
        long last = versions.get(versions.size() - 1);
        for (Store.Entry file : store.list(Chain.POOL)) {
            long step = Long.parseLong(file.name()
                    .substring(file.name().indexOf("-s") + 2, file.name().indexOf("-p")));
            if (step <= last && !needed.contains(Chain.POOL + "/" + file.name())) {
                throw new AssertionError("%s is garbage".formatted(file.name()));
            }
        }
        for (String kind : List.of("steps", "manifests", "margins")) {
            for (Store.Entry entry : store.list(Chain.ROOT + kind + "/" + generation.number())) {
                long step = Long.parseLong(entry.name());
                if (step <= last && !versions.contains(step)) {
                    throw new AssertionError("%s/%d is of no version".formatted(kind, step));
                }
            }
        }
        List<String> directories = store.list("").stream()
                .map(Store.Entry::name)
                .filter(name -> name.startsWith(SimulatedOutput.CATALOG + "_"))
                .toList();
        int directoriesOfAVersion = generation.layout().marginOrder() > 0 ? 2 : 1;
        if (directories.size() != versions.size() * directoriesOfAVersion) {
            throw new AssertionError("%s for %s".formatted(directories, versions));
        }
    }

    private void verifyRows(String directory, Position cut) throws IOException {
        Map<Long, Row> expected = source.truth().get(cut);
        if (expected == null) {
            throw new AssertionError("version %s is of %s, which is no cut".formatted(directory, cut));
        }
        Map<Long, Row> found = new HashMap<>();
        output.rows(store, directory).forEach(star -> {
            Row doubled = found.put(star.id(), new Row(star.healpix(), star.value()));
            if (doubled != null) {
                throw new AssertionError("row %d is doubled in %s".formatted(star.id(), directory));
            }
        });
        if (!found.equals(expected)) {
            throw new AssertionError("%s at %s has %d rows that differ from the %d of the source"
                    .formatted(directory, cut, found.size(), expected.size()));
        }
        output.verifyMore(store, directory);
    }

    private SimulatedSink newSink(int index) {
        return new SimulatedSink(
                store,
                generation,
                registry,
                output,
                SimulatedOutput.CATALOG,
                () -> now,
                () -> Long.toString(names++),
                new RowMemory(memory, Long.MAX_VALUE, spilled),
                () -> holdUp(index));
    }
}
