package io.skyroll.producers.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.changes.Change;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.Op;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ChangedRowsTest {
    private static final long END = 100;
    private static final Instant TIME = Instant.EPOCH;

    @Test
    void rememberTheLastFormOfEachRowUpToThePlace() {
        ChangedRows changed = new ChangedRows("public.stars", Optional.empty(), END, 10_000);
        transaction(changed, 50, change(Op.INSERT, "a", "a1"), change(Op.UPDATE, "b", "b1"));
        transaction(
                changed, 70, change(Op.DELETE, "a", null), change(Op.INSERT, "a", "a2"), change(Op.DELETE, "b", null));
        // A row that cannot be represented is not in the catalog, nor is one whose key cannot.
        transaction(changed, 80, change(Op.UPDATE, "c", null), change(Op.INSERT, null, null));
        transaction(changed, END, change(Op.INSERT, "d", "d1"));
        assertThat(changed.isPast()).isFalse();
        transaction(changed, END + 1, change(Op.UPDATE, "a", "late"), change(Op.INSERT, "e", "late"));

        assertThat(changed.isPast()).isTrue();
        assertThat(changed.present().stream().map(row -> new String(row, StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrder("a2", "d1");
        assertThat(List.of("a", "b", "c", "d")).allMatch(key -> changed.has(ByteBuffer.wrap(bytes(key))));
        assertThat(changed.has(ByteBuffer.wrap(bytes("e")))).isFalse();
    }

    @Test
    void anUnfinishedTransactionIsVoid() {
        ChangedRows changed = new ChangedRows("public.stars", Optional.empty(), END, 10_000);
        changed.begin();
        changed.change(change(Op.INSERT, "a", "a1"));
        transaction(changed, 50, change(Op.INSERT, "b", "b1"));

        assertThat(changed.present()).hasSize(1);
    }

    @Test
    void moreThanTheLimitIsRefusedAndRowsThatChangeAgainTakeNoMoreRoom() {
        ChangedRows changed = new ChangedRows("public.stars", Optional.empty(), END, 900);
        for (int i = 0; i < 100; i++) {
            transaction(changed, 50, change(Op.UPDATE, "a", "a".repeat(200)));
        }

        changed.begin();
        changed.change(change(Op.INSERT, "b", "b".repeat(200)));
        assertThatThrownBy(() -> changed.change(change(Op.INSERT, "c", "c".repeat(200))))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "table public.stars: more than 900 bytes of it were changed since the comparison began, which is what there is memory for: try again while less is changed, or with a larger heap (-Xmx in SKYROLL_OPTS)");
    }

    private static void transaction(ChangedRows changed, long endLsn, Change... changes) {
        changed.begin();
        for (Change change : changes) {
            changed.change(change);
        }
        changed.commit(endLsn, TIME);
    }

    private static Change change(Op op, @Nullable String key, @Nullable String row) {
        return new Change(0, op, key == null ? null : bytes(key), row == null ? null : bytes(row), null, null, null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
