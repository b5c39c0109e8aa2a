package io.skyroll.healpix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealpixTest {
    private static final int CELLS_PER_ORDER = 2000;

    private long seed;
    private SplittableRandom random = new SplittableRandom();

    @BeforeEach
    void seedRandom() {
        seed = Long.getLong("test.seed", new SplittableRandom().nextLong());
        random = new SplittableRandom(seed);
    }

    @Test
    void centerOfACellLiesInThatCell() {
        forEveryOrder(order -> {
            for (long npix : randomCells(order)) {
                SkyPoint center = Healpix.center(order, npix);

                assertThat(Healpix.pixel(order, center.raDegrees(), center.decDegrees()))
                        .as("order %d, npix %d, center %s, -Dtest.seed=%d", order, npix, center, seed)
                        .isEqualTo(npix);
                assertThat(center.raDegrees()).isGreaterThanOrEqualTo(0).isLessThan(360);
            }
        });
    }

    @Test
    void lowerOrderPixelIsTheParentOfTheOrder29Pixel() {
        for (int i = 0; i < 20_000; i++) {
            double ra = random.nextDouble(-720, 720);
            double dec = random.nextDouble(-90, 90);
            int order = random.nextInt(30);

            assertThat(Healpix.pixel(order, ra, dec))
                    .as("order %d at %s, %s, -Dtest.seed=%d", order, ra, dec, seed)
                    .isEqualTo(Healpix.pixel(29, ra, dec) >>> (2 * (29 - order)))
                    .isEqualTo(Healpix.parent(29, Healpix.pixel(29, ra, dec), order));
        }
    }

    @Test
    void neighboursAreMutualAndDistinct() {
        forEveryOrder(order -> {
            for (long npix : randomCells(order)) {
                long[] around = Healpix.neighbours(order, npix);

                assertThat(around)
                        .as("order %d, npix %d, -Dtest.seed=%d", order, npix, seed)
                        .doesNotHaveDuplicates()
                        .doesNotContain(npix);
                for (long neighbour : around) {
                    assertThat(Healpix.neighbours(order, neighbour))
                            .as("order %d, npix %d and %d, -Dtest.seed=%d", order, npix, neighbour, seed)
                            .contains(npix);
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 24", "2, 24", "5, 24"})
    void sevenNeighboursOccurOnlyWhereThreeBaseCellsMeet(int order, int cells) {
        long[] counts = LongStream.range(0, Healpix.pixelCount(order))
                .map(npix -> Healpix.neighbours(order, npix).length)
                .toArray();

        assertThat(Arrays.stream(counts).filter(count -> count == 7)).hasSize(cells);
        assertThat(Arrays.stream(counts).filter(count -> count == 8)).hasSize((int) Healpix.pixelCount(order) - cells);
    }

    @Test
    void neighboursFillACallersArrayAndLeaveItsRest() {
        long[] into = {9, 9, 9, 9, 9, 9, 9, 9, 9};

        int count = Healpix.neighbours(0, 4, into);

        assertThat(count).isEqualTo(6);
        assertThat(into).containsExactly(11, 7, 3, 0, 5, 8, 9, 9, 9);
    }

    @Test
    void refusesAnArrayTooShortForNeighbours() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.neighbours(3, 0, new long[7]))
                .withMessage("array for neighbours must have room for 8: 7");
    }

    @Test
    void childrenOfACellHaveItAsParent() {
        forEveryOrder(order -> {
            for (long npix : randomCells(order)) {
                int childOrder = random.nextInt(order, 30);
                long first = Healpix.firstChild(order, npix, childOrder);
                long end = Healpix.endChild(order, npix, childOrder);

                assertThat(end - first).isEqualTo(1L << (2 * (childOrder - order)));
                assertThat(Healpix.parent(childOrder, first, order)).isEqualTo(npix);
                assertThat(Healpix.parent(childOrder, end - 1, order)).isEqualTo(npix);
            }
        });
    }

    @Test
    void firstAndLastCellsBoundTheSkyAtOrder29() {
        assertThat(Healpix.rangeAt29(0, 0)).isEqualTo(new Range29(0, 1L << 58));
        assertThat(Healpix.rangeAt29(0, 11)).isEqualTo(new Range29(11L << 58, 3_458_764_513_820_540_928L));
        assertThat(Healpix.rangeAt29(29, 7)).isEqualTo(new Range29(7, 8));
    }

    @ParameterizedTest
    @CsvSource({"0, 12", "1, 48", "29, 3458764513820540928"})
    void countsTwelveTimesFourToTheOrder(int order, long count) {
        assertThat(Healpix.pixelCount(order)).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource({"-1, 359", "360, 0", "-360, 0", "725.25, 5.25", "-359.5, 0.5", "-1e-300, 0"})
    void wrapsRightAscension(double raDegrees, double same) {
        assertThat(Healpix.pixel(29, raDegrees, 12.5)).isEqualTo(Healpix.pixel(29, same, 12.5));
        assertThat(Healpix.pixel(29, raDegrees, -77)).isEqualTo(Healpix.pixel(29, same, -77));
    }

    /** Where the formula changes and base cells of three longitudes meet, and where rounding reaches the full turn. */
    @ParameterizedTest
    @CsvSource({"0, 1", "0, -1", "359.99999999999994, 1", "359.99999999999994, -1", "90, 1", "89.99999999999999, -1"})
    void findsACloseCellAtTheEdgeOfTheCaps(double ra, double hemisphere) {
        double edge = Math.toDegrees(Math.asin(2.0 / 3.0));

        for (double north = edge - 1e-13; north < edge + 1e-13; north = Math.nextUp(north)) {
            double dec = hemisphere * north;
            SkyPoint center = Healpix.center(29, Healpix.pixel(29, ra, dec));

            assertThat(Math.abs(Math.IEEEremainder(center.raDegrees() - ra, 360)))
                    .as("%s, %s", ra, dec)
                    .isLessThan(1e-6);
            assertThat(center.decDegrees()).as("%s, %s", ra, dec).isCloseTo(dec, within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesRightAscensionThatIsNotFinite(double raDegrees) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.pixel(29, raDegrees, 0))
                .withMessage("right ascension must be a finite number of degrees: " + raDegrees);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 90.00000000000001, -90.00000000000001})
    void refusesDeclinationOutOfRange(double decDegrees) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.pixel(29, 0, decDegrees))
                .withMessage("declination must be in [-90, 90] degrees: " + decDegrees);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 30, 61})
    void refusesAnOrderOutOfRange(int order) {
        String message = "order must be in [0, 29]: " + order;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.pixel(order, 0, 0))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.center(order, 0))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.pixelCount(order))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.neighbours(order, 0))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.parent(5, 0, -1))
                .withMessage("order must be in [0, 29]: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.firstChild(5, 0, 30))
                .withMessage("order must be in [0, 29]: 30");
    }

    @Test
    void refusesACellNumberOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.center(1, 48))
                .withMessage("npix must be in [0, 48) at order 1: 48");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.parent(1, -1, 0))
                .withMessage("npix must be in [0, 48) at order 1: -1");
    }

    @Test
    void refusesParentsBelowAndChildrenAbove() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.parent(4, 0, 5))
                .withMessage("a parent's order must be at most 4: 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Healpix.endChild(4, 0, 3))
                .withMessage("a child's order must be at least 4: 3");
    }

    private static void forEveryOrder(IntConsumer check) {
        for (int order = 0; order <= Healpix.MAX_ORDER; order++) {
            check.accept(order);
        }
    }

    /** Cells of an order: all where there are few, else random ones, those at the edges of base cells among them. */
    private long[] randomCells(int order) {
        long count = Healpix.pixelCount(order);
        if (count <= CELLS_PER_ORDER) {
            return LongStream.range(0, count).toArray();
        }
        int last = (1 << order) - 1;
        return LongStream.generate(() -> {
                    int[] ends = {0, last, random.nextInt(last), random.nextInt(last)};
                    long within = Morton.interleave(ends[random.nextInt(4)], ends[random.nextInt(4)]);
                    return (random.nextLong(12) << (2 * order)) | within;
                })
                .limit(CELLS_PER_ORDER)
                .toArray();
    }
}
