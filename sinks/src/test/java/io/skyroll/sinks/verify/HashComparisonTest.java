package io.skyroll.sinks.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against counting in maps, with room for all hashes and with room for few of them. */
final class HashComparisonTest {
    private static final int ROWS = 2000;

    /** How often the rows were read. */
    private int passes;

    @ParameterizedTest
    @CsvSource({"1, 4000", "2, 4000", "3, 500", "4, 100", "5, 40", "6, 40", "7, 20"})
    void bagsDifferInWhatCountingSays(long seed, int maxHeld) throws IOException {
        Random random = new Random(seed);
        List<Long> expected = rows(random, 3);
        List<Long> actual = changed(expected, random);
        Map<Long, Long> surplus = new HashMap<>();
        actual.forEach(hash -> surplus.merge(hash, 1L, Long::sum));
        expected.forEach(hash -> surplus.merge(hash, -1L, Long::sum));

        HashComparison found = HashComparison.compare(false, maxHeld, rows(expected), rows(actual));

        assertThat(found.extraCount())
                .isEqualTo(surplus.values().stream()
                        .filter(n -> n > 0)
                        .mapToLong(n -> n)
                        .sum())
                .isPositive();
        assertThat(found.missingCount())
                .isEqualTo(surplus.values().stream()
                        .filter(n -> n < 0)
                        .mapToLong(n -> -n)
                        .sum())
                .isPositive();
        assertThat(found.extra()).hasSizeBetween(1, Check.SHOWN).allMatch(hash -> surplus.getOrDefault(hash, 0L) > 0);
        assertThat(found.missing()).hasSizeBetween(1, Check.SHOWN).allMatch(hash -> surplus.getOrDefault(hash, 0L) < 0);
        assertThat(passes > 2).isEqualTo(maxHeld < ROWS);
    }

    /** Every hash comes many times, so that there is room for the distinct ones only. */
    @ParameterizedTest
    @CsvSource({"11, 4000", "12, 500", "13, 60", "14, 20"})
    void setsDifferInWhatOneOfThemHas(long seed, int maxHeld) throws IOException {
        Random random = new Random(seed);
        List<Long> expected = rows(random, 30);
        List<Long> actual = changed(expected, random);
        Set<Long> missing = new HashSet<>(expected);
        missing.removeAll(new HashSet<>(actual));
        Set<Long> extra = new HashSet<>(actual);
        extra.removeAll(new HashSet<>(expected));

        HashComparison found = HashComparison.compare(true, maxHeld, rows(expected), rows(actual));

        assertThat(found.missingCount()).isEqualTo(missing.size());
        assertThat(found.extraCount()).isEqualTo(extra.size()).isPositive();
        assertThat(missing).containsAll(found.missing());
        assertThat(extra).containsAll(found.extra());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void equalRowsInAnotherOrderDoNotDiffer(boolean isDistinct) throws IOException {
        List<Long> expected = rows(new Random(21), 3);
        List<Long> actual = new ArrayList<>(expected);
        Collections.reverse(actual);

        HashComparison found = HashComparison.compare(isDistinct, 50, rows(expected), rows(actual));

        assertThat(List.of(found.missingCount(), found.extraCount())).isEqualTo(List.of(0L, 0L));
    }

    /** No slice is small enough for one hash that comes too often; a set keeps it once. */
    @ParameterizedTest
    @ValueSource(longs = {0, 5})
    void oneRowTooManyTimesOverIsSaid(long hash) throws IOException {
        List<Long> same = LongStream.generate(() -> hash).limit(11).boxed().toList();

        assertThatThrownBy(() -> HashComparison.compare(false, 10, rows(same), rows(same)))
                .hasMessage("more than 10 equal rows");
        assertThat(HashComparison.compare(true, 10, rows(same), rows(same)).missingCount())
                .isZero();
    }

    /** Hashes all over the range, with some that come several times. */
    private static List<Long> rows(Random random, int copies) {
        return random.longs(ROWS / copies)
                .flatMap(hash -> LongStream.generate(() -> hash).limit(copies))
                .boxed()
                .toList();
    }

    /** The rows without some, and with some others, and with some once more. */
    private static List<Long> changed(List<Long> rows, Random random) {
        List<Long> changed = new ArrayList<>(rows);
        for (int i = 0; i < 100; i++) {
            changed.remove(random.nextInt(changed.size()));
        }
        random.longs(20).forEach(changed::add);
        changed.addAll(rows.subList(0, 5));
        return changed;
    }

    private HashComparison.Rows rows(List<Long> hashes) {
        return taker -> {
            passes++;
            hashes.forEach(hash -> taker.take(hash, "", ""));
        };
    }
}
