package io.skyroll.sinks.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoresTest {

    private final Path directory;

    StoresTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:", "file://"})
    void opensAPathOrAFileUriLiterally(String prefix) throws IOException {
        Path root = directory.resolve("100% a b");
        try (Store store = Stores.open(prefix + root)) {
            store.createIfAbsent("x", new byte[3]);
        }

        assertThat(root.resolve("x")).hasSize(3);
    }

    @Test
    void takesAColonInAPathForNoScheme() throws IOException {
        try (Store store = Stores.open("a:b")) {
            assertThat(store.uri("c"))
                    .isEqualTo(Path.of("a:b/c").toAbsolutePath().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket/a", "gs://bucket/a", "http://host/a", "hdfs:///a", "s3a:/a", "mailto:/x"})
    void refusesOtherLocations(String location) {
        assertThatThrownBy(() -> Stores.open(location))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "location must be a path, file:///path, hdfs://cluster/path or s3a://bucket/prefix: '%s'",
                        location);
    }

    @Test
    void refusesAFileOnAnotherHost() {
        assertThatThrownBy(() -> Stores.open("file://host/a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a file location has no host, write file:///path: 'file://host/a'");
    }
}
