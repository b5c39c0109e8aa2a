package io.skyroll.sinks.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpilledRowsTest {
    private static final long LAST_CELL = (12L << 58) - 1;
    private static final RowOrders ORDERS = ids -> ids.isEmpty() ? RowOrder.ofDeletions() : new RowOrder(Star.KEYED);

    private final Path parent;
    private final SpillDirectory directory;

    SpilledRowsTest(@TempDir Path parent) {
        this.parent = parent;
        directory = SpillDirectory.open(parent);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void spilledRowsReadAsThoseInMemory() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            Segment inMemory = new Segment();
            List<Segment> spilled = List.of(new Segment(), new Segment());
            int size = random.nextInt(4_000);
            int places = 1 + random.nextInt(size + 1);
            for (int i = 0; i < size; i++) {
                Star star = new Star(LAST_CELL / places * random.nextInt(places), random.nextInt(100), i);
                Position position = new Position(1, random.nextInt(50), i);
                Segment segment = spilled.get(random.nextInt(2));
                if (random.nextInt(4) == 0) {
                    inMemory.addDelete(position, star.key());
                    segment.addDelete(position, star.key());
                } else {
                    star.addTo(inMemory, position);
                    star.addTo(segment, position);
                }
                if (random.nextInt(40) == 0) {
                    segment.spill(ORDERS, directory);
                }
            }

            try (PendingRows expected = PendingRows.of(List.of(inMemory), new RowOrder(Star.KEYED));
                    PendingRows found = PendingRows.of(spilled, new RowOrder(Star.KEYED))) {
                assertThat(read(found, 0, Long.MAX_VALUE))
                        .as("seed %d", seed)
                        .isEqualTo(read(expected, 0, Long.MAX_VALUE));
                for (int i = 0; i < 20; i++) {
                    long first = LAST_CELL / places * random.nextInt(places);
                    long afterLast = first + random.nextLong(LAST_CELL / 4);
                    assertThat(read(found, first, afterLast))
                            .as("seed %d", seed)
                            .isEqualTo(read(expected, first, afterLast));
                    assertThat(found.isEmpty(first, afterLast)).isEqualTo(expected.isEmpty(first, afterLast));
                }
            }
            assertThat(spilled.get(0).rows() + spilled.get(1).rows()).isEqualTo(size);
            spilled.forEach(Segment::discard);
            assertThat(directory.usedBytes()).isZero();
        }
    }

    @Test
    void moreRunsThanAreReadAtOnceAreJoinedFirst() throws IOException {
        Segment segment = new Segment();
        for (int i = 0; i < PendingRows.MAX_OPEN_RUNS * 5; i++) {
            new Star(i % 7, i % 11, i).addTo(segment, new Position(1, i, 0));
            segment.spill(ORDERS, directory);
        }

        try (PendingRows rows = PendingRows.of(List.of(segment), new RowOrder(Star.KEYED))) {
            assertThat(read(rows, 0, Long.MAX_VALUE)).hasSize(7 * 11);
            assertThat(runs()).hasSizeGreaterThan(PendingRows.MAX_OPEN_RUNS * 5);
        }
        assertThat(runs()).hasSize(PendingRows.MAX_OPEN_RUNS * 5);
    }

    @Test
    void damagedBlockIsNoticed() throws IOException {
        Segment segment = segment();
        segment.spill(ORDERS, directory);
        byte[] content = Files.readAllBytes(runs().get(0));
        content[content.length / 2] ^= 1;
        Files.write(runs().get(0), content);

        try (PendingRows rows = PendingRows.of(List.of(segment), new RowOrder(Star.KEYED))) {
            assertThatThrownBy(() -> read(rows, 0, Long.MAX_VALUE))
                    .isInstanceOf(SkyrollException.class)
                    .hasMessageContaining("0.run is damaged at 0: check the disk and start again");
        }
    }

    @Test
    void rowsStayInMemoryWhenTheyCannotBeWritten() throws IOException {
        Segment segment = segment();
        directory.close();

        assertThatThrownBy(() -> segment.spill(ORDERS, directory))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("cannot write spilled rows to ")
                .hasMessageContaining("Kafka still has them");

        assertThat(directory.usedBytes()).isZero();
        try (PendingRows rows = PendingRows.of(List.of(segment), new RowOrder(Star.KEYED))) {
            assertThat(read(rows, 0, Long.MAX_VALUE)).hasSize(100);
        }
    }

    @Test
    void frozenRowsAreNotSpilled() {
        Segment segment = segment();
        segment.freeze();

        assertThatThrownBy(() -> segment.spill(ORDERS, directory)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatADeadProcessLeftIsClearedAndWhatALivingOneHasIsNot() throws IOException {
        Path abandoned = Files.createDirectories(parent.resolve("skyroll-rows-of-the-dead"));
        Files.writeString(abandoned.resolve("0.run"), "rows");
        Files.writeString(abandoned.resolve("skyroll-spill.lock"), "");
        segment().spill(ORDERS, directory);

        try (SpillDirectory other = SpillDirectory.open(parent)) {
            assertThat(abandoned).doesNotExist();
            assertThat(runs()).hasSize(1);
            assertThat(other.usedBytes()).isZero();
        }
    }

    @Test
    void whatIsNotOursIsLeftAlone() throws IOException {
        Path foreign = Files.createDirectories(parent.resolve("foreign"));
        Files.writeString(foreign.resolve("0.run"), "not ours");
        Path mixed = Files.createDirectories(parent.resolve("skyroll-rows-and-more"));
        Files.writeString(mixed.resolve("notes.txt"), "not ours");

        SpillDirectory.open(parent).close();

        assertThat(foreign.resolve("0.run")).exists();
        assertThat(foreign).isDirectoryNotContaining("glob:**.lock");
        assertThat(mixed.resolve("notes.txt")).exists();
    }

    private static Segment segment() {
        Segment segment = new Segment();
        for (int i = 0; i < 100; i++) {
            new Star(i, i, i).addTo(segment, new Position(1, i, 0));
        }
        return segment;
    }

    private List<Path> runs() throws IOException {
        try (Stream<Path> files = Files.walk(parent)) {
            return files.filter(file -> file.toString().endsWith(".run")).toList();
        }
    }

    private static List<String> read(PendingRows rows, long first, long afterLast) {
        List<String> found = new ArrayList<>();
        for (PendingCursor cursor = rows.in(first, afterLast); cursor.next(); ) {
            String content = cursor.isDelete()
                    ? "deletion of %d bytes".formatted(cursor.end() - cursor.start())
                    : Star.at(cursor.healpix(), cursor.bytes(), cursor.start()).toString();
            found.add("%d %s %s".formatted(cursor.healpix(), cursor.position(), content));
        }
        return found;
    }
}
