package io.skyroll.app.sky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyroll.healpix.Healpix;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SkyImageTest {
    private static final int ORDER = 3;

    @Test
    void aPatchIsDrawnWhereItIs() {
        long[] rows = new long[(int) Healpix.pixelCount(ORDER)];
        rows[(int) Healpix.pixel(ORDER, 95, 20)] = 1000;
        SkyDensity density = new SkyDensity(ORDER, rows);

        BufferedImage image = SkyImage.of(density, "a patch");

        Mollweide.Point patch = Mollweide.project(95, 20);
        assertThat(patch.x()).isNegative();
        int x = (int) (800 + 265 * patch.x());
        int y = (int) (465 - 265 * patch.y());
        int elsewhere = image.getRGB(1600 - x, y);
        assertThat(image.getRGB(x, y)).isNotEqualTo(elsewhere);
        assertThat(image.getRGB(2, 2)).isEqualTo(0xFFFFFFFF);
    }

    @Test
    void anEmptySkyIsDrawnToo() {
        SkyDensity empty = new SkyDensity(ORDER, new long[(int) Healpix.pixelCount(ORDER)]);

        assertThat(SkyImage.of(empty, "nothing").getWidth()).isEqualTo(1600);
        assertThat(empty.lowest()).isZero();
    }

    @Test
    void theWholeSkyHasItsSquareDegrees() {
        long[] rows = new long[(int) Healpix.pixelCount(ORDER)];
        Arrays.fill(rows, 100);
        SkyDensity even = new SkyDensity(ORDER, rows);

        assertThat(even.at(1, 2) * 41_252.96).isCloseTo((double) even.rows(), within(1.0));
        assertThat(even.lowest()).isEqualTo(even.highest());
    }

    @Test
    void ticksAreRoundAndWithinTheScale() {
        assertThat(new LogScale(0.3, 25).ticks()).containsExactly(0.5, 1.0, 2.0, 5.0, 10.0, 20.0);
        assertThat(new LogScale(0.9, 1200).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
        assertThat(new LogScale(1, 100).place(10)).isCloseTo(0.5, within(1e-12));
    }
}
