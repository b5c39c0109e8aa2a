package io.skyroll.sinks.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.SpillDirectory;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.parquet.ParquetLeaves;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the history, the leaves are those of a fresh import: random histories against a map of rows. */
class PartitionMergeTest {
    private static final int ROUNDS = 25;

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("A1: any history of merges gives the leaves of a fresh import, byte by byte")
    void anyHistoryGivesTheLeavesOfAFreshImport() throws IOException {
        MergeHistory.Seen seen = new MergeHistory.Seen();
        try (SpillDirectory spilled = SpillDirectory.open(directory)) {
            for (long seed = 0; seed < 80; seed++) {
                MergeHistory inMemory = new MergeHistory(seed, Star.KEYED, new PlainLeaves(), Optional.empty());
                inMemory.run(ROUNDS, seen);
                if (seed % 4 == 0) {
                    MergeHistory onDisk = new MergeHistory(seed, Star.KEYED, new PlainLeaves(), Optional.of(spilled));
                    onDisk.run(ROUNDS, seen);
                    assertThat(onDisk.leaves()).isEqualTo(inMemory.leaves());
                }
            }
        }
        // A history in which nothing happens would prove nothing.
        assertThat(seen.splits).isGreaterThan(40);
        assertThat(seen.merges).isGreaterThan(40);
        assertThat(seen.kept).isGreaterThan(1_000);
        assertThat(seen.copied).isGreaterThan(1_000);
        assertThat(seen.emptied).isGreaterThan(10);
        assertThat(seen.borders).isGreaterThan(1_000);
        assertThat(seen.spills).isGreaterThan(300);
    }

    @Test
    void parquetLeavesAreThoseOfAFreshImportToo() throws IOException {
        MergeHistory.Seen seen = new MergeHistory.Seen();
        for (long seed = 1_000; seed < 1_004; seed++) {
            new MergeHistory(seed, Star.KEYED, new ParquetLeaves(Star.KEYED), Optional.empty()).run(ROUNDS, seen);
        }
        assertThat(seen.splits).isPositive();
        assertThat(seen.merges).isPositive();
        assertThat(seen.copied).isPositive();
    }

    @Test
    void rowsOfATableWithoutAKeyAddUpWhateverTheHistory() throws IOException {
        MergeHistory.Seen seen = new MergeHistory.Seen();
        try (SpillDirectory spilled = SpillDirectory.open(directory)) {
            for (long seed = 2_000; seed < 2_020; seed++) {
                new MergeHistory(seed, Star.KEYLESS, new PlainLeaves(), Optional.empty()).run(ROUNDS, seen);
                if (seed % 4 == 0) {
                    new MergeHistory(seed, Star.KEYLESS, new PlainLeaves(), Optional.of(spilled)).run(ROUNDS, seen);
                }
            }
        }
        assertThat(seen.splits).isPositive();
        assertThat(seen.copied).isPositive();
    }

    @Test
    void nothingPendingOpensNothingAndKeepsEveryFile() throws IOException {
        MergeHistory history = new MergeHistory(7, Star.KEYED, new PlainLeaves(), Optional.empty());
        history.run(3, new MergeHistory.Seen());
        MergedLeaves before = history.state();
        history.watched().forget();

        MergedLeaves after = history.merge(before, List.of(new Segment()));

        assertThat(before.leaves()).isNotEmpty();
        assertThat(after.leaves()).isEqualTo(before.leaves());
        assertThat(history.watched().opened()).isZero();
        assertThat(history.watched().copies()).isEmpty();
    }
}
