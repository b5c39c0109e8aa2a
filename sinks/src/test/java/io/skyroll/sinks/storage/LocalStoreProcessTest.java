package io.skyroll.sinks.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LocalStoreProcessTest {

    private static final int RACES = 300;

    private final Path root;

    LocalStoreProcessTest(@TempDir(factory = TempDirFactory.Standard.class) Path root) {
        this.root = root;
    }

    @ParameterizedTest
    @EnumSource(Naming.class)
    void exactlyOneOfTwoRacingProcessesCreates(Naming naming) throws IOException {
        try (LocalStoreProcess a = LocalStoreProcess.start(root, naming);
                LocalStoreProcess b = LocalStoreProcess.start(root, naming);
                Store store = new LocalStore(root, naming)) {
            List<Integer> notOne = new ArrayList<>();
            for (int race = 0; race < RACES; race++) {
                a.tell("create races/" + race + " a");
                b.tell("create races/" + race + " b");
                boolean aWon = a.answer().equals("true");
                boolean bWon = b.answer().equals("true");
                if (aWon == bWon || !text(store, "races/" + race).equals(Optional.of(aWon ? "a" : "b"))) {
                    notOne.add(race);
                }
            }

            assertThat(notOne).isEmpty();
        }
    }

    @Test
    void unfinishedFilesOfADeadProcessGoWithTheNextWrite() throws Exception {
        try (LocalStoreProcess process = LocalStoreProcess.start(root, Naming.HARD_LINK)) {
            process.tell("begin pool/a");
            assertThat(process.answer()).isEqualTo("begun");
            assertThat(unfinished()).hasSize(2);
            process.kill();
        }

        try (Store store = new LocalStore(root)) {
            store.createIfAbsent("b", new byte[1]);

            assertThat(unfinished()).hasSize(1);
            assertThat(store.read("pool/a")).isEmpty();
        }
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void unfinishedFilesOfALivingProcessStay() throws Exception {
        try (LocalStoreProcess process = LocalStoreProcess.start(root, Naming.HARD_LINK);
                Store store = new LocalStore(root);
                Store sameProcess = new LocalStore(root)) {
            process.tell("begin pool/a");
            assertThat(process.answer()).isEqualTo("begun");
            StoreOutput output = sameProcess.create("pool/c");

            store.createIfAbsent("b", new byte[1]);

            assertThat(unfinished()).as("three locks, two files").hasSize(5);
            output.commit();
            output.close();
            assertThat(store.read("pool/c")).isPresent();
        }
    }

    private static Optional<String> text(Store store, String path) throws IOException {
        return store.read(path).map(content -> new String(content, UTF_8));
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("_skyroll/tmp"))) {
            return files.toList();
        }
    }
}
