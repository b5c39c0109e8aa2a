package io.skyroll.sinks.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

final class LocalStoreTest extends StoreContract {

    private final Path root;

    LocalStoreTest(@TempDir(factory = TempDirFactory.Standard.class) Path root) {
        this.root = root;
    }

    @Override
    boolean hasAliases() {
        return true;
    }

    @Override
    Store open() {
        return new LocalStore(root.resolve("new/root"));
    }

    @Test
    void linksWhereItCan() throws IOException {
        try (Store store = open()) {
            store.createIfAbsent("pool/a", new byte[10]);
            store.linkOrCopy("pool/a", "v1/a");
        }

        assertThat(Files.isSameFile(root.resolve("new/root/pool/a"), root.resolve("new/root/v1/a")))
                .isTrue();
    }

    @Test
    void leavesNoUnfinishedFileBehind() throws IOException {
        try (Store store = open()) {
            store.createIfAbsent("a", new byte[10]);
            store.createIfAbsent("a", new byte[10]);
            store.replace("b", new byte[10]);
            store.linkOrCopy("a", "c");
            try (StoreOutput output = store.create("d")) {
                output.commit();
            }
            store.create("e").close();
        }

        assertThat(unfinished()).isEmpty();
    }

    @Test
    void readingChangesNothingOnDisk() throws IOException {
        try (Store store = open()) {
            assertThat(store.read("a")).isEmpty();
            assertThat(store.list("")).isEmpty();
            store.delete("a");
        }

        assertThat(root.resolve("new")).doesNotExist();
    }

    @Test
    void writesOnAfterClose() throws IOException {
        Store store = open();
        store.createIfAbsent("a", new byte[10]);
        store.close();
        store.close();

        assertThat(store.createIfAbsent("b", new byte[10])).isTrue();
        store.close();
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("new/root/_skyroll/tmp"))) {
            return files.toList();
        }
    }
}
