package io.skyroll.sinks.hats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Pixel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LeafNamesTest {
    private static final int SKIES = 6_000;

    @Test
    void leavesOfAnyDivisionIntoTopicPartitionsAreThoseOfHatsImport() {
        int compared = 0;
        for (long seed = 0; seed < SKIES; seed++) {
            RandomSky sky = new RandomSky(seed);
            HatsImport upstream = new HatsImport(sky.histogram, sky.lowest, sky.highest, sky.maxRows);
            if (upstream.isRefused()) {
                continue;
            }
            compared++;

            assertSameLeaves(sky, true, upstream, upstream.droppingEmptySiblings());
            assertSameLeaves(sky, false, upstream, upstream.keepingEmptySiblings());
        }
        assertThat(compared).isGreaterThan(5_000);
    }

    @Test
    void aCellOfTheHighestOrderBeyondTheLimitIsALeafAndPinsTheNames() {
        int compared = 0;
        for (long seed = SKIES; seed < SKIES + 2_000; seed++) {
            RandomSky sky = new RandomSky(seed);
            sky.maxRows = 1 + Arrays.stream(sky.histogram).max().orElseThrow() / 2;
            HatsImport upstream = new HatsImport(sky.histogram, sky.lowest, sky.highest, sky.maxRows);
            if (!upstream.isRefused()) {
                continue;
            }
            compared++;
            LeafRule rule = sky.rule(true);

            // Where hats-import stops, its next steps, taken all the same, are still what we want.
            assertSameLeaves(sky, true, upstream, upstream.droppingEmptySiblings());
            Leaves kept = sky.leaves(sky.rule(false));
            assertThat(kept.names.effectiveHighestOrder()).as("seed %d", seed).isEqualTo(sky.highest);
            assertThat(kept.leaves).as("seed %d", seed).allSatisfy(leaf -> assertThat(rule.isOverfull(leaf))
                    .isEqualTo(leaf.rows() > sky.maxRows)
                    .isEqualTo(leaf.top().order() == sky.highest
                            && sky.histogram[(int) leaf.top().npix()] > sky.maxRows));
            assertThat(kept.leaves.stream().mapToLong(LeafCell::rows).sum())
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.stream(sky.histogram).sum());
        }
        assertThat(compared).isGreaterThan(500);
    }

    @Test
    void leavesAreThoseThatHatsItselfComputed() throws IOException {
        List<String> cases = lines("alignments.txt.gz");
        assertThat(cases).hasSizeGreaterThan(500);
        for (String line : cases) {
            String[] fields = line.split(";", -1);
            int[] numbers = Arrays.stream(fields[0].split(" ", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            List<CellCounts> sky = List.of(counts(numbers[1], List.of(fields[1].split(",", -1))));

            Leaves dropped = Leaves.of(sky, new LeafRule(numbers[0], numbers[1], numbers[2], true));
            Leaves kept = Leaves.of(sky, new LeafRule(numbers[0], numbers[1], numbers[2], false));

            assertThat(dropped.list()).as(line).isEqualTo(fields[2]);
            assertThat(kept.list()).as(line).isEqualTo(fields[3]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 8})
    void smallSkySourceHasThePartitionsOfTheUpstreamCatalogs(int highestOrder) throws IOException {
        CellCounts counts = smallSkySource().degrade(highestOrder);

        Leaves dropped = Leaves.of(List.of(counts), new LeafRule(0, highestOrder, 3_000, true));
        Leaves kept = Leaves.of(List.of(counts), new LeafRule(0, highestOrder, 3_000, false));

        assertThat(counts.total()).isEqualTo(17_161);
        assertThat(dropped.pixels()).isEqualTo(orderTwoAnd(new Pixel(1, 47), new Pixel(2, 66)));
        assertThat(kept.pixels()).isEqualTo(orderTwoAnd(new Pixel(1, 47), new Pixel(0, 4)));
    }

    @Test
    void maximaAreThoseOfTheCellsOfEveryOrder() throws IOException {
        CellCounts counts = smallSkySource().degrade(7);

        OrderMaxima maxima = OrderMaxima.of(counts, 2);

        assertThat(maxima.highestOrder()).isEqualTo(7);
        for (int order = 2; order <= 7; order++) {
            CellCounts degraded = counts.degrade(order);
            long fullest = 0;
            for (int i = 0; i < degraded.size(); i++) {
                fullest = Math.max(fullest, degraded.count(i));
            }
            assertThat(maxima.rows(order)).isEqualTo(fullest);
        }
    }

    @Test
    void anEmptySkyHasNoLeaves() {
        LocalLeaves local = LocalLeaves.of(CellCounts.empty(5), new LeafRule(1, 5, 10, true));

        assertThat(local.leaves()).isEmpty();
        assertThat(local.maxima()).isEqualTo(new OrderMaxima(1, List.of(0L, 0L, 0L, 0L, 0L)));
    }

    @Test
    void countsOfAnotherOrderAreRefused() {
        assertThatThrownBy(() -> LocalLeaves.of(CellCounts.empty(4), new LeafRule(1, 5, 10, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("order of the counts must be 5: 4");
        assertThatThrownBy(() -> LeafNames.of(new LeafRule(1, 5, 10, true), new OrderMaxima(0, List.of(1L, 1L))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxima must be of orders [1, 5]: [0, 1]");
    }

    @Test
    void anImpossibleRuleIsRefused() {
        assertThatThrownBy(() -> new LeafRule(6, 5, 10, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "orders must be 0 <= lowest_order <= highest_order <= 29: lowest_order is 6 and highest_order 5");
        assertThatThrownBy(() -> new LeafRule(0, 5, 0, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max_rows must be at least 1: 0");
    }

    private static void assertSameLeaves(RandomSky sky, boolean drop, HatsImport upstream, Pixel[] partitions) {
        Leaves ours = sky.leaves(sky.rule(drop));

        assertThat(ours.rowsByName()).as("seed %d, drop %s", sky.seed, drop).isEqualTo(upstream.rows(partitions));
        Pixel[] partitionsOfCells = new Pixel[partitions.length];
        for (LeafCell leaf : ours.leaves) {
            int descendants = 1 << (2 * (sky.highest - leaf.top().order()));
            for (int i = 0; i < descendants; i++) {
                int cell = (int) leaf.top().npix() * descendants + i;
                partitionsOfCells[cell] = sky.histogram[cell] > 0 ? ours.names.name(leaf) : null;
            }
        }
        assertThat(Arrays.equals(partitionsOfCells, partitions))
                .as("every cell's leaf, seed %d, drop %s", sky.seed, drop)
                .isTrue();
    }

    /** The pixels 2/176 to 2/187, which both upstream catalogs have, and others. */
    private static CatalogPixels orderTwoAnd(Pixel... others) {
        return new CatalogPixels(Stream.concat(
                        Stream.of(others), LongStream.rangeClosed(176, 187).mapToObj(npix -> new Pixel(2, npix)))
                .toList());
    }

    private static CellCounts smallSkySource() throws IOException {
        return counts(8, lines("small_sky_source_counts.txt.gz"));
    }

    private static CellCounts counts(int order, List<String> cells) {
        CellCounts.Builder counts = CellCounts.builder(order);
        for (String cell : cells) {
            int colon = cell.indexOf(':');
            counts.add(Long.parseLong(cell.substring(0, colon)), Long.parseLong(cell.substring(colon + 1)));
        }
        return counts.build();
    }

    /** The lines of a file without the comment. */
    private static List<String> lines(String gzipped) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(LeafNamesTest.class.getResourceAsStream(gzipped)), StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The leaves of a sky whose parts know only themselves and, together, the maxima. */
    private record Leaves(List<LeafCell> leaves, LeafNames names) {

        static Leaves of(List<CellCounts> parts, LeafRule rule) {
            List<LocalLeaves> local =
                    parts.stream().map(part -> LocalLeaves.of(part, rule)).toList();
            OrderMaxima maxima = local.stream()
                    .map(LocalLeaves::maxima)
                    .reduce(OrderMaxima::max)
                    .orElseThrow();
            return new Leaves(
                    local.stream().flatMap(part -> part.leaves().stream()).toList(), LeafNames.of(rule, maxima));
        }

        CatalogPixels pixels() {
            return new CatalogPixels(leaves.stream().map(names::name).toList());
        }

        Map<Pixel, Long> rowsByName() {
            Map<Pixel, Long> rows = new LinkedHashMap<>();
            for (LeafCell leaf : leaves) {
                assertThat(rows.put(names.name(leaf), leaf.rows())).isNull();
            }
            return rows;
        }

        String list() {
            StringBuilder list = new StringBuilder();
            rowsByName().forEach((pixel, rows) -> list.append(list.isEmpty() ? "" : ",")
                    .append(pixel.order())
                    .append('/')
                    .append(pixel.npix())
                    .append(':')
                    .append(rows));
            return list.toString();
        }
    }

    /** A small sky: sparse, clustered, skewed or full, over cells of a random order, cut into random topic partitions. */
    private static final class RandomSky {
        final long seed;
        final int lowest;
        final int highest;
        final long[] histogram;
        final List<CellCounts> parts = new ArrayList<>();
        long maxRows;

        RandomSky(long seed) {
            this.seed = seed;
            Random random = new Random(seed);
            highest = random.nextInt(5);
            lowest = random.nextInt(highest + 1);
            histogram = new long[12 << (2 * highest)];
            int kind = random.nextInt(4);
            int hits = kind == 3 ? histogram.length : 1 + random.nextInt(60);
            int center = random.nextInt(histogram.length);
            for (int i = 0; i < hits; i++) {
                int cell = kind == 1
                        ? Math.floorMod(center + (int) (random.nextGaussian() * 10), histogram.length)
                        : random.nextInt(histogram.length);
                histogram[cell] += kind == 2 ? (long) Math.pow(random.nextDouble(), -1.2) : 1 + random.nextInt(9);
            }
            long fullest = Arrays.stream(histogram).max().orElseThrow();
            long total = Arrays.stream(histogram).sum();
            maxRows = random.nextInt(10) == 0 ? total : fullest + random.nextLong(1 + fullest * 8);
            cut(random);
        }

        LeafRule rule(boolean drop) {
            return new LeafRule(lowest, highest, maxRows, drop);
        }

        Leaves leaves(LeafRule rule) {
            return Leaves.of(parts, rule);
        }

        /** Topic partitions are contiguous ranges of whole cells of the lowest order. */
        private void cut(Random random) {
            int cells = 12 << (2 * lowest);
            int cellSize = histogram.length / cells;
            int from = 0;
            while (from < cells) {
                int to = Math.min(cells, from + 1 + random.nextInt(cells));
                CellCounts.Builder part = CellCounts.builder(highest);
                for (int cell = from * cellSize; cell < to * cellSize; cell++) {
                    if (histogram[cell] > 0) {
                        part.add(cell, histogram[cell]);
                    }
                }
                parts.add(part.build());
                from = to;
            }
        }
    }
}
