package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.topic.Op;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagedChangesTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void givesBackWhatItTookInMemoryAndFromItsFile() {
        for (int memoryBytes : new int[] {1 << 20, 1000, 1}) {
            Path file = directory.resolve("staged" + memoryBytes);
            try (StagedChanges staged = new StagedChanges(file, memoryBytes)) {
                Random random = new Random(memoryBytes);
                // A second transaction must not find anything of the first.
                for (int transaction = 0; transaction < 2; transaction++) {
                    staged.clear();
                    List<String> taken = fill(staged, random);

                    assertThat(given(staged)).isEqualTo(taken);
                    assertThat(given(staged)).isEqualTo(taken);
                    assertThat(staged.count()).isEqualTo(taken.size());
                }
            }
            assertThat(file).doesNotExist();
        }
    }

    private static List<String> fill(StagedChanges staged, Random random) {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            if (random.nextInt(50) == 0) {
                staged.addTruncate(i);
                taken.add("truncate " + i);
            } else if (random.nextInt(50) == 0) {
                staged.addForm(i);
                taken.add("form " + i);
            } else if (random.nextInt(50) == 0) {
                staged.addRefused(i);
                taken.add("refused " + i);
            } else {
                Op op = List.of(Op.INSERT, Op.UPDATE, Op.DELETE).get(random.nextInt(3));
                @Nullable String error = random.nextInt(10) == 0 ? "column \"ä\" is wrong" : null;
                Change change = new Change(i, op, bytes(random), bytes(random), bytes(random), bytes(random), error);
                staged.add(change);
                taken.add(text(change));
            }
        }
        return taken;
    }

    private static List<String> given(StagedChanges staged) {
        List<String> given = new ArrayList<>();
        staged.forEach(new StagedChanges.Taker() {
            @Override
            public void change(Change change) {
                given.add(text(change));
            }

            @Override
            public void truncate(int table) {
                given.add("truncate " + table);
            }

            @Override
            public void form(int table) {
                given.add("form " + table);
            }

            @Override
            public void refused(int table) {
                given.add("refused " + table);
            }
        });
        return given;
    }

    private static byte @Nullable [] bytes(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(Change change) {
        return "%d %s %s %s %s %s"
                .formatted(
                        change.table(),
                        change.op(),
                        text(change.key()),
                        text(change.row()),
                        text(change.before()),
                        change.error());
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
