package io.skyroll.sinks.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

final class LocalStoreWithoutLinksTest extends StoreContract {

    private final Path root;

    LocalStoreWithoutLinksTest(@TempDir(factory = TempDirFactory.Standard.class) Path root) {
        this.root = root;
    }

    @Override
    boolean hasAliases() {
        return true;
    }

    @Override
    Store open() {
        return new LocalStore(root, Naming.LOCKED_RENAME);
    }

    @Test
    void copiesInsteadOfLinking() throws IOException {
        try (Store store = open()) {
            store.createIfAbsent("pool/a", new byte[10]);
            store.linkOrCopy("pool/a", "v1/a");
        }

        assertThat(Files.isSameFile(root.resolve("pool/a"), root.resolve("v1/a")))
                .isFalse();
    }
}
