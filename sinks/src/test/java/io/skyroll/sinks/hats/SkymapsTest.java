package io.skyroll.sinks.hats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SkymapsTest {
    @Test
    void alternativeOrdersAscend() {
        assertThat(new Skymaps(Optional.of(8), List.of(6, 2, 6)).altOrders()).containsExactly(2, 6);
    }

    @Test
    void mapsFinerThanTheCountsAreNotMade() {
        Skymaps skymaps = new Skymaps(Optional.of(8), List.of(6));

        assertThat(skymaps.upTo(8)).isEqualTo(skymaps);
        assertThat(skymaps.upTo(7)).isEqualTo(Skymaps.NONE);
    }

    @Test
    void ordersThatReadersWouldNotFindAreRefused() {
        assertThatThrownBy(() -> new Skymaps(Optional.of(0), List.of())).hasMessage("order must be in [1, 29]: 0");
        assertThatThrownBy(() -> new Skymaps(Optional.of(5), List.of(5)))
                .hasMessage("alternative orders must be in [0, 5): [5]");
        assertThatThrownBy(() -> new Skymaps(Optional.empty(), List.of(1)))
                .hasMessage("alternative orders must be in [0, 0): [1]");
    }
}
