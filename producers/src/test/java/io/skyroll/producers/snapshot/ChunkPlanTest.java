package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.postgres.Relation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkPlanTest {
    private static final Relation RELATION = new Relation(1, "public", "t", 0, 1);

    @ParameterizedTest
    @CsvSource({"0, 4, 1", "1, 4, 1", "4, 4, 1", "5, 4, 2", "8, 4, 2", "9, 4, 3", "100, 1, 100"})
    void coversEveryBlockOnceAndLeavesTheEndOpen(long blocks, long step, int count) {
        List<Chunk> chunks = new ArrayList<>();
        ChunkPlan.divide(0, RELATION, blocks, step, chunks);

        assertThat(chunks).hasSize(count);
        long next = 0;
        for (int number = 0; number < count; number++) {
            Chunk chunk = chunks.get(number);
            assertThat(chunk.number()).isEqualTo(number);
            assertThat(chunk.firstBlock()).isEqualTo(next);
            next = chunk.endBlock();
        }
        assertThat(next).isEqualTo(Chunk.OPEN);
    }

    @Test
    void numbersTheChunksOfSeveralRelationsThrough() {
        List<Chunk> chunks = new ArrayList<>();
        ChunkPlan.divide(0, RELATION, 8, 4, chunks);
        ChunkPlan.divide(0, RELATION, 8, 4, chunks);

        assertThat(chunks).extracting(Chunk::number).containsExactly(0, 1, 2, 3);
        assertThat(chunks)
                .extracting(Chunk::condition)
                .containsExactly(
                        "ctid >= '(0,0)' AND ctid < '(4,0)'",
                        "ctid >= '(4,0)'",
                        "ctid >= '(0,0)' AND ctid < '(4,0)'",
                        "ctid >= '(4,0)'");
    }
}
