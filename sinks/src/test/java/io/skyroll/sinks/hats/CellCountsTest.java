package io.skyroll.sinks.hats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CellCountsTest {

    @Test
    void valuesAreCountedInTheirCells() {
        CellCounts counts = CellCounts.builder(28)
                .addHealpix29(0)
                .addHealpix29(3)
                .addHealpix29(4)
                .addHealpix29(4)
                .addHealpix29((12L << 58) - 1)
                .build();

        assertThat(counts).isEqualTo(counts(28, Map.of(0L, 2L, 1L, 2L, (12L << 56) - 1, 1L)));
        assertThat(counts.total()).isEqualTo(5);
        assertThat(counts).hasToString("CellCounts[order=28, cells=3, rows=5]");
    }

    @Test
    void sumsAgreeWithAddingUpOneByOne() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int order = random.nextInt(4);
            Map<Long, Long> rows = randomRows(random, order);
            CellCounts counts = counts(order, rows);
            Pixel pixel = Pixel.containing(random.nextInt(order + 1), random.nextLong(12L << 58));
            long end = random.nextLong((12L << (2 * order)) + 1);
            long first = random.nextLong(end + 1);
            int shift = 2 * (29 - order);

            assertThat(counts.sum(pixel))
                    .as("seed %d", seed)
                    .isEqualTo(rows.entrySet().stream()
                            .filter(entry -> pixel.contains(new Pixel(order, entry.getKey())))
                            .mapToLong(Map.Entry::getValue)
                            .sum());
            assertThat(counts.sum(first << shift, end << shift))
                    .as("seed %d", seed)
                    .isEqualTo(rows.entrySet().stream()
                            .filter(entry -> entry.getKey() >= first && entry.getKey() < end)
                            .mapToLong(Map.Entry::getValue)
                            .sum());
        }
    }

    @Test
    void aRangeThatCutsACellIsRefused() {
        CellCounts counts = counts(28, Map.of(0L, 1L));

        assertThatThrownBy(() -> counts.sum(0, 6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("range must begin and end with a cell of order 28: [0, 6)");
        assertThatThrownBy(() -> counts.sum(new Pixel(29, 0))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addingAndRemovingAgreeWithAMap() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int order = random.nextInt(4);
            Map<Long, Long> some = randomRows(random, order);
            Map<Long, Long> more = randomRows(random, order);
            Map<Long, Long> both = new TreeMap<>(some);
            more.forEach((cell, rows) -> both.merge(cell, rows, Long::sum));

            CellCounts sum = counts(order, some).plus(counts(order, more));

            assertThat(sum).as("seed %d", seed).isEqualTo(counts(order, both));
            assertThat(sum.minus(counts(order, more))).as("seed %d", seed).isEqualTo(counts(order, some));
            assertThat(sum.minus(sum)).as("seed %d", seed).isEqualTo(CellCounts.empty(order));
        }
    }

    @Test
    void removingMoreRowsThanThereAreNamesTheCell() {
        CellCounts counts = counts(5, Map.of(7L, 3L));

        assertThatThrownBy(() -> counts.minus(counts(5, Map.of(7L, 5L))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cell 5/7 has 3 rows, so 5 cannot be removed");
        assertThatThrownBy(() -> counts.minus(counts(5, Map.of(8L, 1L))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cell 5/8 has 0 rows, so 1 cannot be removed");
    }

    @Test
    void partsInAnySequenceMakeTheWhole() {
        CellCounts south = counts(3, Map.of(700L, 1L, 701L, 2L));
        CellCounts north = counts(3, Map.of(0L, 4L));

        CellCounts whole = CellCounts.concat(3, List.of(south, CellCounts.empty(3), north));

        assertThat(whole).isEqualTo(counts(3, Map.of(0L, 4L, 700L, 1L, 701L, 2L)));
        assertThat(CellCounts.concat(3, List.of())).isEqualTo(CellCounts.empty(3));
    }

    @Test
    void overlappingPartsAreRefused() {
        assertThatThrownBy(() ->
                        CellCounts.concat(3, List.of(counts(3, Map.of(1L, 1L, 9L, 1L)), counts(3, Map.of(5L, 1L)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cell 3/5 is within the stretches of two parts");
    }

    @Test
    void degradingKeepsTheRows() {
        CellCounts counts = counts(2, Map.of(0L, 1L, 3L, 2L, 4L, 5L, 191L, 7L));

        assertThat(counts.degrade(2)).isEqualTo(counts);
        assertThat(counts.degrade(1)).isEqualTo(counts(1, Map.of(0L, 3L, 1L, 5L, 47L, 7L)));
        assertThat(counts.degrade(0)).isEqualTo(counts(0, Map.of(0L, 8L, 11L, 7L)));
    }

    @Test
    void theBuilderRefusesWhatIsNotAHistogram() {
        CellCounts.Builder counts = CellCounts.builder(0).add(5, 1);

        assertThatThrownBy(() -> counts.add(4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cells must ascend: 4 after 5");
        assertThatThrownBy(() -> counts.add(12, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cell must be in [0, 12) at order 0: 12");
        assertThatThrownBy(() -> counts.add(6, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count of cell 0/6 must be at least 1: 0");
        assertThatThrownBy(() -> CellCounts.builder(30)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theStoredFormIsFrozen() {
        CellCounts counts = counts(10, Map.of(0L, 1L, 1L, 300L, 12_582_911L, 5_000_000_000L));

        assertThat(HexFormat.of().formatHex(counts.encode()))
                .isEqualTo("534b4343010a03000100ac02fdffff0580e497d012247b6a13");
        assertThat(HexFormat.of().formatHex(CellCounts.empty(0).encode())).isEqualTo("534b4343010000accef43d");
    }

    @Test
    void theStoredFormIsReadBack() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int order = random.nextInt(4);
            CellCounts counts = counts(order, randomRows(random, order));

            assertThat(CellCounts.decode(counts.encode())).as("seed %d", seed).isEqualTo(counts);
        }
        CellCounts extreme = counts(29, Map.of((12L << 58) - 1, Long.MAX_VALUE));
        assertThat(CellCounts.decode(extreme.encode())).isEqualTo(extreme);
    }

    @Test
    void anyChangedByteIsNoticed() {
        byte[] encoded = counts(10, Map.of(0L, 1L, 1L, 300L, 12_582_911L, 5L)).encode();
        for (int i = 0; i < encoded.length; i++) {
            byte[] damaged = encoded.clone();
            damaged[i] ^= 1;

            assertThatThrownBy(() -> CellCounts.decode(damaged))
                    .as("byte %d", i)
                    .isInstanceOf(SkyrollException.class)
                    .hasMessageStartingWith("stored cell counts: ");
        }
        for (int length = 0; length < encoded.length; length++) {
            byte[] cutOff = Arrays.copyOf(encoded, length);

            assertThatThrownBy(() -> CellCounts.decode(cutOff)).isInstanceOf(SkyrollException.class);
        }
    }

    private static CellCounts counts(int order, Map<Long, Long> rows) {
        CellCounts.Builder builder = CellCounts.builder(order);
        new TreeMap<>(rows).forEach(builder::add);
        return builder.build();
    }

    private static Map<Long, Long> randomRows(Random random, int order) {
        Map<Long, Long> rows = new TreeMap<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            rows.put(random.nextLong(12L << (2 * order)), 1 + random.nextLong(1L << random.nextInt(40)));
        }
        return rows;
    }
}
