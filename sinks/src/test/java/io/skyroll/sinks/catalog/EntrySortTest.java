package io.skyroll.sinks.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntrySortTest {
    @TempDir
    private Path scratch = Path.of("");

    @ParameterizedTest
    @ValueSource(longs = {1, 100, 5_000, 1 << 30})
    void givesEveryDistinctEntryInOrderHoweverLittleMemoryThereIs(long memoryBytes) throws IOException {
        Random random = new Random(3);
        TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
        List<byte[]> found = new ArrayList<>();
        try (EntrySort sort = new EntrySort(scratch, memoryBytes)) {
            for (int i = 0; i < 2_000; i++) {
                // Some larger than any buffer, and two bytes make equal ones.
                byte[] entry = new byte[i % 500 == 0 ? 100_000 : i % 7];
                random.nextBytes(entry);
                expected.add(entry);
                sort.add(entry.clone());
            }
            sort.forEach(found::add);
            assertThat(sort.runs() > 1).isEqualTo(memoryBytes < 1 << 30);
        }
        assertThat(found).containsExactlyElementsOf(expected);
    }

    @Test
    void withoutEntriesNothingComes() throws IOException {
        List<byte[]> found = new ArrayList<>();
        try (EntrySort sort = new EntrySort(scratch, 1)) {
            sort.forEach(found::add);
        }
        assertThat(found).isEmpty();
    }

    @Test
    void nothingIsLeftBehind() throws IOException {
        Path made = scratch.resolve("absent/so/far");
        try (EntrySort sort = new EntrySort(made, 1)) {
            sort.add(new byte[] {1});
        }
        try (Stream<Path> files = Files.list(made)) {
            assertThat(files).isEmpty();
        }
    }
}
