package io.skyroll.sinks.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.position.Position;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowMemoryTest {
    private static final long LIMIT = 2 << 20;

    @TempDir
    private Path parent = Path.of("");

    private long lsn;

    @Test
    void memoryStaysWithinTheBudgetWhateverTheNumberOfRows() {
        try (RowMemory memory = new RowMemory(LIMIT, Long.MAX_VALUE, SpillDirectory.open(parent))) {
            List<Held> tables = List.of(new Held(), new Held(), new Held());
            tables.forEach(table -> memory.add(table, ids -> new RowOrder(Star.KEYED)));
            for (int i = 0; i < 100_000; i++) {
                add(tables.get(i % 3), 1);
                if (i % 100 == 0) {
                    assertThat(memory.makeRoom()).isEqualTo(RowMemory.Room.ENOUGH);
                    assertThat(tables.stream().mapToLong(Held::heldBytes).sum()).isLessThanOrEqualTo(LIMIT);
                }
            }
            assertThat(memory.spilledBytes()).isPositive();
            assertThat(tables.stream().mapToLong(table -> table.segment.rows()).sum())
                    .isEqualTo(100_000);
        }
    }

    @Test
    void theLargestPartIsSpilled() {
        try (RowMemory memory = new RowMemory(LIMIT, Long.MAX_VALUE, SpillDirectory.open(parent))) {
            Held small = held(memory, 1_000);
            Held large = held(memory, 20_000);

            assertThat(memory.makeRoom()).isEqualTo(RowMemory.Room.ENOUGH);

            assertThat(small.heldBytes()).isPositive();
            assertThat(large.heldBytes()).isZero();
        }
    }

    @Test
    void whileMergesHoldTheMemoryReadingWaits() {
        try (RowMemory memory = new RowMemory(LIMIT, Long.MAX_VALUE, SpillDirectory.open(parent))) {
            Held merged = held(memory, 20_000);
            merged.segment.freeze();
            Held next = held(memory, 10);

            assertThat(memory.makeRoom()).isEqualTo(RowMemory.Room.HELD_BY_MERGES);
            assertThat(next.heldBytes()).isPositive();

            memory.remove(merged);
            assertThat(memory.makeRoom()).isEqualTo(RowMemory.Room.ENOUGH);
        }
    }

    @Test
    void moreOnDiskThanTheBudgetAllowsIsTold() {
        try (RowMemory memory = new RowMemory(LIMIT, 1_000, SpillDirectory.open(parent))) {
            Held table = held(memory, 20_000);

            assertThat(memory.makeRoom()).isEqualTo(RowMemory.Room.DISK_FULL);
            assertThat(memory.isAnyPublishable()).isFalse();

            table.segment.discard();
            assertThat(memory.makeRoom()).isEqualTo(RowMemory.Room.ENOUGH);
        }
    }

    private Held held(RowMemory memory, int rows) {
        Held held = new Held();
        add(held, rows);
        memory.add(held, ids -> new RowOrder(Star.KEYED));
        return held;
    }

    private void add(Held held, int rows) {
        for (int i = 0; i < rows; i++) {
            lsn++;
            new Star(lsn, lsn, lsn).addTo(held.segment, new Position(1, lsn, 0));
        }
    }

    /** One segment. */
    private static final class Held implements SpillableRows {
        private final Segment segment = new Segment();

        @Override
        public long heldBytes() {
            return segment.sizeBytes();
        }

        @Override
        public long spillableBytes() {
            return segment.isFrozen() ? 0 : segment.sizeBytes();
        }

        @Override
        public boolean isFrozen() {
            return segment.isFrozen();
        }

        @Override
        public boolean isPublishable() {
            return false;
        }

        @Override
        public void spill(RowOrders orders, SpillDirectory directory) {
            segment.spill(orders, directory);
        }
    }
}
