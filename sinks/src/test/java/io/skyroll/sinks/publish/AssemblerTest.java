package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.storage.InMemoryStore;
import io.skyroll.sinks.storage.MortalStore;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commit, the pointer and the garbage, over a chain of one partition whose directories are one file. */
class AssemblerTest {
    private static final String POINTER = "pointer";
    /** A leaf of the first version that no later one changes. */
    private static final String SHARED = Chain.POOL + "/g1-s000001-p000-shared.parquet";

    private final InMemoryStore store = new InMemoryStore();
    private final Chain chain = new Chain(store);
    private final Margins margins = new Margins(chain, store, schema -> new PlainLeaves(), () -> "x");
    private final Generation generation =
            new Generation(1, "t.sky", "topic", "cluster", new SkyLayout(1, 0, 3, 5, true, 2, 0));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    AssemblerTest() throws IOException {
        chain.create(generation);
    }

    @Test
    void versionIsCommittedOnlyWhenItsManifestsAreAllThere() throws IOException {
        Assembler assembler = assembler(new Directory());
        chain.create(1, new Step(1, cut(1)));
        assertThat(assembler.advance()).isFalse();
        assertThat(chain.newestVersion()).isEmpty();

        chain.create(manifest(1));

        assertThat(assembler.advance()).isTrue();
        assertThat(chain.newestVersion()).contains(new Version(1, 1, cut(1), now));
        assertThat(pointed()).isEqualTo("c_g1_v000001");
        assertThat(assembler.pointedTo().map(Version::number)).contains(1L);
    }

    @Test
    @DisplayName(
            "A3: who is stopped just before the pointer and goes on much later leaves readers at the newest version")
    void stoppedJustBeforeThePointer() throws IOException {
        Assembler other = assembler(new Directory());
        Directory stopping = new Directory();
        Assembler stopped = assembler(stopping);
        step(1);
        stopping.beforePoint = () -> {
            for (long number = 2; number <= 6; number++) {
                step(number);
                other.advance();
            }
            assertThat(pointed()).isEqualTo("c_g1_v000006");
        };

        stopped.advance();

        assertThat(stopping.points).containsExactly("c_g1_v000001", "c_g1_v000006");
        assertThat(pointed()).isEqualTo("c_g1_v000006");
    }

    @Test
    @DisplayName("A3: an old pointer whose writer is gone is put right by the others at once")
    void oldPointerIsPutRight() throws IOException {
        Assembler assembler = assembler(new Directory());
        step(1);
        assembler.advance();
        step(2);
        assembler.advance();
        assembler.advance();
        store.replace(POINTER, "c_g1_v000001".getBytes(StandardCharsets.UTF_8));

        assertThat(assembler.advance()).isTrue();

        assertThat(pointed()).isEqualTo("c_g1_v000002");
    }

    @Test
    void othersWaitForWhoCommittedAndStepInWhenTheirPatienceIsOver() throws IOException {
        Assembler waiting = assembler(new Directory());
        step(1);
        waiting.advance();
        waiting.advance();
        step(2);
        chain.create(new Version(1, 2, cut(2), now));

        assertThat(waiting.advance()).isFalse();
        now = now.plusSeconds(4);
        assertThat(waiting.advance()).isFalse();
        assertThat(pointed()).isEqualTo("c_g1_v000001");
        now = now.plusSeconds(1);
        assertThat(waiting.advance()).isTrue();

        assertThat(pointed()).isEqualTo("c_g1_v000002");
    }

    @Test
    void whoStartsFinishesWhatAKilledOneBegan() throws IOException {
        step(1);
        chain.create(new Version(1, 1, cut(1), now));

        assertThat(assembler(new Directory()).advance()).isTrue();

        assertThat(pointed()).isEqualTo("c_g1_v000001");
    }

    @Test
    @DisplayName("A9: a generation that reads the same topic anew takes over when it shows as much, and not before")
    void newGenerationDoesNotLeadReadersBack() throws IOException {
        chain.create(new Version(1, 3, new Position(1, 30, 0), Instant.EPOCH));
        chain.create(new Generation(2, "t.sky", "topic", "cluster", generation.layout()));
        chain.create(new Version(2, 1, new Position(1, 20, 0), Instant.EPOCH));

        assertThat(chain.newestVersion().map(Version::generation)).contains(2);
        assertThat(chain.wanted().map(Version::generation)).contains(1);
        chain.create(new Version(2, 2, new Position(1, 30, 0), Instant.EPOCH));
        assertThat(chain.wanted().map(Version::generation)).contains(2);
    }

    @Test
    @DisplayName("A9: versions go on being committed while readers stay at the pinned one, which is retained")
    void pinHoldsReaders() throws IOException {
        Assembler assembler = assembler(new Directory());
        Rollback rollback = new Rollback(chain, 2);
        publish(assembler, 1, 2);
        rollback.to(1);
        now = now.plusSeconds(5);
        assembler.advance();
        assembler.advance();
        now = now.plusSeconds(5);
        assembler.advance();
        assertThat(pointed()).isEqualTo("c_g1_v000001");

        publish(assembler, 3, 6);

        assertThat(pointed()).isEqualTo("c_g1_v000001");
        assertThat(chain.newestVersion().map(Version::number)).contains(6L);
        assertThat(store.read(file(1))).isPresent();
        assertThat(store.read(file(3))).as("retained no longer, and nobody's").isEmpty();
        assertThat(store.read(file(5))).isPresent();
        rollback.release();
        assembler.advance();
        now = now.plusSeconds(5);
        assembler.advance();
        assertThat(pointed()).isEqualTo("c_g1_v000006");
        assertThat(store.read(file(1))).isEmpty();
    }

    @Test
    @DisplayName("A5: files of steps that are not committed are never touched, those that no retained version names go")
    void garbageIsJudgedByTheChain() throws IOException {
        Assembler assembler = assembler(new Directory());
        publish(assembler, 1, 3);
        String loser = Chain.POOL + "/g1-s000004-p000-loser.parquet";
        String ahead = Chain.POOL + "/g1-s000005-p000-ahead.parquet";
        String foreign = Chain.POOL + "/README";
        for (String path : List.of(loser, ahead, foreign)) {
            store.replace(path, new byte[1]);
        }
        new Garbage(chain, store, "c", 2).collect();
        assertThat(store.read(loser)).isPresent();

        publish(assembler, 4, 4);

        assertThat(store.list(Chain.POOL).stream().map(entry -> Chain.POOL + "/" + entry.name()))
                .containsExactlyInAnyOrder(SHARED, file(3), counts(3), file(4), counts(4), ahead, foreign);
        assertThat(chain.versions(1)).containsExactly(3L, 4L);
        assertThat(chain.step(1, 2)).isEmpty();
        assertThat(chain.manifest(1, 2, 0)).isEmpty();
        assertThat(store.list("").stream().map(Store.Entry::name)).doesNotContain("c_g1_v000002");
    }

    @Test
    void marginsGoWithTheirVersionsAndAreNotTakenForCatalogsOfSuchNames() throws IOException {
        for (String directory : List.of(
                "c_g1_v000001_margin", "c_g1_v000003_margin", "c_margin_g1_v000001", "c_margin_g1_v000001_margin")) {
            store.replace(directory + "/data", new byte[1]);
        }

        publish(assembler(new Directory()), 1, 4);

        assertThat(store.list("").stream().map(Store.Entry::name).filter(name -> name.startsWith("c_")))
                .containsExactlyInAnyOrder(
                        "c_g1_v000003",
                        "c_g1_v000003_margin",
                        "c_g1_v000004",
                        "c_margin_g1_v000001",
                        "c_margin_g1_v000001_margin");
    }

    @ParameterizedTest
    @DisplayName("A5: who collects with an old view of the chain removes nothing that is needed")
    @ValueSource(ints = {1, 2, 3})
    void staleViewDoesNothing(int heldUpAt) throws IOException {
        Assembler assembler = assembler(new Directory());
        publish(assembler, 1, 3);
        // Something to remove in each place: it is held up as it lists directories, removes one, removes from the pool.
        store.replace("c_g1_v000001/data", new byte[1]);
        store.replace(Chain.POOL + "/g1-s000001-p000-left.parquet", new byte[1]);
        AtomicInteger calls = new AtomicInteger();
        Store stale = new MortalStore(store, () -> {
            if (calls.incrementAndGet() == heldUpAt) {
                try {
                    publish(assembler, 4, 8);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }
        });

        new Garbage(new Chain(stale), stale, "c", 2).collect();

        assertThat(calls).hasValueGreaterThanOrEqualTo(heldUpAt);
        assertThat(store.read(SHARED)).isPresent();
        for (long number = 7; number <= 8; number++) {
            assertThat(store.read(file(number))).isPresent();
            assertThat(store.read("c_g1_v%06d/data".formatted(number))).isPresent();
            assertThat(chain.manifest(1, number, 0)).isPresent();
        }
    }

    @Test
    @DisplayName(
            "A8: a new generation of a topic made anew takes over with its first version, and the old one's go with retention")
    void newGenerationTakesOver() throws IOException {
        Assembler assembler = assembler(new Directory());
        publish(assembler, 1, 3);
        Generation next = new Generations(chain)
                .begin(new Generation(1, "t.sky", "topic made anew", "cluster", generation.layout()));
        assembler.advance();
        assertThat(pointed()).isEqualTo("c_g1_v000003");
        assertThat(next.number()).isEqualTo(2);
        store.replace(Chain.POOL + "/g2-s000001-p000-x.parquet", new byte[1]);
        new Garbage(chain, store, "c", 2).collect();
        assertThat(store.read(Chain.POOL + "/g2-s000001-p000-x.parquet")).isPresent();

        chain.create(2, new Step(1, cut(1)));
        chain.create(manifest(2, 1));
        new Assembler(
                        chain,
                        next,
                        margins,
                        new Directory(),
                        new Garbage(chain, store, "c", 2),
                        () -> now,
                        Duration.ofSeconds(5))
                .advance();

        assertThat(pointed()).isEqualTo("c_g2_v000001");
        assertThat(chain.versions(1)).containsExactly(3L);
        assertThat(store.read(file(3))).isPresent();
        assertThat(store.read(file(2))).isEmpty();
    }

    private void publish(Assembler assembler, long first, long last) throws IOException {
        for (long number = first; number <= last; number++) {
            step(number);
            assembler.advance();
            // Readers are pinned: garbage goes with the next pointer only.
            new Garbage(chain, store, "c", 2).collect();
        }
    }

    private void step(long number) throws IOException {
        chain.create(1, new Step(number, cut(number)));
        chain.create(manifest(number));
    }

    private Manifest manifest(long number) throws IOException {
        return manifest(1, number);
    }

    private Manifest manifest(int of, long number) throws IOException {
        String leaf = file(number).replace("g1", "g" + of);
        String counts = counts(number).replace("g1", "g" + of);
        store.replace(leaf, new byte[] {(byte) number});
        store.replace(counts, new byte[] {(byte) number});
        if (number == 1) {
            store.replace(SHARED, new byte[1]);
        }
        return new SkyManifest(
                of,
                number,
                0,
                cut(number),
                Instant.EPOCH,
                "s",
                number,
                1,
                "\"string\"",
                0,
                Map.of(),
                1,
                counts,
                List.of(1L),
                Optional.empty(),
                List.of(leaf(1, leaf), leaf(2, SHARED)));
    }

    private static Leaf leaf(int npix, String file) {
        return new Leaf(new Pixel(0, npix), new Pixel(0, npix), 1, 1, 1, "", file, Optional.empty());
    }

    private static String file(long number) {
        return Chain.POOL + "/g1-s%06d-p000-a.parquet".formatted(number);
    }

    private static String counts(long number) {
        return Chain.POOL + "/g1-s%06d-p000-b.counts".formatted(number);
    }

    private static Position cut(long number) {
        return new Position(1, number, 0);
    }

    private String pointed() throws IOException {
        return store.read(POINTER)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
    }

    private Assembler assembler(Directory directory) {
        return new Assembler(
                chain,
                generation,
                margins,
                directory,
                new Garbage(chain, store, "c", 2),
                () -> now,
                Duration.ofSeconds(5));
    }

    /** Something to be done by others meanwhile. */
    private interface Meanwhile {
        void run() throws IOException;
    }

    /** A directory of one file, and a process that can be stopped before it writes the pointer. */
    private final class Directory implements VersionDirectory {
        private final List<String> points = new ArrayList<>();
        private Meanwhile beforePoint = () -> {};

        @Override
        public String name(Version version) {
            return version.directory("c");
        }

        @Override
        public void assemble(Generation of, Version version, List<Manifest> manifests) throws IOException {
            store.linkOrCopy(SkyManifest.of(manifests.get(0)).leaves().get(0).file(), name(version) + "/data");
        }

        @Override
        public String pointed() throws IOException {
            return AssemblerTest.this.pointed();
        }

        @Override
        public void point(Version version) throws IOException {
            Meanwhile meanwhile = beforePoint;
            beforePoint = () -> {};
            meanwhile.run();
            points.add(name(version));
            store.replace(POINTER, name(version).getBytes(StandardCharsets.UTF_8));
        }
    }
}
