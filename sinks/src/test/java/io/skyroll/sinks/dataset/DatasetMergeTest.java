package io.skyroll.sinks.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.leaf.RowBuffer;
import io.skyroll.sinks.memtable.SpillDirectory;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the history, a dataset's files hold the rows of a map, each in its folder: random histories. */
class DatasetMergeTest {
    private static final int ROUNDS = 25;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void anyHistoryGivesTheRowsOfTheTableEachInItsFolder() throws IOException {
        DatasetHistory.Seen seen = new DatasetHistory.Seen();
        try (SpillDirectory spilled = SpillDirectory.open(directory)) {
            for (long seed = 0; seed < 120; seed++) {
                new DatasetHistory(seed, Sighting.KEYED, constants -> new PlainLeaves(), Optional.empty())
                        .run(ROUNDS, seen);
            }
            for (long seed = 0; seed < 20; seed++) {
                new DatasetHistory(seed, Sighting.KEYED, constants -> new PlainLeaves(), Optional.of(spilled))
                        .run(ROUNDS, seen);
            }
        }
        // A history in which nothing happens would prove nothing.
        assertThat(seen.kept).isGreaterThan(500);
        assertThat(seen.movedFolders).isGreaterThan(500);
        assertThat(seen.emptiedFolders).isGreaterThan(100);
        assertThat(seen.several).isGreaterThan(500);
        assertThat(seen.grown).isGreaterThan(500);
        assertThat(seen.rewritten).isGreaterThan(500);
        assertThat(seen.aged).isGreaterThan(500);
    }

    @Test
    void soDoFilesOfParquetFromWhichColumnsAreLeftOut() throws IOException {
        DatasetHistory.Seen seen = new DatasetHistory.Seen();
        for (long seed = 1_000; seed < 1_016; seed++) {
            new DatasetHistory(
                            seed,
                            Sighting.KEYED,
                            constants -> ParquetLeaves.ofDataset(Sighting.KEYED, constants, true),
                            Optional.empty())
                    .run(ROUNDS, seen);
        }
        assertThat(seen.grown).isPositive();
        assertThat(seen.rewritten).isPositive();
    }

    @Test
    void soDoFilesOfATableWithoutCoordinatesInWhichNoPlaceStands() throws IOException {
        DatasetHistory.Seen seen = new DatasetHistory.Seen();
        for (long seed = 3_000; seed < 3_008; seed++) {
            RowSchema rows = seed % 4 == 0 ? Sighting.KEYLESS : Sighting.KEYED;
            new DatasetHistory(
                            seed,
                            rows,
                            false,
                            constants -> ParquetLeaves.ofDataset(rows, constants, false),
                            Optional.empty())
                    .run(ROUNDS, seen);
        }
        assertThat(seen.grown).isPositive();
        assertThat(seen.rewritten).isPositive();
        assertThat(seen.movedFolders).isPositive();
    }

    @Test
    void aRowThatIsNotWhereItsKeySaysIsRefusedSinceItsChangesWouldNotFindIt() throws IOException {
        RowBuffer rows = new RowBuffer();
        byte[] row = new Sighting(0, 7, Optional.empty(), Optional.empty(), 1).avro();
        rows.add(new KeyPlace(Sighting.KEYED).of(row, 0) + 1, row, 0, row.length);

        try (LeafWriter file =
                ParquetLeaves.ofDataset(Sighting.KEYED, Map.of(), false).create(new InMemoryStore().create("file"))) {
            assertThatThrownBy(() -> file.encode(rows.rows()))
                    .isInstanceOf(SkyrollException.class)
                    .hasMessageContaining("sim.sightings: a row of the sky topic is at ")
                    .hasMessageEndingWith("write the topic anew with 'skyroll replay --reset-streams'");
        }
    }

    @Test
    void rowsOfATableWithoutAKeyAddUp() throws IOException {
        DatasetHistory.Seen seen = new DatasetHistory.Seen();
        for (long seed = 2_000; seed < 2_020; seed++) {
            new DatasetHistory(seed, Sighting.KEYLESS, constants -> new PlainLeaves(), Optional.empty())
                    .run(ROUNDS, seen);
        }
        assertThat(seen.grown).isPositive();
    }
}
