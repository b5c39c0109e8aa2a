package io.skyroll.sinks.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.storage.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When files are closed, and when they are gone on with. */
class FileRuleTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final InMemoryStore store = new InMemoryStore();
    private List<FolderFile> files = List.of();
    private long next;
    private long paths;

    @Test
    void filesAreCutExactlyAtTheirRows() {
        FileRule rule = new FileRule(3, 1 << 20, Long.MAX_VALUE, 4, Duration.ZERO);

        add(rule, 10, START);
        assertThat(files).extracting(FolderFile::rows).containsExactly(4L, 4L, 2L);
        assertThat(files).extracting(FolderFile::groups).containsExactly(2, 2, 1);
        add(rule, 1, START.plusSeconds(1));
        assertThat(files).extracting(FolderFile::rows).containsExactly(4L, 4L, 3L);
        add(rule, 2, START.plusSeconds(2));

        assertThat(files).extracting(FolderFile::rows).containsExactly(4L, 4L, 4L, 1L);
        assertThat(files).extracting(FolderFile::begun).containsExactly(START, START, START, START.plusSeconds(2));
    }

    @Test
    void filesAreClosedBeforeTheRowGroupThatWouldMakeThemTooLarge() {
        add(FileRule.oneFile(2, 1 << 20), 2, START);
        long group = files.get(0).bytes();
        files = List.of();
        FileRule rule = new FileRule(2, 1 << 20, 3 * group, Long.MAX_VALUE, Duration.ZERO);

        add(rule, 8, START);
        assertThat(files).extracting(FolderFile::groups).containsExactly(3, 1);
        List<FolderFile> before = files;
        add(rule, 2, START.plusSeconds(1));
        assertThat(files).extracting(FolderFile::groups).containsExactly(3, 2);
        assertThat(files.get(0)).isEqualTo(before.get(0));
        add(rule, 6, START.plusSeconds(2));

        assertThat(files).extracting(FolderFile::groups).containsExactly(3, 3, 2);
        assertThat(files).extracting(FolderFile::bytes).allMatch(bytes -> bytes <= 3 * group);
    }

    @Test
    void fileThatIsOldByTheTimesOfCutsIsLetBe() {
        FileRule rule = new FileRule(100, 1 << 20, Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofSeconds(60));

        add(rule, 1, START);
        add(rule, 1, START.plusSeconds(30));
        add(rule, 1, START.plusSeconds(59));
        assertThat(files).extracting(FolderFile::rows).containsExactly(3L);
        FolderFile old = files.get(0);
        add(rule, 1, START.plusSeconds(60));

        assertThat(files).hasSize(2).startsWith(old);
        assertThat(files.get(1).begun()).isEqualTo(START.plusSeconds(60));
    }

    @Test
    void shortRowGroupIsJoinedWithWhatComesAndFullOnesAreCopied() {
        FileRule rule = FileRule.oneFile(4, 1 << 20);

        add(rule, 6, START);
        assertThat(files).extracting(FolderFile::groups).containsExactly(2);
        add(rule, 2, START);
        assertThat(files).extracting(FolderFile::groups).containsExactly(2);
        assertThat(files).extracting(FolderFile::rows).containsExactly(8L);
        add(rule, 1, START);

        assertThat(files).extracting(FolderFile::groups).containsExactly(3);
    }

    @Test
    void rowGroupsEndWhenTheirRowsAreLarge() {
        add(FileRule.oneFile(100, 10), 6, START);

        assertThat(files.get(0).rawBytes()).isEqualTo(6 * 4);
        assertThat(files.get(0).groups()).isEqualTo(3);
    }

    /** Adds so many rows of four bytes each. */
    private void add(FileRule rule, int rows, Instant cutTime) {
        Segment segment = new Segment();
        for (int i = 0; i < rows; i++, next++) {
            new Sighting(next, next % 50, Optional.empty(), Optional.empty(), 1)
                    .addTo(segment, new Position(1, next, 1));
        }
        Folders folders = new Folders(Sighting.KEYED, List.of());
        DatasetFiles target = new DatasetFiles(store, folders, constants -> new PlainLeaves(), () -> "pool/" + paths++);
        RowOrder order = new RowOrder(Sighting.KEYED);
        try (PendingRows pending = PendingRows.of(List.of(segment), order)) {
            files = new DatasetMerge(target, order, rule, 1 << 20).merge(files, pending, cutTime);
        }
    }
}
