package io.skyroll.sinks.hats;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BorderRuleTest {

    @ParameterizedTest
    // Made by the formula's upstream implementation, hats 0.11.
    @CsvSource({
        "1, 17",
        "2, 16",
        "5, 14",
        "10, 13",
        "60, 11",
        "515.32, 8",
        "1030.6, 7",
        "1030.65, 6",
        "3600, 5",
        "7200, 4",
        "0, 0"
    })
    void orderOfAThresholdIsThatOfHatsImport(double arcsec, int order) {
        assertThat(BorderRule.orderOf(arcsec)).isEqualTo(order);
    }

    @Test
    void rowIsAtTheBorderWhenANeighbourIsOutside() {
        Random random = new Random(4);
        int inside = 0;
        int atBorder = 0;
        for (int i = 0; i < 200_000; i++) {
            Pixel branch = randomPixel(random, random.nextInt(9));
            int marginOrder = branch.order() + 1 + random.nextInt(6);
            // In a corner, at an edge or anywhere.
            long at = random.nextInt(3) > 0
                    ? new Pixel(marginOrder, edgeCell(branch, marginOrder, random)).first29() + random.nextInt(1_000)
                    : branch.first29() + (long) (random.nextDouble() * (branch.end29() - branch.first29()));
            Pixel cell = Pixel.containing(marginOrder, at);
            boolean expected = cell.neighbours().stream().anyMatch(neighbour -> !branch.contains(neighbour));

            assertThat(new BorderRule(marginOrder).isAtBorder(branch, at))
                    .as("%s in %s, margin order %d", at, branch, marginOrder)
                    .isEqualTo(expected);
            inside += expected ? 0 : 1;
            atBorder += expected ? 1 : 0;
        }
        assertThat(inside).isGreaterThan(10_000);
        assertThat(atBorder).isGreaterThan(10_000);
    }

    @Test
    void partReachesTheBorderWhenOneOfItsRowsCan() {
        Random random = new Random(5);
        int within = 0;
        for (int i = 0; i < 5_000; i++) {
            Pixel branch = randomPixel(random, random.nextInt(4));
            int marginOrder = branch.order() + 1 + random.nextInt(4);
            BorderRule rule = new BorderRule(marginOrder);
            Pixel part = Pixel.containing(
                    Math.max(0, branch.order() - 1 + random.nextInt(7)),
                    branch.first29() + (long) (random.nextDouble() * (branch.end29() - branch.first29())));
            boolean expected = false;
            Pixel common = part.order() > branch.order() ? part : branch;
            int order = Math.max(marginOrder, common.order());
            for (long cell = Healpix.firstChild(common.order(), common.npix(), order);
                    cell < Healpix.endChild(common.order(), common.npix(), order);
                    cell++) {
                expected |= rule.isAtBorder(branch, new Pixel(order, cell).first29());
            }

            assertThat(rule.reaches(branch, part))
                    .as("%s of %s, margin order %d", part, branch, marginOrder)
                    .isEqualTo(expected);
            within += expected ? 0 : 1;
        }
        assertThat(within).isGreaterThan(500);
    }

    @Test
    void withoutMarginsThereIsNoBorder() {
        BorderRule none = new BorderRule(0);

        assertThat(none.isAtBorder(new Pixel(3, 7), new Pixel(3, 7).first29())).isFalse();
        assertThat(none.reaches(new Pixel(3, 7), new Pixel(2, 1))).isFalse();
    }

    private static Pixel randomPixel(Random random, int order) {
        return new Pixel(order, (long) (random.nextDouble() * (12L << (2 * order))));
    }

    /** A cell whose number within the branch has only zeros, or only ones, in one coordinate. */
    private static long edgeCell(Pixel branch, int order, Random random) {
        long size = 1L << (order - branch.order());
        long along = (long) (random.nextDouble() * size);
        long across = random.nextBoolean() ? 0 : size - 1;
        long x = random.nextBoolean() ? along : across;
        long y = x == along ? across : along;
        long cell = Healpix.firstChild(branch.order(), branch.npix(), order);
        for (int bit = 0; bit < Long.SIZE / 2 - 3; bit++) {
            cell += ((x >>> bit) & 1) << (2 * bit);
            cell += ((y >>> bit) & 1) << (2 * bit + 1);
        }
        return cell;
    }
}
