package io.skyroll.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.position.Position;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PositionTest {

    @Test
    void byteOrderIsPositionOrder() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            Position one = random(random);
            Position other =
                    random.nextInt(4) == 0 ? new Position(one.epoch(), one.lsn(), random.nextLong()) : random(random);
            int byBytes = Integer.signum(Arrays.compareUnsigned(one.toBytes(), other.toBytes()));

            assertThat(Integer.signum(one.compareTo(other)))
                    .as("seed %d: %s and %s", seed, one, other)
                    .isEqualTo(byBytes);
            assertThat(Position.of(one.toBytes())).isEqualTo(one);
            assertThat(Position.parse(one.toString())).isEqualTo(one);
        }
    }

    @Test
    void otherTextIsRefused() {
        assertThatThrownBy(() -> Position.parse("16B3748"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("position must look like 1:0/16B3748:0 : '16B3748'");
    }

    private static Position random(Random random) {
        return new Position(random.nextInt(), random.nextLong(), random.nextLong());
    }
}
