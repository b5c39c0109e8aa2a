package io.skyroll.healpix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Range29Test {
    private static final long SKY = 12L << 58;

    @Test
    void coversTheSkyWithTheBaseCells() {
        assertThat(new Range29(0, SKY).pixels()).hasSize(12).allMatch(pixel -> pixel.order() == 0);
    }

    @Test
    void coversAPixelsRangeWithThatPixel() {
        Pixel pixel = new Pixel(7, 123_456);

        assertThat(pixel.range29().pixels()).containsExactly(pixel);
    }

    @Test
    void coversAnEmptyRangeWithNothing() {
        assertThat(new Range29(5, 5).pixels()).isEmpty();
    }

    @Test
    void coversUnalignedEndsWithSmallerPixels() {
        assertThat(new Range29(3, 21).pixels())
                .containsExactly(
                        new Pixel(29, 3),
                        new Pixel(28, 1),
                        new Pixel(28, 2),
                        new Pixel(28, 3),
                        new Pixel(28, 4),
                        new Pixel(29, 20));
    }

    /** Minimal, as against the plain definition: take a pixel exactly when it fits and its parent does not. */
    @Test
    void coversAnyRangeExactlyAndWithTheFewestPixels() {
        long seed = Long.getLong("test.seed", new SplittableRandom().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            long a = random.nextLong(SKY + 1) >>> random.nextInt(62);
            long b = random.nextLong(SKY + 1) >>> random.nextInt(62);
            Range29 range = new Range29(Math.min(a, b), Math.max(a, b));
            List<Pixel> expected = new ArrayList<>();
            for (int npix = 0; npix < 12; npix++) {
                collect(new Pixel(0, npix), range, expected);
            }

            assertThat(range.pixels()).as("%s, -Dtest.seed=%d", range, seed).isEqualTo(expected);
        }
    }

    @Test
    void containsItsFirstCellButNotItsEnd() {
        Range29 range = new Range29(3, 5);

        assertThat(range.contains(2)).isFalse();
        assertThat(range.contains(3)).isTrue();
        assertThat(range.contains(4)).isTrue();
        assertThat(range.contains(5)).isFalse();
    }

    @Test
    void refusesWhatIsNoRangeOfTheSky() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Range29(5, 4))
                .withMessage("a range of order-29 cells must satisfy 0 <= first <= end <= 3458764513820540928: [5, 4)");
        assertThatIllegalArgumentException().isThrownBy(() -> new Range29(-1, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new Range29(0, SKY + 1));
    }

    private static void collect(Pixel pixel, Range29 range, List<Pixel> into) {
        if (pixel.first29() >= range.first29() && pixel.end29() <= range.end29()) {
            into.add(pixel);
        } else if (pixel.first29() < range.end29() && range.first29() < pixel.end29()) {
            pixel.children().forEach(child -> collect(child, range, into));
        }
    }
}
