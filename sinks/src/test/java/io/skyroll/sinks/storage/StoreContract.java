package io.skyroll.sinks.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Store} does. */
abstract class StoreContract {

    private static final int THREADS = 8;

    @SuppressWarnings("NullAway.Init")
    private Store store;

    @SuppressWarnings("NullAway.Init")
    private Store other;

    /** Opens a store on the test's own root: each call gives a store that sees what the others do. */
    abstract Store open() throws Exception;

    /** Closes a store that {@link #open} gave. */
    void close(Store opened) {
        opened.close();
    }

    /** How many times creators race. */
    int races() {
        return 200;
    }

    @BeforeEach
    void openStores() throws Exception {
        store = open();
        other = open();
    }

    @AfterEach
    void closeStores() {
        close(store);
        close(other);
    }

    @Test
    void createsOnlyWhatIsAbsent() throws IOException {
        assertThat(store.createIfAbsent("versions/1/7", bytes("first"))).isTrue();
        assertThat(store.createIfAbsent("versions/1/7", bytes("second"))).isFalse();
        assertThat(other.createIfAbsent("versions/1/7", bytes("third"))).isFalse();

        assertThat(text("versions/1/7")).contains("first");
    }

    @Test
    void createsAgainWhatWasDeleted() throws IOException {
        store.createIfAbsent("pins/1", bytes("old"));
        store.delete("pins/1");

        assertThat(store.createIfAbsent("pins/1", bytes("new"))).isTrue();
        assertThat(text("pins/1")).contains("new");
    }

    @Test
    void creatingAgainTheSameContentStillHasOneWinner() throws IOException {
        assertThat(store.createIfAbsent("a", bytes("same"))).isTrue();
        assertThat(store.createIfAbsent("a", bytes("same"))).isFalse();
    }

    @Test
    void keepsAnEmptyObject() throws IOException {
        assertThat(store.createIfAbsent("empty", new byte[0])).isTrue();
        assertThat(store.createIfAbsent("empty", bytes("x"))).isFalse();

        assertThat(store.read("empty"))
                .hasValueSatisfying(content -> assertThat(content).isEmpty());
        assertThat(store.list("")).contains(new Store.Entry("empty", 0, false));
    }

    @Test
    void exactlyOneOfManyRacingCreatorsWinsAndItsWholeContentIsVisibleToAll() throws Exception {
        try (Crew crew = new Crew(THREADS)) {
            for (int race = 0; race < races(); race++) {
                String path = "steps/" + race;
                List<Attempt> attempts = crew.all(runner -> {
                    String content = String.valueOf((char) ('a' + runner)).repeat(5_000 + runner);
                    boolean won = (runner % 2 == 0 ? store : other).createIfAbsent(path, bytes(content));
                    return new Attempt(won, content, text(path));
                });

                List<Attempt> winners = attempts.stream().filter(Attempt::won).toList();
                assertThat(winners).as("winners of race %d", race).hasSize(1);
                assertThat(attempts)
                        .allSatisfy(attempt -> assertThat(attempt.seen()).hasValueSatisfying(seen -> assertThat(seen)
                                .isEqualTo(winners.get(0).content())));
            }
        }
    }

    @Test
    @Timeout(120)
    void readersSeeTheOldContentOrTheNewWhileItIsReplaced() throws Exception {
        store.replace("collection.properties", filled(1, 1_000));
        AtomicInteger readers = new AtomicInteger(3);
        try (Crew crew = new Crew(4)) {
            crew.all(runner -> {
                if (runner == 0) {
                    for (int round = 0; readers.get() > 0; round++) {
                        int value = 1 + round % 120;
                        store.replace("collection.properties", filled(value, value * 1_000));
                    }
                    return "done";
                }
                try {
                    Set<Byte> seen = new HashSet<>();
                    while (seen.size() < 10) {
                        byte[] content = other.read("collection.properties").orElseThrow();
                        assertThat(content).isEqualTo(filled(content[0], content[0] * 1_000));
                        seen.add(content[0]);
                    }
                } finally {
                    readers.decrementAndGet();
                }
                return "done";
            });
        }
    }

    @Test
    void readersSeeNothingOrTheWholeOfWhatIsCreated() throws Exception {
        for (int round = 0; round < 3; round++) {
            String path = "manifests/1/" + round;
            byte[] content = filled(round, 3_000_000);
            AtomicBoolean done = new AtomicBoolean();
            try (Crew crew = new Crew(2)) {
                crew.all(runner -> {
                    if (runner == 0) {
                        try {
                            return store.createIfAbsent(path, content);
                        } finally {
                            done.set(true);
                        }
                    }
                    while (!done.get()) {
                        other.read(path).ifPresent(seen -> assertThat(seen).isEqualTo(content));
                    }
                    return true;
                });
            }
            assertThat(store.read(path)).hasValue(content);
        }
    }

    @Test
    void replacesWhatIsThereAndCreatesWhatIsNot() throws IOException {
        store.replace("p/q", bytes("a longer first content"));
        store.replace("p/q", bytes("second"));

        assertThat(text("p/q")).contains("second");
        assertThat(store.list("p")).containsExactly(new Store.Entry("q", 6, false));
    }

    @Test
    void outputIsInvisibleUntilCommitted() throws IOException {
        try (StoreOutput output = store.create("pool/a.parquet")) {
            output.write(bytes("PAR1"));
            output.write('x');
            output.write(bytes("__yz__"), 2, 2);
            assertThat(output.position()).isEqualTo(7);
            assertThat(other.read("pool/a.parquet")).isEmpty();
            assertThat(other.list("pool")).isEmpty();

            output.commit();

            assertThat(text("pool/a.parquet")).contains("PAR1xyz");
            assertThat(other.list("pool")).containsExactly(new Store.Entry("a.parquet", 7, false));
        }
        assertThat(text("pool/a.parquet")).contains("PAR1xyz");
    }

    @Test
    void outputClosedWithoutCommitLeavesNothing() throws IOException {
        StoreOutput output = store.create("pool/a.parquet");
        output.write(new byte[500_000]);
        output.close();
        output.close();

        assertThat(store.read("pool/a.parquet")).isEmpty();
        assertThat(store.list("pool")).isEmpty();
        assertThatThrownBy(() -> output.write(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(output::commit).isInstanceOf(IOException.class);
    }

    @Test
    void nothingIsWrittenAfterACommit() throws IOException {
        try (StoreOutput output = store.create("pool/a")) {
            output.write(bytes("whole"));
            output.commit();

            assertThatThrownBy(() -> output.write(bytes("more"))).isInstanceOf(IOException.class);
            assertThatThrownBy(output::commit).isInstanceOf(IOException.class);
        }
        assertThat(text("pool/a")).contains("whole");
    }

    @Test
    void outputReplacesAnObjectOfItsName() throws IOException {
        store.createIfAbsent("pool/a", bytes("an old, longer one"));
        try (StoreOutput output = store.create("pool/a")) {
            output.write(bytes("new"));
            output.commit();
        }
        assertThat(text("pool/a")).contains("new");
    }

    @Test
    void outputOfNoBytesIsAnEmptyObject() throws IOException {
        try (StoreOutput output = store.create("pool/a")) {
            output.commit();
        }
        assertThat(store.list("pool")).containsExactly(new Store.Entry("a", 0, false));
    }

    @Test
    void largeObjectIsReadAtAnyPosition() throws IOException {
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] content = new byte[20 << 20];
        random.nextBytes(content);
        try (StoreOutput output = store.create("pool/large")) {
            for (int at = 0; at < content.length; ) {
                int piece = Math.min(random.nextInt(700_000) + 1, content.length - at);
                output.write(content, at, piece);
                at += piece;
            }
            assertThat(output.position()).isEqualTo(content.length);
            output.commit();
        }

        try (StoreInput input = other.open("pool/large")) {
            assertThat(input.length()).isEqualTo(content.length);
            byte[] buffer = new byte[3 << 20];
            for (int reading = 0; reading < 100; reading++) {
                int length = random.nextInt(reading % 10 == 0 ? buffer.length : 5_000);
                int position = random.nextInt(content.length - length + 1);
                int offset = random.nextInt(buffer.length - length + 1);
                input.readFully(position, buffer, offset, length);
                assertThat(Arrays.mismatch(buffer, offset, offset + length, content, position, position + length))
                        .as("%d bytes at %d, seed %d", length, position, seed)
                        .isEqualTo(-1);
            }
            byte[] whole = new byte[content.length];
            input.readFully(0, whole, 0, whole.length);
            assertThat(Arrays.mismatch(whole, content)).as("seed %d", seed).isEqualTo(-1);
        }
    }

    @Test
    void readingBeyondTheEndFails() throws IOException {
        store.createIfAbsent("a", bytes("12345"));
        try (StoreInput input = store.open("a")) {
            byte[] buffer = new byte[10];
            input.readFully(5, buffer, 0, 0);
            assertThatThrownBy(() -> input.readFully(3, buffer, 0, 3)).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> input.readFully(6, buffer, 0, 1)).isInstanceOf(EOFException.class);
            assertThatThrownBy(() -> input.readFully(0, buffer, 8, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> input.readFully(-1, buffer, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            input.readFully(3, buffer, 1, 2);
            assertThat(new String(buffer, 1, 2, UTF_8)).isEqualTo("45");
        }
    }

    @Test
    void whatIsAbsentCannotBeOpened() throws IOException {
        store.createIfAbsent("directory/object", bytes("x"));

        assertThat(store.read("directory/none")).isEmpty();
        assertThat(store.read("none/none")).isEmpty();
        assertThatThrownBy(() -> store.open("directory/none"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("directory/none");
    }

    @Test
    void linkHasTheContentAndOutlivesItsSource() throws IOException {
        store.createIfAbsent("pool/a", bytes("leaf"));

        store.linkOrCopy("pool/a", "catalog.v1/dataset/Norder=0/Dir=0/Npix=3.parquet");
        store.delete("pool/a");

        assertThat(text("catalog.v1/dataset/Norder=0/Dir=0/Npix=3.parquet")).contains("leaf");
    }

    @Test
    void linkingAgainIsFine() throws IOException {
        store.createIfAbsent("pool/a", bytes("leaf"));
        store.linkOrCopy("pool/a", "v1/a");
        store.linkOrCopy("pool/a", "v1/a");
        other.linkOrCopy("v1/a", "v2/a");

        assertThat(store.list("v1")).containsExactly(new Store.Entry("a", 4, false));
        assertThat(text("v2/a")).contains("leaf");
    }

    @Test
    void manyMayLinkAtOnce() throws Exception {
        byte[] content = filled(7, 1_000_000);
        store.createIfAbsent("pool/a", content);
        int rounds = Math.min(10, races() / 2);
        try (Crew crew = new Crew(THREADS)) {
            for (int round = 0; round < rounds; round++) {
                String to = "v1/" + round;
                crew.all(runner -> {
                    (runner % 2 == 0 ? store : other).linkOrCopy("pool/a", to);
                    return "done";
                });
                assertThat(store.read(to)).hasValue(content);
            }
        }
        assertThat(store.list("v1")).hasSize(rounds);
    }

    @Test
    void linkingNeedsASourceAndAFreeOrEqualTarget() throws IOException {
        store.createIfAbsent("pool/a", bytes("leaf"));
        store.createIfAbsent("v1/other", bytes("other content"));

        assertThatThrownBy(() -> store.linkOrCopy("pool/none", "v1/none")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store.linkOrCopy("pool/a", "v1/other"))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("has 13 bytes, not 4");
        assertThat(text("v1/other")).contains("other content");
        assertThat(store.read("v1/none")).isEmpty();
    }

    /** Whether things can have two names. */
    boolean hasAliases() {
        return false;
    }

    @Test
    void aliasLeadsToItsNewestTargetOrIsNotMade() throws IOException {
        store.replace("v1/data", bytes("one"));
        store.replace("v2/data", bytes("two"));

        assertThat(store.alias("current", "v1")).isEqualTo(hasAliases());
        assertThat(store.alias("current", "v2")).isEqualTo(hasAliases());
        assertThat(store.alias("a/data", "v1/data")).isEqualTo(hasAliases());

        assertThat(other.aliased("current")).isEqualTo(Optional.of("v2").filter(name -> hasAliases()));
        assertThat(other.aliased("a/data")).isEqualTo(Optional.of("v1/data").filter(name -> hasAliases()));
        assertThat(other.aliased("v1")).isEmpty();
        assertThat(other.aliased("none")).isEmpty();
        assertThat(text("a/data")).isEqualTo(Optional.of("one").filter(name -> hasAliases()));
        assertThat(text("current/data")).isEqualTo(Optional.of("two").filter(name -> hasAliases()));
        store.delete("current");
        assertThat(text("current/data")).isEmpty();
        assertThat(text("v2/data")).contains("two");
    }

    @Test
    void aliasTakesThePlaceOfAnObjectAndIsReplacedByOne() throws IOException {
        store.replace("v1/data", bytes("one"));
        store.replace("data", bytes("former"));

        boolean made = store.alias("data", "v1/data");
        assertThat(text("data")).contains(made ? "one" : "former");
        store.replace("data", bytes("new"));

        assertThat(text("data")).contains("new");
        assertThat(text("v1/data")).contains("one");
        assertThat(store.aliased("data")).isEmpty();
    }

    @Test
    void listsDirectChildrenByName() throws IOException {
        for (String path : List.of("d/b", "d/a/1", "d/a/2/3", "d/C", "d-e", "e/f")) {
            store.createIfAbsent(path, bytes(path));
        }

        assertThat(store.list("d"))
                .containsExactly(
                        new Store.Entry("C", 3, false), new Store.Entry("a", 0, true), new Store.Entry("b", 3, false));
        assertThat(other.list("d/a")).containsExactly(new Store.Entry("1", 5, false), new Store.Entry("2", 0, true));
        assertThat(store.list("").stream().map(Store.Entry::name).filter(name -> !name.equals("_skyroll")))
                .containsExactly("d", "d-e", "e");
        assertThat(store.list("none")).isEmpty();
        assertThat(store.list("none/none")).isEmpty();
        assertThat(store.list("d/b")).isEmpty();
    }

    @Test
    void doesNotListUnfinishedFiles() throws IOException {
        store.createIfAbsent("_skyroll/versions/1", bytes("x"));
        try (StoreOutput output = store.create("_skyroll/pool/a")) {
            output.write(new byte[100]);

            assertThat(store.list("_skyroll")).containsExactly(new Store.Entry("versions", 0, true));
        }
    }

    @Test
    void deletesAnObjectOrATreeAndNothingBeside() throws IOException {
        for (String path : List.of("d/a", "d/b/c", "d/b/d/e", "d0", "d-", "da/b", "e")) {
            store.createIfAbsent(path, bytes(path));
        }

        store.delete("d");
        store.delete("e");
        store.delete("none");
        store.delete("none/none");

        assertThat(store.list("d")).isEmpty();
        assertThat(other.read("d/b/d/e")).isEmpty();
        assertThat(store.read("e")).isEmpty();
        assertThat(List.of("d0", "d-", "da/b"))
                .allSatisfy(path -> assertThat(text(path)).contains(path));
    }

    @Test
    void worksOnAfterItsOwnDirectoryWasDeleted() throws IOException {
        store.createIfAbsent("_skyroll/versions/1", bytes("x"));

        store.delete("_skyroll");

        assertThat(store.list("_skyroll")).isEmpty();
        assertThat(store.createIfAbsent("_skyroll/versions/1", bytes("y"))).isTrue();
        assertThat(text("_skyroll/versions/1")).contains("y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a%2Fb",
                "100%",
                "a+b",
                "x=1&y=2",
                "frage?",
                "#1",
                "[a]{b}*",
                "~",
                "it's \"quoted\"",
                "é",
                "e\u0301",
                "星",
                "\uD83D\uDD2D",
                "...",
                ".hidden",
                "$x",
                "a;b",
                "col=__HIVE_DEFAULT_PARTITION__",
                "CON",
                "-rf"
            })
    void takesAnyOtherNameLiterally(String name) throws IOException {
        assertThat(store.createIfAbsent("n/" + name + "/" + name, bytes(name))).isTrue();
        store.linkOrCopy("n/" + name + "/" + name, "m/" + name);
        try (StoreOutput output = store.create("k/" + name)) {
            output.commit();
        }

        assertThat(text("n/" + name + "/" + name)).contains(name);
        assertThat(text("m/" + name)).contains(name);
        assertThat(store.list("n")).containsExactly(new Store.Entry(name, 0, true));
        assertThat(store.list("k")).containsExactly(new Store.Entry(name, 0, false));
        store.delete("n/" + name);
        assertThat(store.list("n/" + name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "a/..",
                "a/../b",
                "./a",
                "a\\b",
                "a\0b",
                "a\nb",
                "a:b",
                "\uD83D",
                "_skyroll/tmp",
                "_skyroll/tmp/a"
            })
    void refusesHostileNames(String path) {
        byte[] content = bytes("x");
        List<Callable<?>> calls = List.of(
                () -> store.createIfAbsent(path, content),
                () -> store.create(path),
                () -> store.read(path),
                () -> store.open(path),
                () -> nothing(() -> store.replace(path, content)),
                () -> nothing(() -> store.linkOrCopy("a", path)),
                () -> nothing(() -> store.linkOrCopy(path, "a")),
                () -> nothing(() -> store.delete(path)));

        assertThat(calls).allSatisfy(call -> assertThatThrownBy(call::call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + path + "'"));
    }

    @Test
    void refusesASegmentThatNoFileSystemTakes() throws IOException {
        assertThat(store.createIfAbsent("é".repeat(127), bytes("254 bytes"))).isTrue();
        assertThatThrownBy(() -> store.createIfAbsent("é".repeat(128), bytes("256 bytes")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void uriEndsWithThePath() {
        assertThat(store.uri("a/b.parquet")).endsWith("/a/b.parquet");
        assertThat(store.uri("a/b.parquet")).startsWith(store.uri(""));
    }

    private Optional<String> text(String path) throws IOException {
        return other.read(path).map(content -> new String(content, UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] filled(int value, int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) value);
        return content;
    }

    private record Attempt(boolean won, String content, Optional<String> seen) {}

    private interface Action {
        void run() throws IOException;
    }

    private static Object nothing(Action action) throws IOException {
        action.run();
        return "done";
    }

    /** Threads that start each task together. */
    private static final class Crew implements AutoCloseable {

        interface Task<T> {
            T run(int runner) throws Exception;
        }

        private final int size;
        private final ExecutorService threads;
        private final CyclicBarrier start;

        Crew(int size) {
            this.size = size;
            this.threads = Executors.newFixedThreadPool(size);
            this.start = new CyclicBarrier(size);
        }

        <T> List<T> all(Task<T> task) throws Exception {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int runner = i;
                futures.add(threads.submit(() -> {
                    start.await();
                    return task.run(runner);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
