package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.storage.InMemoryStore;
import io.skyroll.sinks.storage.MortalStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RollbackTest {
    private final InMemoryStore store = new InMemoryStore();
    private final Chain chain = new Chain(store);

    @Test
    void oneOfTheNewestVersionsIsPinned() throws IOException {
        commit(1, 4);

        assertThat(new Rollback(chain, 2).to(3).number()).isEqualTo(3);

        assertThat(chain.pin()).contains(new Pin(1, 1, 3));
    }

    @Test
    void olderVersionIsRefused() throws IOException {
        commit(1, 4);

        assertThatThrownBy(() -> new Rollback(chain, 2).to(2))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("version 2 is not retained; the newest generation (1) has [3, 4]");
        assertThat(chain.pin()).isEmpty();
    }

    @Test
    @DisplayName("A9: a version that was overtaken before the pin was written is refused, since its files may be gone")
    void versionThatIsOvertakenMeanwhileIsRefused() throws IOException {
        commit(1, 4);
        boolean[] isHeldUp = {false};
        Chain slow = new Chain(new MortalStore(store, () -> {
            if (!isHeldUp[0]) {
                isHeldUp[0] = true;
                commit(5, 8);
            }
        }));

        assertThatThrownBy(() -> new Rollback(slow, 2).to(3))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("version 3 is not retained; the newest generation (1) has [7, 8]");
        assertThat(chain.pin()).isEmpty();
    }

    private void commit(long first, long last) {
        try {
            for (long number = first; number <= last; number++) {
                chain.create(new Version(1, number, new Position(1, number, 0), Instant.EPOCH));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
